"""Augmented copies of clips: speed, gain, noise from pauses of the same recording, and a lossy codec.

Resampling changes speed and pitch together: Ko et al., "Audio augmentation for speech recognition" (Interspeech 2015).
SpecAugment, which masks features, is part of the training loop.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import cast

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.timeline import Seconds, Span
from meetscribe.training.data.settings import WINDOW, Augmentation

Samples = npt.NDArray[np.float32]

SPEEDS = (0.9, 0.95, 1.05, 1.1)

GAINS = (-12.0, 6.0)
"""The range of gains in decibels; a clip whose samples would exceed [-1, 1] is scaled down as a whole."""

SIGNAL_TO_NOISE = (5.0, 20.0)
"""The range of signal-to-noise ratios in decibels."""

MIN_NOISE: Seconds = 1.0
"""The least total length of pauses that is used as noise, in seconds."""

_MAX_NOISE: Seconds = 20.0
_PAUSE, _PAUSE_MARGIN = 0.5, 0.1  # seconds: the shortest pause, and the margin left at each end of it


@dataclass(frozen=True, slots=True)
class _Codec:
    """An FFmpeg encoder, its container, its bit rate in bit/s (None if fixed) and its sample rate in Hz."""

    encoder: str
    container: str
    bits: int | None
    rate: int


_CODECS: Mapping[str, _Codec] = {
    "mp3": _Codec("libmp3lame", "mp3", 24_000, SAMPLE_RATE),
    "opus": _Codec("libopus", "ogg", 12_000, SAMPLE_RATE),
    "telephone": _Codec("pcm_mulaw", "wav", None, 8_000),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a clip: speed as a factor, gain and signal-to-noise ratio (`snr`) in decibels, and codec."""

    speed: float | None = None
    gain: float | None = None
    snr: float | None = None
    codec: str | None = None

    def __str__(self) -> str:
        parts = (
            self.speed and f"speed {self.speed:g}",
            self.snr and f"noise at {self.snr:g} dB",
            self.gain and f"gain {self.gain:+g} dB",
            self.codec,
        )
        return ", ".join(part for part in parts if part)


def draw_change(kinds: Collection[Augmentation], seconds: Seconds, has_noise: bool, random: Random) -> Change:
    """Return a random change of each of `kinds`, without noise if there is none; a slowed clip fits the 30 s window."""
    speeds = [speed for speed in SPEEDS if seconds / speed <= WINDOW]
    drawn = Change(  # always of all kinds, so that each draw is independent of the kinds that are used
        random.choice(speeds),
        round(random.uniform(*GAINS), 1),
        round(random.uniform(*SIGNAL_TO_NOISE), 1),
        random.choice(list(_CODECS)),
    )
    return Change(
        drawn.speed if "speed" in kinds else None,
        drawn.gain if "gain" in kinds else None,
        drawn.snr if "noise" in kinds and has_noise else None,
        drawn.codec if "codec" in kinds else None,
    )


def changed_samples(samples: Samples, change: Change, noise: Samples, random: Random) -> Samples:
    """Return the samples `(frames,)` of a changed copy, in [-1, 1]; `noise` is mixed in if `change` has an `snr`."""
    if change.speed is not None:
        samples = _with_speed(samples, change.speed)
    if change.snr is not None and len(noise):
        samples = _with_noise(samples, noise, change.snr, random)
    if change.gain is not None:
        samples = samples * 10 ** (change.gain / 20)
    peak = float(np.abs(samples).max(initial=0.0))
    limited: Samples = (samples / max(1.0, peak)).astype(np.float32)
    return limited if change.codec is None else _coded(limited, _CODECS[change.codec])


def pauses(words: Sequence[Span]) -> tuple[Span, ...]:
    """Return the inner parts of the pauses of 0.5 s or more between words, which must be in order of time."""
    found, reached = [], words[0].end if words else 0.0
    for word in words:
        if word.start - reached >= _PAUSE:
            found.append(Span(reached + _PAUSE_MARGIN, word.start - _PAUSE_MARGIN))
        reached = max(reached, word.end)
    return tuple(found)


def read_noise(audio: Audio, spans: Sequence[Span]) -> Samples:
    """Return the samples `(frames,)` of pauses, concatenated up to the pause with which they reach 20 seconds."""
    parts, seconds = [np.zeros(0, np.float32)], 0.0
    for span in spans:
        if seconds < _MAX_NOISE:
            parts.append(audio.slice(span))
            seconds += span.duration
    return np.concatenate(parts)


def _with_speed(samples: Samples, speed: float) -> Samples:
    """Return resampled samples; a speed of 1.1 makes them faster and higher."""
    from scipy.signal import resample_poly

    ratio = Fraction(speed).limit_denominator(100)
    faster: Samples = resample_poly(samples, ratio.denominator, ratio.numerator).astype(np.float32)
    return faster


def _with_noise(samples: Samples, noise: Samples, snr: float, random: Random) -> Samples:
    """Return samples with noise at a signal-to-noise ratio in decibels; the noise loops from a random position."""
    start = random.randrange(len(noise))
    repeated = np.resize(np.roll(noise, -start), len(samples))
    powers = [float(np.mean(np.square(part))) for part in (samples, repeated)]
    if not all(powers):
        return samples
    factor = np.float32(np.sqrt(powers[0] / powers[1] / 10 ** (snr / 10)))
    noisy: Samples = samples + factor * repeated
    return noisy


def _coded(samples: Samples, codec: _Codec) -> Samples:
    """Return the samples after encoding and decoding, padded or cut to their original number."""
    decoded = _decoded(_encoded(samples, codec))
    missing = max(0, len(samples) - len(decoded))
    return np.clip(np.pad(decoded, (0, missing))[: len(samples)], -1, 1)


def _encoded(samples: Samples, codec: _Codec) -> bytes:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=codec.container) as container:
        stream = cast(av.AudioStream, container.add_stream(codec.encoder, rate=codec.rate))
        stream.layout = "mono"  # type: ignore[assignment]
        if codec.bits is not None:
            stream.bit_rate = codec.bits
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(stream.format.name, "mono", codec.rate, stream.frame_size)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


def _decoded(data: bytes) -> Samples:
    import av

    with av.open(io.BytesIO(data), "r") as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        parts = [part.to_ndarray()[0] for part in (*frames, *resampler.resample(None))]
    return np.concatenate(parts).astype(np.float32)
