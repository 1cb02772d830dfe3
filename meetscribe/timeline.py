"""Spans of time, speaker turns, and arithmetic on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.errors import Notice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Seconds: TypeAlias = float
"""A time from the start of the recording, or a duration."""

SECONDS_PER_CHARACTER: Seconds = 0.07
"""The estimated duration of a spoken character: about 14 characters per second, an ordinary speech rate."""


def rounded(time: float) -> Seconds:
    """Return a time of the recording rounded to the millisecond, the precision of all formats.

    Raises ValueError if the result is negative, infinite or not a number.
    """
    try:
        value = round(float(time), 3) + 0.0  # turns -0.0 into 0.0
    except OverflowError:  # an integer beyond the range of floats
        value = math.inf
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"a time must be a finite number of seconds, at least 0, not {time!r}")
    return value


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open interval from `start` up to but not including `end`, in seconds.

    Raises ValueError if `end` is before `start`, or one of them is not a number.
    """

    start: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a span must not end before it starts: {self.start} to {self.end}")

    @property
    def duration(self) -> Seconds:
        """The length in seconds."""
        return self.end - self.start

    def equal_parts(self, longest: Seconds) -> tuple[Span, ...]:
        """Return as few equal parts as possible, none longer than `longest`.

        >>> Span(10, 50).equal_parts(30)
        (Span(start=10, end=30.0), Span(start=30.0, end=50))
        """
        count = max(1, math.ceil(self.duration / longest))
        edges = (self.start + self.duration * part / count for part in range(1, count))
        return tuple(Span(*pair) for pair in pairwise((self.start, *edges, self.end)))

    def overlap(self, other: Span) -> Seconds:
        """Return the seconds shared with `other`; 0 if they only touch."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Span) -> Seconds:
        """Return the seconds between the two; 0 if they touch or overlap."""
        return max(0.0, max(self.start, other.start) - min(self.end, other.end))


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """A span of speech of one speaker, with times rounded to the millisecond.

    Raises ValueError for a negative or infinite time, an end before the start, or an empty speaker.
    """

    start: Seconds
    end: Seconds
    speaker: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", rounded(self.start))
        object.__setattr__(self, "end", rounded(self.end))
        if self.end < self.start:
            raise ValueError(f"a turn must not end before it starts: {self.start} to {self.end}")
        if not self.speaker:
            raise ValueError("a turn must name its speaker")

    @property
    def span(self) -> Span:
        """The time of the turn."""
        return Span(self.start, self.end)

    @property
    def duration(self) -> Seconds:
        """The length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Diarization:
    """Speaker turns in order of time, and a voiceprint per speaker if there is one.

    `turns` of different speakers may overlap, `exclusive` has one speaker at a time. `voiceprints` maps a speaker to a
    float32 array `(dim,)` computed by `embedder`; they are ignored in comparisons.
    """

    turns: tuple[Turn, ...]
    exclusive: tuple[Turn, ...]
    voiceprints: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict, compare=False)
    embedder: str | None = None
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "turns", tuple(sorted(self.turns)))
        object.__setattr__(self, "exclusive", tuple(sorted(self.exclusive)))
        object.__setattr__(self, "voiceprints", dict(self.voiceprints))
        object.__setattr__(self, "notices", tuple(self.notices))

    @property
    def speakers(self) -> tuple[str, ...]:
        """The speakers of `turns`, in order of first appearance."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns))


@dataclass(frozen=True, slots=True)
class DetectedSpeech:
    """Speech of any speaker, found once: `padded` for recognition, `activity` for the times of words.

    Both are in order and disjoint. `padded` has short pauses filled and long speech divided; two spans may touch.
    `activity` has no padding, and all its pauses.
    """

    padded: tuple[Span, ...]
    activity: tuple[Span, ...]


def union(spans: Iterable[Span], max_gap: Seconds = 0.0) -> tuple[Span, ...]:
    """Return the time covered by at least one span, in order, with pauses shorter than `max_gap` filled.

    Adjacent spans are joined; empty spans are dropped.

    >>> union([Span(0, 1), Span(1, 2), Span(2.4, 3)], max_gap=0.5)
    (Span(start=0, end=3),)
    """
    joined: list[Span] = []
    for span in sorted(spans, key=attrgetter("start", "end")):
        if span.duration <= 0:
            continue
        if joined and _joins(span.start - joined[-1].end, max_gap):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def total(spans: Iterable[Span]) -> Seconds:
    """Return the seconds covered by at least one span; shared time counts once."""
    return math.fsum(span.duration for span in union(spans))


def overlap(span: Span, spans: Iterable[Span]) -> Seconds:
    """Return the seconds of `span` covered by at least one of `spans`."""
    return total(cut(spans, within=span))


def cut(spans: Iterable[Span], within: Span) -> tuple[Span, ...]:
    """Return the parts of `spans` inside `within`, in the given order.

    >>> cut([Span(0, 2), Span(3, 9), Span(8, 9)], within=Span(1, 4))
    (Span(start=1, end=2), Span(start=3, end=4))
    """
    return tuple(
        Span(max(span.start, within.start), min(span.end, within.end)) for span in spans if span.overlap(within) > 0
    )


def shared_time(some: Sequence[Span | Turn], others: Sequence[Span | Turn]) -> Seconds:
    """Return the seconds that two lists of spans or turns share; each is in order and without overlap.

    >>> shared_time([Span(0, 2), Span(3, 9)], [Span(1, 4), Span(8, 10)])
    3.0
    """
    seconds, i, j = 0.0, 0, 0
    while i < len(some) and j < len(others):
        seconds += max(0.0, min(some[i].end, others[j].end) - max(some[i].start, others[j].start))
        if some[i].end <= others[j].end:
            i += 1
        else:
            j += 1
    return seconds


def intersection(some: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return the time in both lists of spans, in order; each is in order and without overlap.

    >>> intersection([Span(0, 2), Span(3, 9)], [Span(1, 4), Span(8, 10)])
    (Span(start=1, end=2), Span(start=3, end=4), Span(start=8, end=9))
    """
    found, i, j = [], 0, 0
    while i < len(some) and j < len(others):
        if some[i].overlap(others[j]) > 0:
            found.append(Span(max(some[i].start, others[j].start), min(some[i].end, others[j].end)))
        if some[i].end <= others[j].end:
            i += 1
        else:
            j += 1
    return tuple(found)


