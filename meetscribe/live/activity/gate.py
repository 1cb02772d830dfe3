"""Divide the samples of a channel into silence and utterances, which include the audio just before speech."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.activity.silero import FRAME, StreamingSilero
from meetscribe.live.settings import LiveSettings


@dataclass(frozen=True, slots=True)
class Start:
    """An utterance starts at the sample `at`."""

    at: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Samples `(n,)` of an utterance from the sample `start` on; `active` states whether they contain speech."""

    start: int
    samples: npt.NDArray[np.float32]
    active: bool


@dataclass(frozen=True, slots=True)
class End:
    """The utterance ends at the sample `at`."""

    at: int


@dataclass(frozen=True, slots=True)
class Silence:
    """The samples from `start` up to `end` belong to no utterance.

    If the detector also returns their `samples`, `(n,)`, an utterance after a short pause is recognised with them.
    """

    start: int
    end: int
    samples: npt.NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


Piece: TypeAlias = Start | Speech | End | Silence


class Activity(Protocol):
    """Divides samples into pieces, in order and without gaps: every sample is in one Speech or one Silence."""

    def add(self, samples: npt.NDArray[np.float32]) -> list[Piece]:
        """Return the pieces that are complete after further samples `(n,)` at 16 000 Hz."""
        ...

    def finish(self) -> list[Piece]:
        """Return the remaining pieces; an open utterance ends here."""
        ...


class SpeechGate:
    """An Activity based on the probability of speech in frames of 512 samples.

    `probability` may be any detector; it is called with each frame `(512,)` in order.
    """

    def __init__(
        self,
        settings: LiveSettings | None = None,
        probability: Callable[[npt.NDArray[np.float32]], float] | None = None,
    ) -> None:
        self._settings = settings or LiveSettings()
        self._probability = probability or StreamingSilero()
        self._rest = np.zeros(0, np.float32)  # less than a frame
        self._held: list[npt.NDArray[np.float32]] = []  # frames before a possible start
        self._position = 0  # of the first sample of `_held`
        self._loud = 0  # consecutive frames with speech, before the start
        self._quiet = 0  # consecutive frames without speech, before the end
        self._speaking = False

    def add(self, samples: npt.NDArray[np.float32]) -> list[Piece]:
        """Return the pieces that are complete after further samples `(n,)`."""
        joined = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        frames = len(joined) // FRAME
        self._rest = joined[frames * FRAME :].copy()
        return [piece for n in range(frames) for piece in self._frame(joined[n * FRAME : (n + 1) * FRAME])]

    def finish(self) -> list[Piece]:
        """Return the remaining pieces, with the last incomplete frame."""
        pieces: list[Piece] = []
        if len(self._rest):
            padded = np.zeros(FRAME, np.float32)
            padded[: len(self._rest)] = self._rest
            pieces += self._frame(padded, len(self._rest))
            self._rest = self._rest[:0]
        if self._speaking:
            pieces.append(End(self._position))
            self._speaking = False
        held = sum(map(len, self._held))
        if held:
            pieces.append(Silence(self._position, self._position + held, np.concatenate(self._held)))
            self._position, self._held = self._position + held, []
        self._loud = self._quiet = 0
        return pieces

    def _frame(self, frame: npt.NDArray[np.float32], length: int = FRAME) -> Iterator[Piece]:
        """Yield the pieces that a frame completes; only its first `length` samples were received."""
        probability = self._probability(frame)
        self._held.append(frame[:length])
        if self._speaking:
            yield from self._continue(probability >= self._settings.threshold / 2)
            return
        self._loud = self._loud + 1 if probability >= self._settings.threshold else 0
        if self._loud * FRAME >= self._settings.min_speech * SAMPLE_RATE and self._loud:
            self._speaking, self._quiet = True, 0
            yield Start(self._position)
            yield from self._release(len(self._held) - self._loud)
            return
        keep = self._loud + int(self._settings.preroll * SAMPLE_RATE) // FRAME
        while len(self._held) > keep:
            start, skipped = self._position, self._held.pop(0)
            self._position += len(skipped)
            yield Silence(start, self._position, skipped)

    def _continue(self, active: bool) -> Iterator[Piece]:
        """Yield the held frame, and the end of the utterance after a pause."""
        self._quiet = 0 if active else self._quiet + 1
        yield from self._release(0 if active else 1)
        if self._quiet * FRAME >= self._settings.min_silence * SAMPLE_RATE:
            self._speaking, self._loud = False, 0
            yield End(self._position)

    def _release(self, quiet: int) -> Iterator[Piece]:
        """Yield the held frames as parts of the utterance; the first `quiet` ones contain no speech."""
        for number, frame in enumerate(self._held):
            yield Speech(self._position, frame, active=number >= quiet)
            self._position += len(frame)
        self._held = []
