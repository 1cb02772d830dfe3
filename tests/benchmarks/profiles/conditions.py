"""The channels through which a voice is heard: clean, codecs and a room."""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path

import numpy as np

from meetscribe.audio import load_audio
from tests.benchmarks.profiles.voices import Samples, Voice
from tests.benchmarks.real.making.acoustics import impulse_response, in_room, pink_noise, write

CODECS = {"Opus 24k": "opus24", "Opus 8k": "opus", "G.711": "g711"}
"""The codec of `real.making.acoustics` of each condition with one."""

CONDITIONS = ("clean", *CODECS, "room")

_REVERBERATION = 0.5  # seconds
_DISTANT_DB = (0.0, 6.0)  # direct sound above reverberation
_NOISE_DB = 20.0  # below the speech


def heard(voice: Voice, condition: str) -> Samples:
    """Return the speech of a voice `(frames,)` as heard in a condition; the same each time."""
    samples = voice.samples
    if condition == "room":
        return _in_room(samples, np.random.default_rng(zlib.crc32(voice.name.encode())))
    if condition in CODECS:
        with tempfile.TemporaryDirectory() as folder:
            return load_audio(write(Path(folder) / "voice", samples, CODECS[condition])).samples[:]
    return samples


def _in_room(samples: Samples, random: np.random.Generator) -> Samples:
    """Return samples as heard in a reverberant room with noise."""
    response = impulse_response(_REVERBERATION, float(random.uniform(*_DISTANT_DB)), random)
    echoing = in_room(samples, response)
    noise = pink_noise(len(echoing), random) * np.sqrt((samples**2).mean()) * 10 ** (-_NOISE_DB / 20)
    mixed: Samples = (echoing + noise).astype(np.float32)
    return mixed
