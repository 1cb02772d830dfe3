"""Cache keys and the digests in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.results import cache_key, code_digest, json_digest


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with two rooms, one of which has a sub-package, and a module."""
    for file in ("vad/__init__.py", "asr/__init__.py", "asr/engines/one.py", "asr/phrases.json", "timeline.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("a = 1")
    return tmp_path


@pytest.mark.parametrize("file", ["asr/__init__.py", "asr/engines/one.py", "asr/phrases.json", "timeline.py"])
def test_a_changed_line_changes_the_digest_of_its_module(package: Path, file: str) -> None:
    """Sub-packages and data files count; another room does not."""
    before, other = code_digest(["asr", "timeline"], package), code_digest(["vad"], package)
    (package / file).write_text("a = 2")
    assert code_digest(["asr", "timeline"], package) != before
    assert code_digest(["vad"], package) == other


def test_a_new_or_moved_file_changes_the_digest(package: Path) -> None:
    before = code_digest(["asr"], package)
    (package / "asr" / "engines" / "two.py").write_text("a = 1")
    added = code_digest(["asr"], package)
    (package / "asr" / "engines" / "two.py").rename(package / "asr" / "two.py")
    assert len({before, added, code_digest(["asr"], package)}) == 3


def test_compiled_code_does_not_count(package: Path) -> None:
    before = code_digest(["asr"], package)
    (package / "asr" / "__pycache__").mkdir()
    (package / "asr" / "__pycache__" / "one.cpython-311.pyc").write_bytes(b"1")
    assert code_digest(["asr"], package) == before


def test_the_order_of_modules_and_members_does_not_count(package: Path) -> None:
    assert code_digest(["asr", "vad"], package) == code_digest(["vad", "asr"], package)
    assert json_digest({"a": 1, "b": 2}) == json_digest({"b": 2, "a": 1})


def test_a_missing_module_is_an_error(package: Path) -> None:
    with pytest.raises(ValueError, match="there is no module meetscribe.nowhere"):
        code_digest(["nowhere"], package)


def test_keys_differ_in_each_part() -> None:
    """Recording, stage and dependencies are parts of a key; the order of dependencies is not."""
    key = cache_key("sha256:ab", "speech", {"a": 1, "b": [1.0, None]})
    assert key == cache_key("ab", "speech", {"b": [1.0, None], "a": 1})
    others = [
        cache_key("sha256:cd", "speech", {"a": 1, "b": [1.0, None]}),
        cache_key("sha256:ab", "alignment", {"a": 1, "b": [1.0, None]}),
        cache_key("sha256:ab", "speech", {"a": 1, "b": [None, 1.0]}),
    ]
    assert len({key, *others}) == 4
    assert len(json_digest({})) == 64
