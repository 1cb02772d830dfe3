"""Speech per speaker as exact intervals: overlap, silence, and shares per window."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from meetscribe.timeline import Seconds, Span, Turn, union

Speech: TypeAlias = Mapping[str, tuple[Span, ...]]
"""The speech of each speaker: sorted spans that neither overlap nor touch."""


@dataclass(frozen=True, slots=True)
class Region:
    """A maximal span with a constant, non-empty set of active speakers."""

    start: Seconds
    end: Seconds
    speakers: tuple[str, ...]

    @property
    def duration(self) -> Seconds:
        """The length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Overlap:
    """A span of simultaneous speech of two speakers; `speaker` began first, `other` second.

    If more than two speak at once, every pair has its own overlap.
    """

    start: Seconds
    end: Seconds
    speaker: str
    other: str


def speech_of(turns: Iterable[Turn]) -> dict[str, tuple[Span, ...]]:
    """Return the union of each speaker's turns by first appearance; a speaker with only empty turns has no spans."""
    spans: dict[str, list[Span]] = {}
    for turn in sorted(turns):
        spans.setdefault(turn.speaker, []).append(turn.span)
    return {speaker: union(spoken) for speaker, spoken in spans.items()}


def regions(speech: Speech) -> tuple[Region, ...]:
    """Return the regions of speech in order; silence has no region."""
    changes = sorted(
        (time, begins, speaker)
        for speaker, spans in speech.items()
        for span in spans
        for time, begins in ((span.start, True), (span.end, False))
    )
    active: set[str] = set()
    found: list[Region] = []
    # At the same time, ends (False) come before starts (True), so that adjacent speakers do not overlap.
    for (time, begins, speaker), (next_time, _, _) in pairwise([*changes, (math.inf, False, "")]):
        (active.add if begins else active.remove)(speaker)
        if active and time < next_time:
            found.append(Region(time, next_time, tuple(sorted(active))))
    return tuple(found)


def overlap_time(found: Iterable[Region]) -> Seconds:
    """Return the seconds with at least two active speakers."""
    return math.fsum(region.duration for region in found if len(region.speakers) > 1)


def overlap_time_by_speaker(found: Iterable[Region]) -> dict[str, Seconds]:
    """Return for each speaker the seconds of speech during which others also speak."""
    shared = (region for region in found if len(region.speakers) > 1)
    return sum_by_key((speaker, region.duration) for region in shared for speaker in region.speakers)


def sum_by_key(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the sum of the values of each key."""
    values: dict[str, list[float]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return {key: math.fsum(parts) for key, parts in values.items()}


def ratio(part: float, whole: float) -> float | None:
    """Return a share rounded to six decimals, None if the whole is 0."""
    return round(part / whole, 6) if whole > 0 else None


def overlaps(speech: Speech) -> tuple[Overlap, ...]:
    """Return the overlaps of every pair of speakers by start."""
    spans = sorted((span.start, span.end, speaker) for speaker, spoken in speech.items() for span in spoken)
    active: list[tuple[Seconds, Seconds, str]] = []
    found: list[Overlap] = []
    for start, end, speaker in spans:
        active = [span for span in active if span[1] > start]
        found += [Overlap(start, min(end, other_end), other, speaker) for _, other_end, other in active]
        active.append((start, end, speaker))
    return tuple(found)


def pauses(speech: Speech, longer_than: Seconds) -> tuple[Span, ...]:
    """Return the spans between speech in which all speakers are silent for longer than a limit."""
    heard = union(span for spans in speech.values() for span in spans)
    silences = (Span(before.end, after.start) for before, after in pairwise(heard))
    return tuple(silence for silence in silences if round(silence.end - silence.start, 6) > longer_than)


def time_within(spans: Sequence[Span], window: Span) -> Seconds:
    """Return the seconds of a speaker's speech inside a window; `spans` are sorted and do not overlap."""
    first = max(0, bisect_right(spans, window.start, key=lambda span: span.start) - 1)
    last = bisect_left(spans, window.end, key=lambda span: span.start)
    return math.fsum(span.overlap(window) for span in spans[first:last])


def time_per_window(spans: Sequence[Span], window: Seconds, count: int) -> list[Seconds]:
    """Return the seconds of `spans` inside each of `count` successive windows, which are `window` seconds long."""
    times = [0.0] * count
    for span in spans:
        for index, part in _parts(span, window):
            if index < count:
                times[index] += part
    return times


def _parts(span: Span, window: Seconds) -> Iterator[tuple[int, Seconds]]:
    """Yield the indices of the windows that a span overlaps, with the seconds in each."""
    index = int(span.start // window)
    while index * window < span.end:
        yield index, max(0.0, min(span.end, (index + 1) * window) - max(span.start, index * window))
        index += 1
