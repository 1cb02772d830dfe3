"""Changes from one turn to the next with their floor transfer offset, and counts of transitions between speakers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, TypeAlias

from meetscribe.analytics.floor.turns import FloorTurn
from meetscribe.timeline import Seconds

GapKind: TypeAlias = Literal["gap", "overlap", "pause"]
"""Silence between two speakers, simultaneous speech of both, or silence between two turns of one speaker."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The change from one turn, which ends at `end`, to the next: `offset` is `next_start` minus `end`.

    A negative offset is an overlap (floor transfer offset: Heldner and Edlund 2010, Levinson and Torreira 2015).
    """

    end: Seconds
    next_start: Seconds
    speaker: str
    next_speaker: str

    @property
    def offset(self) -> Seconds:
        """The seconds from the end to the next start, negative for an overlap."""
        return round(self.next_start - self.end, 3)

    @property
    def kind(self) -> GapKind:
        """Gap, overlap or pause."""
        if self.speaker == self.next_speaker:
            return "pause"
        return "overlap" if self.offset < 0 else "gap"


@dataclass(frozen=True, slots=True)
class Transition:
    """The number of times `next_speaker` follows `speaker`.

    `share` is the share of the changes from `speaker` to anyone, `median_offset` the median floor transfer offset.
    """

    speaker: str
    next_speaker: str
    count: int
    share: float
    median_offset: Seconds


def gaps_of(turns: Iterable[FloorTurn]) -> tuple[Gap, ...]:
    """Return the changes between successive turns, skipping turns inside another turn, which do not take the floor.

    The turns must be sorted by start.
    """
    found: list[Gap] = []
    holder: FloorTurn | None = None
    for turn in turns:
        if holder is not None and turn.end <= holder.end:
            continue
        if holder is not None:
            found.append(Gap(holder.end, turn.start, holder.speaker, turn.speaker))
        holder = turn
    return tuple(found)


def transitions_of(gaps: Sequence[Gap]) -> tuple[Transition, ...]:
    """Return the transitions between different speakers, the most frequent first."""
    offsets: dict[tuple[str, str], list[Seconds]] = {}
    for gap in gaps:
        if gap.speaker != gap.next_speaker:
            offsets.setdefault((gap.speaker, gap.next_speaker), []).append(gap.offset)
    totals: dict[str, int] = {}
    for (speaker, _), values in offsets.items():
        totals[speaker] = totals.get(speaker, 0) + len(values)
    found = [
        Transition(speaker, next_speaker, len(values), len(values) / totals[speaker], round(median(values), 3))
        for (speaker, next_speaker), values in offsets.items()
    ]
    return tuple(sorted(found, key=lambda transition: -transition.count))
