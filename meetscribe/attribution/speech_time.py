"""When somebody speaks, as sorted stretches in whole milliseconds, and how words lie on them; no labels.

Times are integers so that sums are exact and a tie is a tie. Each question is asked for all words at
once, by binary search in the stretches: words × log(turns) per speaker, in whatever order the words come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.timeline import Seconds, Span, Turn, union

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Millis: TypeAlias = npt.NDArray[np.int64]
    Flags: TypeAlias = npt.NDArray[np.bool_]

NEVER = 1 << 50
"""A distance longer than any recording, in milliseconds."""


def millis(times: Sequence[Seconds]) -> Millis:
    """The times in whole milliseconds, `(n,)`."""
    import numpy as np

    return np.rint(np.asarray(times, dtype=np.float64) * 1000).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Disjoint stretches of time in order, at least a millisecond apart, `starts` and `ends` in milliseconds."""

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

    def depth(self, times: Millis) -> Millis:
        """Milliseconds from each time to the nearest edge of a stretch, `(n,)`: below 0 outside, 0 or more inside."""
        import numpy as np

        index = np.searchsorted(self.starts, times, side="right")
        since_start = times - np.concatenate([[-NEVER], self.starts])[index]
        to_end = np.concatenate([[-NEVER], self.ends])[index] - times
        to_next = np.concatenate([self.starts, [NEVER]])[index] - times
        depth: Millis = np.where(to_end > 0, np.minimum(since_start, to_end), np.maximum(to_end, -to_next))
        return depth

    def distance(self, starts: Millis, ends: Millis) -> Millis:
        """Milliseconds from each span `starts`–`ends` to the nearest stretch, 0 if they touch, `(n,)`."""
        import numpy as np

        apart = -np.maximum(self.depth(starts), self.depth(ends))
        distance: Millis = np.where(self.overlap(starts, ends) > 0, 0, np.maximum(0, apart))
        return distance

    def begun(self, times: Millis) -> Millis:
        """When the stretch that is going on at each time, or comes next, begins, `(n,)`."""
        import numpy as np

        begun: Millis = np.concatenate([self.starts, [NEVER]])[np.searchsorted(self.ends, times, side="right")]
        return begun

    def _covered_before(self, times: Millis) -> Millis:
        """Milliseconds covered from the start of the recording up to each of `times`, `(n,)`."""
        import numpy as np

        before = np.concatenate([[0], np.cumsum(self.ends - self.starts)])
        index = np.searchsorted(self.starts, times, side="right")
        unfinished = np.maximum(0, np.concatenate([[0], self.ends])[index] - times)
        covered: Millis = before[index] - unfinished
        return covered


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


def crowded(coverages: Sequence[Coverage], starts: Millis, ends: Millis) -> Flags:
    """Whether two or more of `coverages` share at least half of each span `starts`–`ends`, `(n,)`."""
    found: Flags = 2 * shared(coverages).overlap(starts, ends) >= ends - starts
    return found


def by_speaker(turns: Iterable[Turn]) -> dict[str, Coverage]:
    """The time that each speaker covers, in order of time; turns without duration cover nothing."""
    spans: dict[str, list[Span]] = {}
    for turn in turns:
        spans.setdefault(turn.speaker, []).append(turn.span)
    covered = {speaker: joined for speaker, own in spans.items() if (joined := union(own))}
    # The order must not depend on the labels: nothing may depend on what a speaker is called.
    return {speaker: Coverage.of(covered[speaker]) for speaker in sorted(covered, key=lambda who: (covered[who], who))}
