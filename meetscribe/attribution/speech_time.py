"""The speech time of each speaker, in whole milliseconds, and its overlap with words.

Integers make sums exact and ties reproducible. Each query processes all words at once by binary search, in
O(words × log turns) per speaker; the words may be in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.timeline import Seconds, Span, Turn, union

Milliseconds: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

INFINITE = 1 << 50
"""A distance in milliseconds that is longer than any recording; an integer, unlike `math.inf`."""


def to_milliseconds(times: Sequence[Seconds]) -> Milliseconds:
    """Return the times in whole milliseconds, `(n,)`."""
    return np.rint(np.asarray(times, dtype=np.float64) * 1000).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Disjoint, sorted intervals, which may touch; `starts` and `ends` in milliseconds, `(intervals,)`."""

    starts: Milliseconds
    ends: Milliseconds

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Coverage:
        """Return the time covered by at least one of `spans`."""
        joined = union(spans)
        return cls(to_milliseconds([span.start for span in joined]), to_milliseconds([span.end for span in joined]))

    def overlap(self, starts: Milliseconds, ends: Milliseconds) -> Milliseconds:
        """Return the covered milliseconds of each span `starts`–`ends`, `(n,)`."""
        return self._covered_before(ends) - self._covered_before(starts)

    def depth(self, times: Milliseconds) -> Milliseconds:
        """Return the signed distance in milliseconds to the nearest edge of an interval, `(n,)`; negative outside."""
        index = np.searchsorted(self.starts, times, side="right")
        since_start = times - np.concatenate([[-INFINITE], self.starts])[index]
        to_end = np.concatenate([[-INFINITE], self.ends])[index] - times
        to_next = np.concatenate([self.starts, [INFINITE]])[index] - times
        depth: Milliseconds = np.where(to_end > 0, np.minimum(since_start, to_end), np.maximum(to_end, -to_next))
        return depth

    def distance(self, starts: Milliseconds, ends: Milliseconds) -> Milliseconds:
        """Return the distance in ms from each span `starts`–`ends` to the nearest interval, `(n,)`; 0 if they touch."""
        apart = -np.maximum(self.depth(starts), self.depth(ends))
        distance: Milliseconds = np.where(self.overlap(starts, ends) > 0, 0, np.maximum(0, apart))
        return distance

    def interval_start(self, times: Milliseconds) -> Milliseconds:
        """Return the start of the interval that contains each time, or else of the next interval, `(n,)`."""
        starts: Milliseconds = np.concatenate([self.starts, [INFINITE]])[
            np.searchsorted(self.ends, times, side="right")
        ]
        return starts

    def _covered_before(self, times: Milliseconds) -> Milliseconds:
        """Return the covered milliseconds before each time, `(n,)`."""
        before = np.concatenate([[0], np.cumsum(self.ends - self.starts)])
        index = np.searchsorted(self.starts, times, side="right")
        remaining = np.maximum(0, np.concatenate([[-INFINITE], self.ends])[index] - times)
        covered: Milliseconds = before[index] - remaining
        return covered


def overlapped_speech(coverages: Sequence[Coverage]) -> Coverage:
    """Return the time covered by at least two of `coverages`."""
    if len(coverages) < 2:
        return Coverage.of(())
    starts = np.concatenate([coverage.starts for coverage in coverages])
    ends = np.concatenate([coverage.ends for coverage in coverages])
    times = np.concatenate([ends, starts])
    order = np.argsort(times, kind="stable")  # at equal times, ends come before starts
    active = np.cumsum(np.repeat([-1, 1], len(starts))[order])
    overlapped = active >= 2
    before = np.concatenate([[False], overlapped[:-1]])
    times = times[order]
    # After the last edge no speaker is active, so every overlap has an end.
    return Coverage(times[np.flatnonzero(overlapped & ~before)], times[np.flatnonzero(~overlapped & before)])


def exclusive_coverages(coverages: Sequence[Coverage]) -> list[Coverage]:
    """Return, for each speaker, the time covered by no other speaker."""
    edges = [edge for coverage in coverages for edge in (coverage.starts, coverage.ends)]
    times = np.concatenate([*edges, np.empty(0, dtype=np.int64)])
    # Edge 2 * n holds the starts of speaker n, which add 1 to the active speakers, edge 2 * n + 1 the ends.
    steps = np.concatenate([np.full(len(edge), 1 - 2 * (i % 2)) for i, edge in enumerate(edges)] or [times])
    numbers = np.concatenate([np.full(len(edge), i // 2) for i, edge in enumerate(edges)] or [times])
    order = np.argsort(times, kind="stable")
    times, steps, numbers = times[order], steps[order], numbers[order]
    # Where only one speaker is active, the sum of the active speakers' numbers is the number of that speaker.
    alone = (np.cumsum(steps)[:-1] == 1) & (times[:-1] < times[1:])
    speaker = np.cumsum(steps * numbers)[:-1]
    return [
        Coverage(times[:-1][mask], times[1:][mask]) for mask in (alone & (speaker == i) for i in range(len(coverages)))
    ]


def is_overlapped(coverages: Sequence[Coverage], starts: Milliseconds, ends: Milliseconds) -> Flags:
    """Return whether two or more of `coverages` cover at least half of each span `starts`–`ends`, `(n,)`."""
    flags: Flags = 2 * overlapped_speech(coverages).overlap(starts, ends) >= ends - starts
    return flags


def coverage_by_speaker(turns: Iterable[Turn]) -> dict[str, Coverage]:
    """Return the time covered by each speaker, in order of time; turns without duration are ignored."""
    spans: dict[str, list[Span]] = {}
    for turn in turns:
        spans.setdefault(turn.speaker, []).append(turn.span)
    covered = {speaker: joined for speaker, each in spans.items() if (joined := union(each))}
    # Sorted by time first, so that the result does not depend on the labels of the speakers.
    return {
        speaker: Coverage.of(covered[speaker]) for speaker in sorted(covered, key=lambda label: (covered[label], label))
    }
