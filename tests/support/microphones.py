"""Recordings as if each speaker, or some of them together, had a microphone: cut from a recording by its truth."""

from __future__ import annotations

import wave
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Turn

Samples = npt.NDArray[np.float32]

LATER = 60  # samples that sound needs from one microphone to the next
AROUND: Seconds = 0.1
"""How much is kept on each side of what somebody says."""


def cut_tracks(samples: Samples, turns: Sequence[Turn], groups: Sequence[Collection[str]]) -> list[Samples]:
    """What each group of speakers says, as long as the recording and silent elsewhere; all where groups overlap."""
    tracks = []
    for group in groups:
        mask = np.zeros(len(samples), np.float32)
        for turn in turns:
            if turn.speaker in group:
                start, end = turn.start - AROUND, turn.end + AROUND
                mask[max(0, round(start * SAMPLE_RATE)) : round(end * SAMPLE_RATE)] = 1
        tracks.append(samples * mask)
    return tracks


def with_bleed(tracks: Sequence[Samples], decibels: float) -> list[Samples]:
    """The tracks, each with all others as it hears them: so many decibels louder, a little later."""
    gain = 10 ** (decibels / 20)
    mixed = []
    for number, own in enumerate(tracks):
        others = [np.roll(track, LATER) for place, track in enumerate(tracks) if place != number]
        mixed.append((own + gain * np.sum(others, axis=0)).astype(np.float32))
    return mixed


def write_wav(file: Path, *channels: Samples) -> Path:
    """A WAV file of some channels."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(len(channels))
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes((np.stack(channels, axis=1) * 32767).round().astype("<i2").tobytes())
    return file
