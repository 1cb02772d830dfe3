"""Revisions of the words' speakers: the differences between the displayed words and a new diarization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

from meetscribe.attribution.assignment import assign
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.live import events
from meetscribe.live.events import Draft
from meetscribe.live.transcript import LiveSegment
from meetscribe.timeline import Diarization, Span, Turn
from meetscribe.transcript import Word

Place: TypeAlias = tuple[str, int]
"""A segment's id and the position of a word in it."""


def speaker_revisions(
    segments: Sequence[LiveSegment], diarization: Diarization, within: Span, settings: AttributionSettings
) -> list[Draft]:
    """Return the revisions of the words within a span whose speakers change.

    A word without a turn keeps its speaker.
    """
    wanted = _wanted(segments, diarization, within, settings)
    drafts = []
    for segment in segments:
        changes = [
            (place, speaker)
            for place, word in enumerate(segment.words)
            if word is not None and (speaker := wanted.get((segment.id, place))) and speaker != word.speaker
        ]
        for number, (first, last, speaker) in enumerate(_runs(changes), start=segment.revision + 1):
            drafts.append(events.revise_speaker(segment.id, number, first, last, speaker))
    return drafts


def shown_turns(segments: Iterable[LiveSegment]) -> tuple[Turn, ...]:
    """Return a turn for each word with a speaker."""
    words = (word for segment in segments for word in segment.visible)
    return tuple(sorted(Turn(word.start, word.end, word.speaker) for word in words if word.speaker))


def _wanted(
    segments: Sequence[LiveSegment], diarization: Diarization, within: Span, settings: AttributionSettings
) -> Mapping[Place, str | None]:
    """Return the speaker of each word that begins and ends within a span."""
    words: list[tuple[Word, Place]] = [
        (word.attributed(None, None, None, False), (segment.id, place))
        for segment in segments
        for place, word in enumerate(segment.words)
        if word is not None and within.start <= word.start and word.end <= within.end
    ]
    words.sort(key=lambda item: item[0].start)
    assigned = assign([word for word, _ in words], diarization, settings)
    return {place: word.speaker for (_, place), word in zip(words, assigned, strict=True)}


def _runs(changes: Sequence[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Return the first and last position of each run of adjacent positions with the same speaker.

    >>> _runs([(0, "A"), (1, "A"), (3, "A"), (4, "B")])
    [(0, 1, 'A'), (3, 3, 'A'), (4, 4, 'B')]
    """
    numbered = enumerate(changes)
    groups = groupby(numbered, key=lambda item: (item[1][0] - item[0], item[1][1]))
    runs = []
    for (_, speaker), group in groups:
        places = [place for _, (place, _) in group]
        runs.append((places[0], places[-1], speaker))
    return runs
