"""Rooms, noise and telephone codecs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds

Samples = npt.NDArray[np.float32]

_FIRST_REFLECTION: Seconds = 0.004


def impulse_response(reverberation: Seconds, direct_db: float, random: np.random.Generator) -> Samples:
    """Return the impulse response `(frames,)` of a room by Polack's model, with the direct sound at the first sample.

    Noise decays by 60 dB in `reverberation` seconds; the direct sound is `direct_db` above all of it. Polack 1988.
    """
    length = round(reverberation * SAMPLE_RATE)
    time = np.arange(length) / SAMPLE_RATE
    tail = random.standard_normal(length) * 10 ** (-3 * time / reverberation)
    tail[time < _FIRST_REFLECTION] = 0.0
    tail *= 10 ** (-direct_db / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return tail.astype(np.float32)


def in_room(samples: Samples, response: Samples) -> Samples:
    """Return the samples as heard in a room, at the same level, with the reverberation after their end."""
    heard = fftconvolve(samples, response)
    power = float((samples**2).mean()), float((heard[: len(samples)] ** 2).mean())
    louder: Samples = (heard * np.sqrt(power[0] / max(power[1], 1e-12))).astype(np.float32)
    return louder


def pink_noise(length: int, random: np.random.Generator) -> Samples:
    """Return noise `(length,)` of power 1 whose spectrum falls by 3 dB per octave, similar to ventilation."""
    white = np.fft.rfft(random.standard_normal(length))
    noise = np.fft.irfft(white / np.sqrt(np.arange(1, len(white) + 1)), length)
    shaped: Samples = (noise / noise.std()).astype(np.float32)
    return shaped


def babble(voices: Sequence[Samples], length: int, random: np.random.Generator) -> Samples:
    """Return noise `(length,)` of power 1: many voices at once, each repeated from a random place."""
    mixed = sum(np.resize(np.roll(voice, int(random.integers(len(voice)))), length) for voice in voices)
    noise: Samples = np.asarray(mixed, np.float32)
    noise /= max(1e-6, float(noise.std()))
    return noise


_REPEATABLE = {"fflags": "+bitexact"}  # Ogg streams have random serial numbers otherwise

CODECS: dict[str, tuple[str, str, int, int | None]] = {
    "opus": ("ogg", "libopus", 16_000, 8_000),
    "opus24": ("ogg", "libopus", 16_000, 24_000),
    "g711": ("wav", "pcm_mulaw", 8_000, None),
    "flac": ("flac", "flac", SAMPLE_RATE, None),
}
"""Container, encoder, sampling rate and bit rate of each codec."""


def write(path: Path, samples: Samples, codec: str) -> Path:
    """Write samples with a codec, beside `path` with the extension of its container; return the path of the file."""
    container, encoder, rate, bits = CODECS[codec]
    file = path.with_name(f"{path.name}.{container}")
    with av.open(str(file), "w", options=_REPEATABLE) as output:
        stream: Any = output.add_stream(encoder, rate=rate, layout="mono")
        if bits is not None:
            stream.bit_rate = bits
        resampler = av.AudioResampler(stream.format.name, "mono", rate, stream.frame_size or None)
        whole = np.clip(samples * 32767, -32768, 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole[None]), "s16", "mono")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), 0
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file
