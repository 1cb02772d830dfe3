"""Training windows: utterances placed on a time line with pauses, levels, noise and emptiness, as recordings have them.

All randomness comes from the generator passed in; audio is float32 at 16 kHz, times are seconds from the start.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from corpus import SAMPLE_RATE, Utterance
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Spans = list[tuple[str, float, float]]  # (label, start, end)


@dataclass(slots=True)
class Window:
    """What a model hears (`audio`) and what it should say: one (text, start, end) an utterance, words and phones."""

    audio: Samples
    language: str
    utterances: Spans
    words: Spans
    phones: Spans


def coloured_noise(rng: np.random.Generator, frames: int, slope: float) -> Samples:
    """Noise of unit power whose amplitude falls as f**-slope: 0 white, 0.5 pink, 1 brown."""
    spectrum = np.fft.rfft(rng.standard_normal(frames))
    spectrum /= np.maximum(np.arange(len(spectrum)), 20.0 * frames / SAMPLE_RATE) ** slope
    noise = np.fft.irfft(spectrum, frames)
    return (noise / np.sqrt(np.mean(noise**2) + 1e-12)).astype(np.float32)


class Room:
    """A store of noise that windows draw from; made once, since shaping noise is slow."""

    def __init__(self, seed: int, seconds: float = 60.0) -> None:
        rng = np.random.default_rng(seed)
        self.noises = [coloured_noise(rng, int(seconds * SAMPLE_RATE), slope) for slope in (0.0, 0.35, 0.5, 0.75, 1.0)]

    def noise(self, rng: random.Random, frames: int) -> Samples:
        """`frames` samples of one kind of noise, unit power."""
        source = rng.choice(self.noises)
        first = rng.randrange(len(source) - frames)
        return source[first : first + frames]


def emptiness(rng: random.Random, room: Room, frames: int) -> Samples:
    """A window that nobody speaks in: silence, noise, hum, tones or clicks."""
    time = np.arange(frames, dtype=np.float32) / SAMPLE_RATE
    audio = np.zeros(frames, np.float32)
    kind = rng.random()
    if kind < 0.2:
        return audio
    if kind < 0.8:
        audio += room.noise(rng, frames) * 10 ** rng.uniform(-4.0, -0.8)
    if kind > 0.6:
        for _ in range(rng.randint(1, 4)):
            tone = np.sin(2 * np.pi * rng.choice([50, 60, 100, 220, 440, 880, rng.uniform(80, 4000)]) * time)
            begin, end = sorted((rng.randrange(frames), rng.randrange(frames)))
            if rng.random() < 0.4:
                begin, end = 0, frames
            audio[begin:end] += tone[begin:end] * 10 ** rng.uniform(-3.0, -0.7)
    if kind > 0.9:
        for _ in range(rng.randint(1, 10)):
            audio[rng.randrange(frames)] += rng.uniform(-0.8, 0.8)
    return np.clip(audio, -1, 1)


def fill(rng: random.Random, chosen: list[Utterance], frames: int, lead: float, pause: float) -> Window:
    """The utterances one after the other, `lead` seconds before the first, up to `pause` between; what fits."""
    audio = np.zeros(frames, np.float32)
    window = Window(audio, chosen[0].language, [], [], [])
    position = int(lead * SAMPLE_RATE)
    for utterance in chosen:
        if position + len(utterance.audio) > frames:
            break
        level = 10 ** rng.uniform(-0.8, 0.05) / 32768
        audio[position : position + len(utterance.audio)] += utterance.audio * np.float32(level)
        offset = position / SAMPLE_RATE
        window.utterances.append((utterance.text, utterance.words[0][1] + offset, utterance.words[-1][2] + offset))
        window.words += [(word, start + offset, end + offset) for word, start, end in utterance.words]
        window.phones += [(phone, start + offset, end + offset) for phone, start, end in utterance.phones]
        position += len(utterance.audio) + int(rng.uniform(0.05, pause) * SAMPLE_RATE)
    return window


def roughen(rng: random.Random, room: Room, window: Window) -> None:
    """Room tone under the window, in three of five; the rest stays clean down to digital silence."""
    if rng.random() < 0.6:
        power = float(np.sqrt(np.mean(window.audio**2))) + 1e-5
        noise = room.noise(rng, len(window.audio)) * power * 10 ** (-rng.uniform(10, 40) / 20)
        window.audio += noise.astype(np.float32)
    np.clip(window.audio, -1, 1, out=window.audio)


def empty_window(rng: random.Random, room: Room, frames: int) -> Window:
    """A window whose right answer is nothing."""
    return Window(emptiness(rng, room, frames), rng.choice(["en", "en", "de"]), [], [], [])
