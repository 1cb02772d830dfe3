"""WAV files with more sound than their header announces are read to the end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from meetscribe.audio import load_audio
from meetscribe.audio.wav_header import understated_length
from tests.support.recordings import SECONDS, tone, write


@pytest.fixture
def complete(tmp_path: Path) -> bytes:
    """Return a WAV file of 3 s."""
    return write(tmp_path / "complete.wav", tone(16_000, 1)).read_bytes()


def with_size(data: bytes, size: int) -> bytes:
    """Return the file with another size in the head of its data chunk."""
    place = data.index(b"data") + 4
    return data[:place] + size.to_bytes(4, "little") + data[place + 4 :]


def test_all_sound_is_read_with_a_notice(complete: bytes, tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    path.write_bytes(with_size(complete, 32_000))
    audio = load_audio(path)
    assert audio.duration == pytest.approx(SECONDS, abs=0.01)
    (notice,) = audio.notices
    assert (notice.code, notice.data["declared"]) == ("audio.short-header", 1.0)
    assert notice.text == "the header of the recording declares 1.0 s, but all 3.0 s were read"


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 96_000, 95_000, 200_000])
def test_other_headers_are_not_short(complete: bytes, size: int) -> None:
    """The size of a stream is unknown; padding and a truncated file are not more sound."""
    assert understated_length(io.BytesIO(with_size(complete, size))) is None


@pytest.mark.parametrize("after", [b"LIST\x40\x9c\0\0" + bytes(40_000), b"ID3\x04" + bytes(40_000)])
def test_metadata_after_the_sound_is_not_sound(complete: bytes, after: bytes) -> None:
    assert understated_length(io.BytesIO(complete + after)) is None


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt "])
def test_incomplete_headers_announce_nothing(data: bytes) -> None:
    assert understated_length(io.BytesIO(data)) is None
