"""Lazy names are imported on first use, and only then."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from meetscribe.runtime.lazy import lazy_names


def test_a_name_is_imported_on_first_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The module is imported when the name is first used; the name is then an attribute of the package."""
    (tmp_path / "lazy_example").mkdir()
    (tmp_path / "lazy_example" / "__init__.py").touch()
    (tmp_path / "lazy_example" / "numbers.py").write_text("ANSWER = 42")
    monkeypatch.syspath_prepend(tmp_path)
    import lazy_example  # type: ignore[import-not-found]

    load = lazy_names("lazy_example", {"ANSWER": "numbers"})
    assert "lazy_example.numbers" not in sys.modules
    assert load("ANSWER") == lazy_example.ANSWER == 42
    with pytest.raises(AttributeError, match="module 'lazy_example' has no attribute 'QUESTION'"):
        load("QUESTION")
