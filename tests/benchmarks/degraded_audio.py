"""Degrade recordings with references: noise between speech, and quiet, clipped or truncated speech."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word

Samples = npt.NDArray[np.float32]

NOISE_DURATION: Seconds = 60.0  # of each kind of noise
_QUIET = 0.002  # -54 dB
_CLIPPING = 40.0
_CUT: Seconds = 0.35


@dataclass(frozen=True, slots=True)
class NoisyPauses:
    """A recording with noise in its pauses; `noises` holds the span of each kind of noise."""

    audio: Audio
    words: tuple[Word, ...]
    noises: dict[str, Span]


def with_noisy_pauses(audio: Audio, words: Sequence[Word]) -> NoisyPauses:
    """Insert a minute of each kind of noise into the longest pauses of a recording."""
    cuts = _pauses(words, len(NOISES))
    random = np.random.default_rng(0)
    pieces, moved, noises = [], [], {}
    start: Seconds = 0.0
    shift: Seconds = 0.0
    for (name, noise), end in zip([*NOISES.items(), ("", None)], [*cuts, audio.duration], strict=True):
        pieces.append(audio.slice(Span(start, end)))
        moved += [replace(w, start=w.start + shift, end=w.end + shift) for w in words if start <= w.start < end]
        if noise is not None:
            pieces.append(noise(random))
            noises[name] = Span(end + shift, end + shift + NOISE_DURATION)
            shift += NOISE_DURATION
        start = end
    return NoisyPauses(Audio(np.concatenate(pieces), f"noisy {audio.name}", audio.hash), tuple(moved), noises)


def _pauses(words: Sequence[Word], count: int) -> list[Seconds]:
    """Return the middles of the longest pauses, in order."""
    ordered = sorted(words, key=lambda word: word.start)
    gaps = [
        (after.start - before.end, (before.end + after.start) / 2)
        for before, after in zip(ordered, ordered[1:], strict=False)
    ]
    return sorted(middle for _, middle in sorted(gaps)[-count:])


def _silence(random: np.random.Generator) -> Samples:
    return np.zeros(round(NOISE_DURATION * SAMPLE_RATE), np.float32)


def _room(random: np.random.Generator) -> Samples:
    """Return pink noise at -46 dB, similar to ventilation."""
    white = np.fft.rfft(random.standard_normal(round(NOISE_DURATION * SAMPLE_RATE)))
    noise = np.fft.irfft(white / np.sqrt(np.arange(1, len(white) + 1)))
    quiet: Samples = (0.005 * noise / noise.std()).astype(np.float32)
    return quiet


def _knocks(random: np.random.Generator) -> Samples:
    """Return room noise with knocks and rustling, some of them loud."""
    noise = _room(random)
    for start in random.integers(0, len(noise) - SAMPLE_RATE, 80):
        length = int(random.integers(300, 6000))
        burst = random.standard_normal(length) * np.exp(-np.arange(length) / (length / 4))
        noise[start : start + length] += (random.uniform(0.02, 0.3) * burst).astype(np.float32)
    return np.clip(noise, -1, 1)


def _tones(random: np.random.Generator) -> Samples:
    """Return chords of three notes with overtones and vibrato, two per second, similar to music on hold."""
    length = SAMPLE_RATE // 2
    time = np.arange(length) / SAMPLE_RATE
    chords = []
    for root in random.choice([220.0, 247.0, 262.0, 294.0, 330.0], round(NOISE_DURATION * 2)):
        chord = sum(
            np.sin(2 * np.pi * root * ratio * overtone * time + 0.3 * np.sin(2 * np.pi * 5.5 * time)) / overtone
            for ratio in (1.0, 1.25, 1.5)
            for overtone in (1, 2, 3)
        )
        chords.append(0.06 * chord * np.exp(-2 * time))
    return np.concatenate(chords).astype(np.float32)


def _hum(random: np.random.Generator) -> Samples:
    """Return mains hum with its overtones, and room noise."""
    time = np.arange(round(NOISE_DURATION * SAMPLE_RATE)) / SAMPLE_RATE
    hum = sum(np.sin(2 * np.pi * 50 * overtone * time) / overtone for overtone in (1, 2, 3, 5))
    return (_room(random) + 0.02 * hum).astype(np.float32)


NOISES: dict[str, Callable[[np.random.Generator], Samples]] = {
    "silence": _silence,
    "room noise": _room,
    "knocks": _knocks,
    "tones": _tones,
    "hum": _hum,
}
"""The kinds of noise without speech."""


def with_degraded_chunks(audio: Audio, chunks: Sequence[Span]) -> tuple[Audio, list[Span], list[int]]:
    """Degrade every fourth chunk; return the recording, the chunks and the indices of the degraded ones.

    In turn, a chunk is made very quiet, is clipped, or starts too late, in the middle of a word.
    """
    samples, spans = audio.samples[:].copy(), list(chunks)
    bad = list(range(1, len(chunks), 4))
    for turn, index in enumerate(bad):
        chunk = chunks[index]
        part = slice(round(chunk.start * SAMPLE_RATE), round(chunk.end * SAMPLE_RATE))
        if turn % 3 == 0:
            samples[part] *= _QUIET
        elif turn % 3 == 1:
            samples[part] = np.clip(samples[part] * _CLIPPING, -1, 1)
        else:
            spans[index] = Span(min(chunk.start + _CUT, chunk.end), chunk.end)
    return replace(audio, samples=samples), spans, bad
