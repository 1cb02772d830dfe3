"""Truncated files are recognised by their structure."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from meetscribe.audio.truncation import declares_length, is_truncated


def recording(path: Path, frames: int = 1000) -> Path:
    """Write a WAV file of silence."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * frames))
    return path


def test_a_complete_file_is_not_truncated(tmp_path: Path) -> None:
    """A file with all declared bytes is complete."""
    assert not is_truncated(io.BytesIO(recording(tmp_path / "a.wav").read_bytes()))


@pytest.mark.parametrize("lost", [2, 100, 1999])
def test_a_short_file_is_truncated(tmp_path: Path, lost: int) -> None:
    """A file with fewer bytes than declared is truncated, even if only two are missing."""
    path = recording(tmp_path / "a.wav")
    path.write_bytes(path.read_bytes()[:-lost])
    assert is_truncated(io.BytesIO(path.read_bytes()))


def test_a_stream_declares_no_size(tmp_path: Path) -> None:
    """A recorder that cannot seek writes all ones as the size: then nothing is known."""
    path = recording(tmp_path / "a.wav")
    data = bytearray(path.read_bytes())
    data[4:8] = b"\xff" * 4
    path.write_bytes(data)
    assert not is_truncated(io.BytesIO(data))


@pytest.mark.parametrize(("tag", "known"), [(b"Xing", True), (b"Info", True), (b"none", False)])
def test_an_mp3_declares_its_length_in_its_header(tag: bytes, known: bool) -> None:
    """Only an MP3 file with a header after its ID3 tag declares its length."""
    data = io.BytesIO(b"ID3\x04\x00\x00\x00\x00\x02\x01" + bytes(257) + b"\xff\xfb\x90\x00" + bytes(32) + tag)
    assert declares_length(data, "mp3") is known


def test_raw_streams_do_not_declare_their_length() -> None:
    """FFmpeg estimates the length of a raw stream."""
    assert not declares_length(io.BytesIO(), "aac")
    assert declares_length(io.BytesIO(), "flac")
