"""The embedded pieces of all voices in all conditions, stored, so that trials are arithmetic only."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.profiles.channel import high_band_db
from meetscribe.profiles.extraction import PIECE, unit_vectors
from meetscribe.results import code_digest
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Seconds, Span
from tests.benchmarks.profiles.conditions import CONDITIONS, heard
from tests.benchmarks.profiles.voices import Samples, Voice

SHORT: Seconds = 3.0
"""The length of a piece that is too short for the product, for comparison."""

MOST: Seconds = 60.0
"""The most speech of a voice that is used."""

_CODE = ("diarization.campplus", "diarization.voiceprints", "profiles.channel")

MOST_SHORT: Seconds = 24.0
"""The most speech of a voice that is used in short pieces."""


@dataclass(slots=True)
class Pieces:
    """The unit vectors `(pieces, dim)` of consecutive pieces, by voice, condition and length of a piece.

    `levels` holds the level of the high band by voice and condition, as `channel.high_band_db` gives it.
    """

    file: Path
    vectors: dict[tuple[str, str, Seconds], npt.NDArray[np.float32]] = field(default_factory=dict)
    levels: dict[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, embedder: str) -> Pieces:
        """Return the pieces stored for an embedder, none if there are none."""
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^0-9A-Za-z+-]", "-", embedder)
        pieces = cls(folder / f"pieces-{name}-{code_digest(_CODE)[:8]}.npz")
        if pieces.file.is_file():
            with np.load(pieces.file) as stored:
                for key in stored.files:
                    voice, condition, length = key.split("|")
                    if length == "level":
                        pieces.levels[voice, condition] = float(stored[key])
                    else:
                        pieces.vectors[voice, condition, float(length)] = stored[key]
        return pieces

    def save(self) -> None:
        """Write all pieces."""
        vectors = {f"{voice}|{condition}|{length}": each for (voice, condition, length), each in self.vectors.items()}
        levels = {f"{voice}|{condition}|level": np.float64(each) for (voice, condition), each in self.levels.items()}
        arrays: dict[str, Any] = {**vectors, **levels}
        np.savez(self.file, **arrays)

    def compute(self, voices: Sequence[Voice], diarizer: Diarizer, seconds: float) -> int:
        """Embed what is missing for at most about `seconds` of time; return the number of voices still missing."""
        end = time.monotonic() + seconds
        missing = [
            (voice, condition) for voice in voices for condition in CONDITIONS if not self._has(voice, condition)
        ]
        for voice, condition in list(missing):
            if time.monotonic() > end:
                break
            samples = heard(voice, condition)[: round(MOST * SAMPLE_RATE)]
            self.levels[voice.name, condition] = high_band_db(samples)
            for length in (PIECE, SHORT):
                self.vectors[voice.name, condition, length] = _embed(samples, length, diarizer)
            missing.remove((voice, condition))
            self.save()
        return len(missing)

    def _has(self, voice: Voice, condition: str) -> bool:
        return (voice.name, condition, SHORT) in self.vectors


def _embed(samples: Samples, length: Seconds, diarizer: Diarizer) -> npt.NDArray[np.float32]:
    """Return the unit vectors of the consecutive pieces of this length."""
    audio = Audio(samples, "voice", "")
    limit = MOST_SHORT if length == SHORT else audio.duration
    groups = [[span] for span in _grid(min(audio.duration, limit), length)]
    return unit_vectors(diarizer.voiceprints(audio, groups)) if groups else np.zeros((0, 1), np.float32)


def _grid(duration: Seconds, length: Seconds) -> Iterator[Span]:
    """Yield consecutive spans of this length."""
    for number in range(int(duration / length)):
        yield Span(number * length, (number + 1) * length)


def load(embedder: str) -> Diarizer:
    """Return the bundled pipeline with an embedder."""
    return load_diarizer(DiarizationSettings(pipeline="bundled", embedder=embedder), Device("cpu"))
