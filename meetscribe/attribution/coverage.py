"""When somebody speaks, as sorted stretches in whole milliseconds, and how words lie on them; no labels.

Times are integers so that sums are exact and a tie is a tie. Each question is asked for all words at
once, by binary search in the stretches: words × log(turns) per speaker, in whatever order the words come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from meetscribe.timeline import Seconds, Span, union

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Millis: TypeAlias = npt.NDArray[np.int64]

NEVER = 1 << 50
"""A gap longer than any recording, in milliseconds."""


def millis(times: Sequence[Seconds]) -> Millis:
    """The times in whole milliseconds, `(n,)`."""
    import numpy as np

    return np.rint(np.asarray(times, dtype=np.float64) * 1000).astype(np.int64)


class Evidence(NamedTuple):
    """How one speaker lies to each word, arrays `(words,)` in milliseconds."""

    overlap: Millis  # of the word, covered by the speaker
    gap: Millis  # from the word to the nearest edge of the speaker's stretches, 0 if they overlap or touch
    longest: Millis  # the longest stretch that overlaps the word; if none does, the one nearest to it


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Disjoint stretches of time in order, `starts` and `ends` in milliseconds, `(stretches,)` each."""

    starts: Millis
    ends: Millis

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Coverage:
        """The time covered by at least one of `spans`."""
        joined = union(spans)
        return cls(millis([span.start for span in joined]), millis([span.end for span in joined]))

    def overlap(self, starts: Millis, ends: Millis) -> Millis:
        """Milliseconds of each span `starts`–`ends` that are covered, `(n,)`."""
        return self._covered_before(ends) - self._covered_before(starts)

    def _covered_before(self, times: Millis) -> Millis:
        """Milliseconds covered from the start of the recording up to each of `times`, `(n,)`."""
        import numpy as np

        before = np.concatenate([[0], np.cumsum(self.ends - self.starts)])
        index = np.searchsorted(self.starts, times, side="right")
        unfinished = np.maximum(0, np.concatenate([[0], self.ends])[index] - times)
        covered: Millis = before[index] - unfinished
        return covered

    def evidence(self, starts: Millis, ends: Millis) -> Evidence:
        """Overlap, gap and longest stretch for each word `starts`–`ends`, which must not be empty."""
        import numpy as np

        count = len(self.starts)
        lengths = np.concatenate([self.ends - self.starts, [0]])
        first = np.searchsorted(self.ends, starts, side="right")  # the first stretch not over by then
        beyond = np.searchsorted(self.starts, ends, side="left")  # the first not begun before the word ends
        overlap = self.overlap(starts, ends)
        before = np.where(first > 0, starts - self.ends[first - 1], NEVER)
        after = np.where(first < count, self.starts[np.minimum(first, count - 1)] - ends, NEVER)
        # reduceat gives the maximum over [first, beyond) at every second place.
        longest = np.maximum.reduceat(lengths, np.stack([first, beyond], axis=1).ravel())[::2]
        nearest = np.maximum(
            np.where(before <= after, lengths[first - 1], 0), np.where(after <= before, lengths[first], 0)
        )
        return Evidence(
            overlap,
            np.where(overlap > 0, 0, np.minimum(before, after)),
            np.where(overlap > 0, longest, nearest),
        )


def shared(coverages: Sequence[Coverage]) -> Coverage:
    """The time covered by at least two of `coverages`."""
    import numpy as np

    if len(coverages) < 2:
        return Coverage.of(())
    starts = np.concatenate([coverage.starts for coverage in coverages])
    ends = np.concatenate([coverage.ends for coverage in coverages])
    times = np.concatenate([ends, starts])
    order = np.argsort(times, kind="stable")  # at one time, ends come before starts
    active = np.cumsum(np.repeat([-1, 1], len(starts))[order])
    crowded = active >= 2
    begins = np.flatnonzero(crowded & ~np.concatenate([[False], crowded[:-1]]))
    times = times[order]
    # A crowd always ends within the list, since the last edge leaves nobody active.
    finishes = np.flatnonzero(~crowded & np.concatenate([[False], crowded[:-1]]))
    return Coverage(times[begins], times[finishes])
