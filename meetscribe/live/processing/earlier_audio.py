"""The audio before an utterance, which is recognised with it again to give short utterances context."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Span

_SHORTEST_PAUSE = round(0.3 * SAMPLE_RATE)
"""The shortest pause, in samples, at which the context may begin."""


NOTHING = np.zeros(0, np.float32)
"""No samples."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Samples `(n,)` from the sample `start` on, and their spans with speech, in samples.

    `pause` holds the samples right before `start` that belong to no utterance, as far as they are known.
    """

    start: int
    samples: npt.NDArray[np.float32]
    speech: tuple[Span, ...]
    pause: npt.NDArray[np.float32]

    @property
    def end(self) -> int:
        """The sample after the last one."""
        return self.start + len(self.samples)

    def since(self, start: int) -> Stretch:
        """Return the part from a sample on."""
        speech = tuple(Span(max(span.start, start), span.end) for span in self.speech if span.end > start)
        pause = self.pause if start == self.start else NOTHING
        return Stretch(start, self.samples[start - self.start :], speech, pause)


class EarlierAudio:
    """The latest stretches of a channel before its first open utterance.

    Their words are final, or pending until the next window is recognised. `length` is the longest context and `gap` the
    longest pause across which audio serves as context, both in samples; unknown samples in a pause are zero.
    """

    def __init__(self, length: int, gap: int) -> None:
        self._length, self._gap = length, gap
        self._stretches: deque[Stretch] = deque()

    def add(self, stretch: Stretch) -> None:
        """Add the next stretch, which is no longer part of an open utterance."""
        self._stretches.append(stretch)
        while stretch.end - self._stretches[0].end > self._length:
            self._stretches.popleft()

    def forget(self) -> None:
        """Drop all stretches, so that later windows have none of them as context."""
        self._stretches.clear()

    def before(self, start: int, room: int, pause: npt.NDArray[np.float32] = NOTHING) -> Stretch:
        """Return the stretch up to `start`, at most `room` samples long, which may be empty.

        It begins in a pause, or where an added stretch begins. `pause` holds the samples before `start` that belong to
        no stretch.
        """
        found = Stretch(start, NOTHING, (), pause)
        earliest = start - min(room, self._length)
        for stretch in reversed(self._stretches):
            if found.start - stretch.end > self._gap:
                break
            begin = next((at for at in _beginnings(stretch) if at >= earliest), None)
            if begin is None:
                break
            part = stretch.since(begin)
            between = _last(found.pause, found.start - stretch.end)
            samples = np.concatenate([part.samples, between, found.samples])
            found = Stretch(begin, samples, (*part.speech, *found.speech), part.pause)
            if begin > stretch.start:
                break
        return found


def _last(samples: npt.NDArray[np.float32], length: int) -> npt.NDArray[np.float32]:
    """Return the last `length` samples, after zeros if there are fewer."""
    known = samples[max(0, len(samples) - length) :]
    return np.concatenate([np.zeros(length - len(known), np.float32), known])


def _beginnings(stretch: Stretch) -> list[int]:
    """Return the samples at which a stretch may begin: its start, and the middles of its pauses."""
    edges = zip(stretch.speech, stretch.speech[1:], strict=False)
    pauses = [(int(before.end), int(after.start)) for before, after in edges]
    return [stretch.start, *(sum(pause) // 2 for pause in pauses if pause[1] - pause[0] >= _SHORTEST_PAUSE)]
