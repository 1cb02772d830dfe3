"""Cache keys and the digests in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.results import cache_key, json_digest, keys, source_of


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


def test_the_version_of_a_stage_is_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed line in a module of a room changes the version; rooms have different versions."""

    room = tmp_path / "vad"
    room.mkdir()
    (room / "__init__.py").write_text("a = 1")
    (tmp_path / "asr").mkdir()
    (tmp_path / "asr" / "__init__.py").write_text("a = 1")
    monkeypatch.setattr(keys, "files", lambda package: tmp_path)
    source_of.cache_clear()
    try:
        before, other = source_of("vad"), source_of("asr")
        source_of.cache_clear()
        (room / "__init__.py").write_text("a = 2")
        assert len({before, other, source_of("vad"), source_of("vad", "asr")}) == 4
    finally:
        source_of.cache_clear()
