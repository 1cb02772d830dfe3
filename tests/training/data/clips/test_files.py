"""Clips are written as WAV and read back; a changed file is refused."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import InputError
from meetscribe.timeline import Span
from meetscribe.training.data import Example, read_clip
from meetscribe.training.data.clips.files import wav_bytes

SAMPLES = (np.sin(np.arange(800) / 9) * 1.1).astype(np.float32)
EXAMPLE = Example(
    "a1", "clips/a1.wav", "", 0.05, "Yes.", (), (), "en", None, "sha256:0", Span(0, 0.05), None, False, "train"
)


def saved(folder: Path) -> Example:
    """Write the clip of the example and return the example with its digest."""
    data = wav_bytes(SAMPLES)
    (folder / "clips").mkdir()
    (folder / EXAMPLE.audio).write_bytes(data)
    return replace(EXAMPLE, sha256=hashlib.sha256(data).hexdigest())


def test_another_reader_reads_the_same_samples() -> None:
    """libsndfile reads 16 kHz, one channel, and the samples rounded to 16 bits and clipped."""
    samples, rate = soundfile.read(io.BytesIO(wav_bytes(SAMPLES)), dtype="float32")
    assert rate == SAMPLE_RATE
    assert np.abs(samples - np.clip(SAMPLES, -1, 1)).max() <= 1 / 32_768


def test_a_clip_reads_back(tmp_path: Path) -> None:
    samples = read_clip(tmp_path, saved(tmp_path))
    assert samples.dtype == np.float32
    assert np.abs(samples - np.clip(SAMPLES, -1, 1)).max() <= 1 / 32_768


def test_a_changed_clip_is_refused(tmp_path: Path) -> None:
    """Neither another sound nor a missing file is trained on."""
    example = saved(tmp_path)
    (tmp_path / example.audio).write_bytes(wav_bytes(SAMPLES[::-1]))
    with pytest.raises(InputError, match="was changed since the data set was made"):
        read_clip(tmp_path, example)
    (tmp_path / example.audio).unlink()
    with pytest.raises(InputError, match="No such file"):
        read_clip(tmp_path, example)
