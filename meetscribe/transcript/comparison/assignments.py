"""Assignments of words to speakers as edits, which select words by time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from meetscribe.timeline import Seconds
from meetscribe.transcript.edits.values import Assign
from meetscribe.transcript.words import Word


@dataclass(frozen=True, slots=True)
class Assignment:
    """Positions of words that get a new speaker.

    `edit` is None if every time span around these words also covers words of other speakers.
    """

    words: tuple[int, ...]
    speaker: str
    edit: Assign | None


def assignments(words: Sequence[Word], assigned: Mapping[int, str]) -> Iterator[Assignment]:
    """Yield the assignments, one for each run of words with the same new speaker.

    `words` have labels as speakers; `assigned` holds the new label by position. A run is divided into single words if
    each span around it (`_spans`) also covers a word that would keep another speaker.
    """
    middles = sorted((word.middle, index) for index, word in enumerate(words))

    def edit_of(run: Sequence[int]) -> Assign | None:
        speaker = assigned[run[0]]
        for start, end in _spans([words[index] for index in run]):
            if not start < end:
                continue
            edit = Assign(start, end, speaker)
            low, high = bisect_left(middles, (edit.start, -1)), bisect_left(middles, (edit.end, -1))
            covered = {index for _, index in middles[low:high]}
            others = covered - set(run)
            if set(run) <= covered and all(assigned.get(one, words[one].speaker) == speaker for one in others):
                return edit
        return None

    for run in _runs(assigned):
        if (edit := edit_of(run)) is not None or len(run) == 1:
            yield Assignment(tuple(run), assigned[run[0]], edit)
        else:
            yield from (Assignment((index,), assigned[index], edit_of([index])) for index in run)


def _runs(assigned: Mapping[int, str]) -> Iterator[list[int]]:
    """Yield runs of successive words with the same new speaker."""
    run: list[int] = []
    for index in sorted(assigned):
        if run and (index != run[-1] + 1 or assigned[index] != assigned[run[-1]]):
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _spans(words: Sequence[Word]) -> Iterator[tuple[Seconds, Seconds]]:
    """Yield spans that contain the middles of the words, in the order in which to try them.

    The first extends from the earliest start to the latest end. The others extend from the earliest to the latest
    middle, rounded outwards to 1 ms; the last one starts 1 ms earlier, which offsets rounding errors.
    """
    yield min(word.start for word in words), max(word.end for word in words)
    first, last = min(word.middle for word in words), max(word.middle for word in words)
    for earlier in (0.0, 0.001):
        yield max(0.0, int(first * 1000) / 1000 - earlier), int(last * 1000) / 1000 + 0.001
