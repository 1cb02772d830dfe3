"""Bytes on standard input are a container or raw PCM, by their start."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from meetscribe.errors import InputError
from meetscribe.live.sources import ContainerSource, byte_source
from meetscribe.live.sources.byte_streams import reader_of
from tests.live.sources.test_blocks import SAMPLES, collected
from tests.support.microphones import write_wav


def test_raw_samples() -> None:
    """Bytes without a header are 16-bit PCM."""
    source = byte_source(reader_of(io.BytesIO(SAMPLES.tobytes())))
    assert np.array_equal(collected(source).ravel(), SAMPLES.astype(np.float32) / 32_768)


def test_raw_samples_of_another_format() -> None:
    source = byte_source(io.BytesIO(SAMPLES.tobytes()).read, rate=8000, channels=2)
    found = collected(source)
    assert found.shape[1] == 2
    assert abs(len(found) - 5000) < 20


def test_a_container(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.full(16_000, 0.25, np.float32))
    source = byte_source(io.BytesIO((tmp_path / "a.wav").read_bytes()).read)
    assert isinstance(source, ContainerSource)
    assert len(collected(source)) == 16_000


def test_an_empty_stream_is_an_error() -> None:
    with pytest.raises(InputError, match="empty"):
        byte_source(io.BytesIO(b"").read)
