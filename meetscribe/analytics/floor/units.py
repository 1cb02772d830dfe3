"""Inter-pausal units: speech of one speaker without a long pause, with its words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from meetscribe.analytics.activity import Speech
from meetscribe.timeline import Seconds, Span, union
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True)
class Unit:
    """An inter-pausal unit of a speaker, and the words in it."""

    start: Seconds
    end: Seconds
    speaker: str
    words: tuple[Word, ...] = ()


def units_of(speech: Speech, words: Iterable[Word], pause: Seconds) -> tuple[Unit, ...]:
    """Return the units of all speakers by start; each word belongs to the unit of its speaker nearest to its midpoint.

    Pauses shorter than `pause` do not end a unit (180 to 200 ms in the literature, as in Heldner and Edlund 2010).
    """
    by_speaker: dict[str, list[Word]] = {}
    for word in words:
        if word.speaker is not None:
            by_speaker.setdefault(word.speaker, []).append(word)
    found = [
        unit
        for speaker, spans in speech.items()
        for unit in _of_speaker(speaker, union(spans, pause), by_speaker.get(speaker, []))
    ]
    return tuple(sorted(found, key=lambda unit: (unit.start, unit.end, unit.speaker)))


def stretches(units: Iterable[Unit], pause: Seconds) -> list[list[Unit]]:
    """Return the stretches: groups of units of one speaker without pauses longer than `pause`, by speaker and start."""
    by_speaker: dict[str, list[Unit]] = {}
    for unit in units:
        by_speaker.setdefault(unit.speaker, []).append(unit)
    groups: list[list[Unit]] = []
    for spoken in by_speaker.values():
        groups.append([spoken[0]])
        for before, unit in pairwise(spoken):
            if round(unit.start - before.end, 6) <= pause:
                groups[-1].append(unit)
            else:
                groups.append([unit])
    return groups


def _of_speaker(speaker: str, spans: Sequence[Span], words: Sequence[Word]) -> list[Unit]:
    """Return the units of a speaker with their words."""
    starts = [span.start for span in spans]
    nearest: list[list[Word]] = [[] for _ in spans]  # the words of each span
    for word in words if spans else ():
        middle = word.middle
        before = max(0, bisect_right(starts, middle) - 1)
        if before + 1 < len(spans) and _distance(spans[before + 1], middle) < _distance(spans[before], middle):
            before += 1
        nearest[before].append(word)
    return [Unit(span.start, span.end, speaker, tuple(spoken)) for span, spoken in zip(spans, nearest, strict=True)]


def _distance(span: Span, time: Seconds) -> Seconds:
    """Return the seconds between a time and a span, 0 inside it."""
    return max(0.0, span.start - time, time - span.end)
