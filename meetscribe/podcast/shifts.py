"""Shift the times of a transcript for adverts removed or inserted after transcription."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from meetscribe.errors import SettingsError
from meetscribe.formats.chapters import Chapter
from meetscribe.timeline import Seconds, Span, Turn
from meetscribe.transcript import Segment, Transcript, Word

_CLOCK = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)"
_SHIFT = re.compile(rf"{_CLOCK}\s*=\s*([+-]){_CLOCK}")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """A shift of all times after `at`, a time in the unshifted transcript.

    If `by` is negative, -`by` seconds were removed from `at` on; if it is positive, `by` seconds were inserted there.
    Raises SettingsError for a negative or infinite `at`, and for an infinite `by`.
    """

    at: Seconds
    by: Seconds

    def __post_init__(self) -> None:
        if not (0 <= self.at < float("inf") and abs(self.by) < float("inf")):
            raise SettingsError(
                f"{self.by:+g} s at {self.at:g} s is not a shift", "Give a time of the transcript and a length."
            )


def parse_shift(text: str) -> Shift:
    """Parse a shift written as TIME=±LENGTH; raises SettingsError for any other form.

    >>> parse_shift("12:30=-45"), parse_shift("0=+1:00")
    (Shift(at=750.0, by=-45.0), Shift(at=0.0, by=60.0))
    """
    match = _SHIFT.fullmatch(text.strip())
    if match is None:
        raise SettingsError(
            f"--shift {text} is not TIME=±LENGTH",
            "Write 12:30=-45 for 45 seconds removed at 12:30, and 0=+30 for 30 seconds inserted at the start.",
        )
    at, sign, by = match.groups()[:3], match.group(4), match.groups()[4:]
    return Shift(_seconds(*at), _seconds(*by) * (-1 if sign == "-" else 1))


def shift_transcript(transcript: Transcript, shifts: Sequence[Shift]) -> Transcript:
    """Return the edited transcript with the times of the published episode.

    Words with their middle in a removed part are left out, and so are segments without words, and turns and findings
    within the part. Character times are dropped. Raises SettingsError if a shift lies within a removed part.
    """
    ordered = _ordered(shifts)
    edited = transcript.edited()
    meta = edited.meta
    segments = (tuple(_words(segment.words, ordered)) for segment in edited.segments)
    shifted = ((finding, next(_pieces(finding.span, ordered))) for finding in meta.findings)
    return edited.with_segments(Segment(words) for words in segments if words).with_meta(
        duration=moved(meta.duration, ordered, is_end=True),
        turns=tuple(_turns(meta.turns, ordered)),
        exclusive=tuple(_turns(meta.exclusive, ordered)),
        findings=tuple(replace(finding, start=span.start, end=span.end) for finding, span in shifted if span.duration),
    )


def shift_chapters(chapters: Sequence[Chapter], shifts: Sequence[Shift]) -> tuple[Chapter, ...]:
    """Return chapters with the times of the published episode; chapters within a removed part are left out.

    A chapter that begins at 0 still does, as the computed ones do. Raises SettingsError as `shift_transcript` does.
    """
    ordered = _ordered(shifts)
    following = [*(chapter.start for chapter in chapters[1:]), None]
    shifted = []
    for chapter, after in zip(chapters, following, strict=True):
        start = moved(chapter.start, ordered) if chapter.start else 0.0
        end, limit = (time if time is None else moved(time, ordered, is_end=True) for time in (chapter.end, after))
        stop = end if end is not None else limit
        if stop is None or stop > start:
            shifted.append(replace(chapter, start=start, end=end))
    return tuple(shifted)


def moved(time: Seconds, shifts: Sequence[Shift], *, is_end: bool = False) -> Seconds:
    """Return the time in the published episode; times within a removed part become its start.

    `shifts` are in order. The end of a span (`is_end`) does not move with a part inserted at that time.

    >>> [moved(time, [Shift(10, -5), Shift(20, 30)]) for time in (9.0, 12.0, 15.0, 19.0, 20.0)]
    [9.0, 10.0, 10.0, 14.0, 45.0]
    """
    offset = 0.0
    for shift in shifts:
        if time < shift.at or (is_end and time == shift.at):
            break
        offset += max(shift.by, shift.at - time)  # within a removed part, back to its start only
    return time + offset


def _seconds(hours: str | None, minutes: str | None, seconds: str) -> Seconds:
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def _ordered(shifts: Sequence[Shift]) -> list[Shift]:
    """Return the shifts in order; raises SettingsError if one lies within a removed part."""
    ordered = sorted(shifts)
    for before, after in pairwise(ordered):
        if after.at < before.at - min(0.0, before.by):
            raise SettingsError(
                f"the shift at {after.at:g} s lies within the part removed at {before.at:g} s",
                "Give times of the transcript as it is, before any shift.",
            )
    return ordered


def _words(words: Sequence[Word], shifts: Sequence[Shift]) -> Iterator[Word]:
    """Yield the remaining words with their new times; a word ends before a part inserted within it."""
    for word in words:
        middle = word.middle
        if not any(shift.at <= middle < shift.at - shift.by for shift in shifts):
            span = next(_pieces(word.span, shifts))
            yield replace(word, start=span.start, end=span.end, chars=())


def _turns(turns: Sequence[Turn], shifts: Sequence[Shift]) -> Iterator[Turn]:
    """Yield the turns with their new times, without removed ones, and split at inserted parts."""
    for turn in turns:
        yield from (Turn(span.start, span.end, turn.speaker) for span in _pieces(turn.span, shifts) if span.duration)


def _pieces(span: Span, shifts: Sequence[Shift]) -> Iterator[Span]:
    """Yield the pieces of a span between inserted parts, with their new times."""
    inside = [shift.at for shift in shifts if shift.by > 0 and span.start < shift.at < span.end]
    for start, end in pairwise([span.start, *inside, span.end]):
        begin = moved(start, shifts)
        yield Span(begin, max(begin, moved(end, shifts, is_end=True)))
