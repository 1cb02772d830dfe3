"""Containers are sources; how their bytes are decoded is tested in tests/audio/streaming."""

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


def test_audio_is_complete(tmp_path: Path) -> None:
    """All audio arrives, on both channels."""
    source = ContainerSource(reader(encoded(tmp_path, "a.webm", "libopus")))
    assert source.channels == 2
    found = collected(source)
    assert abs(len(found) - 16_000 * SECONDS) < 800
    assert np.abs(found).max(axis=0) == pytest.approx([0.5, 0.3], abs=0.06)


def test_garbage_is_an_error() -> None:
    with pytest.raises(InputError, match="not a recording"):
        collected(ContainerSource(reader(b"RIFF" + bytes(range(256)) * 40)))
