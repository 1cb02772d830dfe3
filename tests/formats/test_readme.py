from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.formats.readme_tables import README, filled


def test_tables_are_those_of_the_code() -> None:
    """The README's tables of formats, options, presets and times are generated from the code."""
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text, "run python -m tests.formats.goldens"


def test_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's Python runs as it stands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (block,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, str(README), "exec"), {})
