"""Containers are decoded while their bytes arrive, from an object that cannot seek."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from meetscribe.errors import InputError
from meetscribe.live.sources import ContainerSource
from tests.live.sources.test_blocks import collected
from tests.support.recordings import write

SECONDS = 3
TIMES = np.arange(48_000 * SECONDS) / 48_000
STEREO = np.stack([0.5 * np.sin(2 * np.pi * 300 * TIMES), 0.3 * np.sin(2 * np.pi * 500 * TIMES)])


def encoded(folder: Path, name: str, codec: str) -> bytes:
    write(folder / name, STEREO, codec, rate=48_000)
    return (folder / name).read_bytes()


def reader(data: bytes, size: int = 400) -> Callable[[int], bytes]:
    stream = io.BytesIO(data)
    return lambda wanted: stream.read(min(wanted, size))


@pytest.mark.parametrize(
    ("name", "codec"), [("a.webm", "libopus"), ("a.ogg", "libopus"), ("a.wav", "pcm_s16le"), ("a.flac", "flac")]
)
def test_audio_is_complete(tmp_path: Path, name: str, codec: str) -> None:
    """All audio arrives, on both channels, in reads of any size."""
    source = ContainerSource(reader(encoded(tmp_path, name, codec)))
    assert source.channels == 2
    found = collected(source)
    assert abs(len(found) - 16_000 * SECONDS) < 800
    assert np.abs(found).max(axis=0) == pytest.approx([0.5, 0.3], abs=0.06)


def test_audio_comes_before_the_stream_ends(tmp_path: Path) -> None:
    """The first chunks are there long before the last bytes were read."""
    data = encoded(tmp_path, "a.webm", "libopus")
    taken = [0]
    read = reader(data)

    def counting(size: int) -> bytes:
        part = read(size)
        taken[0] += len(part)
        return part

    next(iter(ContainerSource(counting).chunks()))
    assert taken[0] < len(data) / 2


def test_a_stream_that_breaks_off_keeps_what_came(tmp_path: Path) -> None:
    data = encoded(tmp_path, "a.webm", "libopus")
    found = collected(ContainerSource(reader(data[: len(data) * 2 // 3])))
    assert len(found) > 16_000


def test_garbage_is_an_error() -> None:
    with pytest.raises(InputError, match="no audio"):
        collected(ContainerSource(reader(b"RIFF" + bytes(range(256)) * 40)))