def overlapping(tracks: Iterable[Iterable[Span]]) -> tuple[Span, ...]:
    """Return the time that at least two of the tracks cover, in order.

    >>> overlapping([[Span(0, 2), Span(1, 3)], [Span(2, 5)], [Span(4, 6)]])
    (Span(start=2, end=3), Span(start=4, end=5))
    """
    spans = [span for track in tracks for span in union(track)]
    changes = sorted([*((span.start, 1) for span in spans), *((span.end, -1) for span in spans)])
    found, depth = [], 0
    for (time, step), (after, _) in pairwise(changes):
        depth += step
        if depth > 1:
            found.append(Span(time, after))
    return union(found)


def merge_turns(turns: Iterable[Turn], max_gap: Seconds) -> tuple[Turn, ...]:
    """Return the turns in order of time, with pauses of a speaker shorter than `max_gap` filled.

    Turns of other speakers in the pause have no effect; empty turns are dropped.

    >>> merge_turns([Turn(0, 1, "A"), Turn(1.2, 2, "A"), Turn(1, 3, "B")], max_gap=0.5)
    (Turn(start=0.0, end=2.0, speaker='A'), Turn(start=1.0, end=3.0, speaker='B'))
    """
    spans: dict[str, list[Span]] = {}
    for turn in turns:
        spans.setdefault(turn.speaker, []).append(turn.span)
    merged = [Turn(span.start, span.end, speaker) for speaker, own in spans.items() for span in union(own, max_gap)]
    return tuple(sorted(merged))


def _joins(pause: Seconds, max_gap: Seconds) -> bool:
    """Return whether a pause is filled; rounded, so that the result does not depend on the position of the pause."""
    return pause <= 0 or round(pause, 6) < max_gap
