"""Recordings with a microphone per speaker or group of speakers, cut from one recording by its reference turns."""

from __future__ import annotations

import wave
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Turn

Samples = npt.NDArray[np.float32]

DELAY = 60  # samples; the sound's way from one microphone to the next
MARGIN: Seconds = 0.1
"""Seconds kept on each side of a turn."""


def cut_tracks(samples: Samples, turns: Sequence[Turn], groups: Sequence[Collection[str]]) -> list[Samples]:
    """Return a track per group of speakers, as long as the recording and silent outside the group's turns."""
    tracks = []
    for group in groups:
        mask = np.zeros(len(samples), np.float32)
        for turn in turns:
            if turn.speaker in group:
                start, end = turn.start - MARGIN, turn.end + MARGIN
                mask[max(0, round(start * SAMPLE_RATE)) : round(end * SAMPLE_RATE)] = 1
        tracks.append(samples * mask)
    return tracks


def with_crosstalk(tracks: Sequence[Samples], decibels: float) -> list[Samples]:
    """Return the tracks with crosstalk: each has all others added with a gain in decibels and a delay."""
    gain = 10 ** (decibels / 20)
    mixed = []
    for number, own in enumerate(tracks):
        others = [np.roll(track, DELAY) for place, track in enumerate(tracks) if place != number]
        mixed.append((own + gain * np.sum(others, axis=0)).astype(np.float32))
    return mixed


def write_wav(file: Path, *channels: Samples) -> Path:
    """Write a WAV file with these channels."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(len(channels))
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes((np.stack(channels, axis=1) * 32767).round().astype("<i2").tobytes())
    return file
