"""Corrected checksums equal those that encoders write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checksums import CORRECTIONS
from tests.support.fuzzing import originals


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return originals(tmp_path_factory.mktemp("recordings"))


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_correct_recordings_are_unchanged(kind: str, recordings: dict[str, bytes], tmp_path: Path) -> None:
    """Correct checksums stay, and broken ones are restored."""
    data = recordings[kind]
    assert CORRECTIONS[kind](data) == data
    places = [data.rindex(b"OggS") + 22] if kind != "flac" else [len(data) - 2, len(data) - 1]
    for place in places:
        broken = bytearray(data)
        broken[place] ^= 0xFF
        assert CORRECTIONS[kind](bytes(broken)) == data
