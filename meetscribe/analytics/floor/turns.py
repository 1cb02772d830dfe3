"""The division of speech into turns and backchannels; a backchannel does not end the turn of another speaker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from meetscribe.analytics.floor.units import Unit, stretches
from meetscribe.analytics.lexical.lexicon import Lexicon
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.text.joining import join_words, unspaced
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True)
class FloorTurn:
    """A run of speech of one speaker, including its pauses, or a backchannel."""

    start: Seconds
    end: Seconds
    speaker: str
    words: tuple[Word, ...] = ()

    @property
    def duration(self) -> Seconds:
        """The length in seconds, including pauses."""
        return self.end - self.start

    @property
    def text(self) -> str:
        """The words as running text."""
        return join_words(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Floor:
    """The turns of a meeting by start, and the backchannels."""

    turns: tuple[FloorTurn, ...]
    backchannels: tuple[FloorTurn, ...]


def divide(units: Sequence[Unit], lexicon: Lexicon, settings: AnalyticsSettings) -> Floor:
    """Return the turns and the backchannels.

    A turn is a maximal run of units of one speaker with pauses of at most `turn_pause`, during which no other speaker
    speaks, except for backchannels. A backchannel is speech of at most `backchannel` seconds, fully inside another
    speaker's turn; if its words are known, there are at most `backchannel_words`, all of them in the lexicon of the
    language, if there is one (Yngve 1970; Ward and Tsukahara 2000).
    """
    candidates: list[list[Unit]] = []
    others: list[list[Unit]] = []
    for stretch in stretches(units, settings.turn_pause):
        (candidates if _can_be_backchannel(stretch, lexicon, settings) else others).append(stretch)
    turns = _turns((unit for stretch in others for unit in stretch), settings.turn_pause)
    inside = _inside_others(candidates, turns)
    backchannels = [stretch for stretch, is_inside in zip(candidates, inside, strict=True) if is_inside]
    outside = [stretch for stretch, is_inside in zip(candidates, inside, strict=True) if not is_inside]
    if outside:  # short speech outside the turns of others is part of a turn itself
        turns = _turns((unit for stretch in (*others, *outside) for unit in stretch), settings.turn_pause)
    return Floor(turns, tuple(sorted(map(_joined, backchannels), key=_position)))


def _can_be_backchannel(stretch: Sequence[Unit], lexicon: Lexicon, settings: AnalyticsSettings) -> bool:
    """Return whether a stretch is short enough for a backchannel and has only words of backchannels."""
    if round(stretch[-1].end - stretch[0].start, 6) > settings.backchannel:
        return False
    words = [word for unit in stretch for word in unit.words]
    max_words = settings.backchannel_words * (2 if words and all(unspaced(word.text[0]) for word in words) else 1)
    return len(words) <= max_words and lexicon.is_backchannel([word.text for word in words])


def _turns(units: Iterable[Unit], pause: Seconds) -> tuple[FloorTurn, ...]:
    """Return the units joined into turns; see `divide`."""
    runs: list[list[Unit]] = []
    latest: dict[str, int] = {}  # index of each speaker's latest run
    ends = _LatestEnds()
    ordered = sorted(units, key=lambda unit: (unit.start, unit.end, unit.speaker))
    for _, batch in groupby(ordered, key=lambda unit: unit.start):
        simultaneous = list(batch)  # units that begin at the same time do not end each other's turns
        for unit in simultaneous:
            index = latest.get(unit.speaker)
            if index is None or not _continues(runs[index][-1].end, unit, pause, ends):
                index = latest[unit.speaker] = len(runs)
                runs.append([])
            runs[index].append(unit)
        for unit in simultaneous:
            ends.add(unit.speaker, unit.end)
    return tuple(map(_joined, runs))


def _continues(end: Seconds, unit: Unit, pause: Seconds, ends: _LatestEnds) -> bool:
    """Return whether a unit continues its speaker's turn, which has lasted until `end` so far.

    The pause must be short, and no other speaker may have spoken after `end`.
    """
    return round(unit.start - end, 6) <= pause and ends.of_others(unit.speaker) <= end


class _LatestEnds:
    """The latest end of speech so far of all speakers but one, whichever is asked for.

    Two ends, of different speakers, are enough for this: the latest, and the latest of the other speakers.
    """

    def __init__(self) -> None:
        self._first: tuple[Seconds, str] = (-1.0, "")
        self._second: tuple[Seconds, str] = (-1.0, "")

    def add(self, speaker: str, end: Seconds) -> None:
        """Add speech of a speaker."""
        if speaker == self._first[1]:
            self._first = max(self._first, (end, speaker))
        elif end > self._first[0]:
            self._first, self._second = (end, speaker), self._first
        elif end > self._second[0]:
            self._second = (end, speaker)

    def of_others(self, speaker: str) -> Seconds:
        """Return the latest end of speech of the other speakers, -1 without any."""
        return self._second[0] if speaker == self._first[1] else self._first[0]


def _inside_others(candidates: Sequence[Sequence[Unit]], turns: Sequence[FloorTurn]) -> list[bool]:
    """Return for each stretch whether it is fully inside a turn of another speaker."""
    inside = [False] * len(candidates)
    order = sorted(range(len(candidates)), key=lambda index: candidates[index][0].start)
    active: list[FloorTurn] = []
    upcoming = 0  # index of the first turn that begins later
    for index in order:
        stretch = candidates[index]
        start, end = stretch[0].start, stretch[-1].end
        while upcoming < len(turns) and turns[upcoming].start <= start:
            active.append(turns[upcoming])
            upcoming += 1
        active = [turn for turn in active if turn.end >= start]
        inside[index] = any(turn.end >= end and turn.speaker != stretch[0].speaker for turn in active)
    return inside


def _joined(units: Sequence[Unit]) -> FloorTurn:
    """Return units of one speaker as one turn."""
    words = tuple(word for unit in units for word in unit.words)
    return FloorTurn(units[0].start, units[-1].end, units[0].speaker, words)


def _position(turn: FloorTurn) -> tuple[Seconds, Seconds, str]:
    return turn.start, turn.end, turn.speaker
