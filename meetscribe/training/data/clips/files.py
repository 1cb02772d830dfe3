"""The audio of clips: 16-bit WAV files at 16 kHz, named after a hash of their source."""

from __future__ import annotations

import hashlib
import io
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import InputError, os_reason
from meetscribe.storage.files import read_file
from meetscribe.training.data.values import Example

CLIPS = "clips"
"""The folder of the clips, within that of the data set."""

CLIP_BYTES = 4_000_000
"""Largest file that is read as a clip, in bytes: four times the size of 30 s."""

_FULL_SCALE = 32_768


def wav_bytes(samples: npt.NDArray[np.float32]) -> bytes:
    """Return the bytes of a 16-bit WAV file at 16 kHz with samples `(frames,)` in [-1, 1]."""
    rounded = np.clip(np.round(samples * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes(rounded.tobytes())
    return file.getvalue()


def read_clip(folder: Path, example: Example) -> npt.NDArray[np.float32]:
    """Return the samples `(frames,)` of an example at 16 000 Hz, in [-1, 1].

    Raises InputError if the file is missing or its digest differs from the one in the manifest.
    """
    path = folder / example.audio
    try:
        data = read_file(path, CLIP_BYTES)
    except OSError as error:
        raise InputError(f"{path}: {os_reason(error)}", _REMEDY) from error
    if hashlib.sha256(data).hexdigest() != example.sha256:
        raise InputError(f"{path} was changed since the data set was made", _REMEDY)
    with wave.open(io.BytesIO(data)) as reader:
        frames = reader.readframes(reader.getnframes())
    return np.frombuffer(frames, "<i2").astype(np.float32) / np.float32(_FULL_SCALE)


_REMEDY = "Make the data set again: meetscribe train data."
