"""Chained Ogg files, as internet radio and concatenation make them, are read to the end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from meetscribe.audio import load_audio
from meetscribe.audio.ogg_links import Section, ogg_links
from tests.support.recordings import SECONDS, tone, write


def test_every_link_is_decoded(tmp_path: Path) -> None:
    """Links may differ in encoding, rate and channels."""
    first = write(tmp_path / "a.ogg", tone(44_100, 2), "vorbis", 44_100).read_bytes()
    second = write(tmp_path / "b.ogg", tone(48_000, 1), "libopus", 48_000).read_bytes()
    chained = tmp_path / "chained.ogg"
    chained.write_bytes(first + second)
    assert ogg_links(io.BytesIO(first + second)) == ((0, len(first)), (len(first), len(first + second)))
    audio = load_audio(chained)
    assert audio.duration == pytest.approx(2 * SECONDS, abs=0.1)
    assert audio.notices == ()


def test_other_files_have_one_link(tmp_path: Path) -> None:
    data = write(tmp_path / "a.opus", tone(48_000, 1), "libopus", 48_000).read_bytes()
    for content in (data, data[: len(data) // 2], b"RIFF", b""):
        assert ogg_links(io.BytesIO(content)) == ((0, len(content)),)


def test_a_section_is_a_file_of_its_own() -> None:
    """Positions are relative to the part, and nothing beyond it is read."""
    section = Section(io.BytesIO(b"0123456789"), 2, 6)
    assert (section.read(3), section.read(), section.read(1), section.tell()) == (b"234", b"5", b"", 4)
    assert section.seek(-1, io.SEEK_END) == 3 and section.read() == b"5"
    assert section.seek(1) == 1 and section.seek(1, io.SEEK_CUR) == 2 and section.read(1) == b"4"
