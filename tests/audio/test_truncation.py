"""Whether a file is whole is read off its structure."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from meetscribe.audio.truncation import cut_off, declares_length


def recording(path: Path, frames: int = 1000) -> Path:
    """A WAV file of silence."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * frames))
    return path


def test_a_whole_file_is_not_cut_off(tmp_path: Path) -> None:
    """A file with all that it announces is whole."""
    assert not cut_off(io.BytesIO(recording(tmp_path / "a.wav").read_bytes()))


@pytest.mark.parametrize("lost", [2, 100, 1999])
def test_a_short_file_is_cut_off(tmp_path: Path, lost: int) -> None:
    """A file that announces more than it has is cut off, however little is missing."""
    path = recording(tmp_path / "a.wav")
    path.write_bytes(path.read_bytes()[:-lost])
    assert cut_off(io.BytesIO(path.read_bytes()))


def test_a_stream_announces_nothing(tmp_path: Path) -> None:
    """A recorder that could not know the size wrote all ones: nothing can be said."""
    path = recording(tmp_path / "a.wav")
    data = bytearray(path.read_bytes())
    data[4:8] = b"\xff" * 4
    path.write_bytes(data)
    assert not cut_off(io.BytesIO(data))


@pytest.mark.parametrize(("tag", "known"), [(b"Xing", True), (b"Info", True), (b"none", False)])
def test_an_mp3_knows_its_length_by_its_header(tag: bytes, known: bool) -> None:
    """Only with a header behind its ID3 tag is the length of an MP3 file more than a guess."""
    data = io.BytesIO(b"ID3\x04\x00\x00\x00\x00\x02\x01" + bytes(257) + b"\xff\xfb\x90\x00" + bytes(32) + tag)
    assert declares_length(data, "mp3") is known


def test_raw_streams_do_not_know_their_length() -> None:
    """For a raw stream FFmpeg's length is a guess."""
    assert not declares_length(io.BytesIO(), "aac")
    assert declares_length(io.BytesIO(), "flac")
