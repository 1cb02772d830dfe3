"""Checksums that are put right are those that encoders write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checksums import SEALS
from tests.support.fuzzing import originals


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return originals(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize("kind", SEALS)
def test_a_good_recording_stays_as_it_is(kind: str, good: dict[str, bytes], tmp_path: Path) -> None:
    """Every checksum is found, and is the one that was there."""
    data = good[kind]
    assert SEALS[kind](data) == data
    places = [data.rindex(b"OggS") + 22] if kind != "flac" else [len(data) - 2, len(data) - 1]
    for place in places:
        broken = bytearray(data)
        broken[place] ^= 0xFF
        assert SEALS[kind](bytes(broken)) == data
