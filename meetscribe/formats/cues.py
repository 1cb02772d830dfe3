"""Subtitle cues, cut from segments by the times of their words; how they are spelled is each format's."""

from __future__ import annotations

import heapq
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.joining import space_between
from meetscribe.transcript.plain import one_line

LINE_WIDTH = 42
"""Columns of a line, as broadcasters and streaming services ask; a Han or Kana character takes two."""

MAX_DURATION_MS = 7000
"""The longest a cue may stay."""

UNKNOWN = "?"
"""The name before an unknown speaker's text where others are named."""

_SENTENCE_ENDS = tuple(".?!…。？！؟۔।")
_CLAUSE_ENDS = tuple(",;:–—،؛、，；：")


@dataclass(frozen=True, slots=True)
class Cue:
    """What is on the screen from `start_ms` to `end_ms`: one speaker, at most two lines."""

    start_ms: int
    end_ms: int
    name: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece of text that is kept on one line: a word with the punctuation after it, or part of a word."""

    text: str
    start_ms: int
    end_ms: int
    spaced: bool  # whether a space goes before it, unless it opens a line
    width: int


def make_cues(transcript: Transcript, named: bool) -> list[Cue]:
    """The cues of a transcript; their starts never fall, and each lasts 1 ms to 7 s.

    With `named`, the text of a cue starts with `Name: ` where the speaker is another than in the cue before.
    Where people talk at the same time, cues of different speakers overlap.
    """
    streams = _streams(transcript)
    waiting = [(units[0][0].start_ms, index) for index, (_, units) in enumerate(streams) if units]
    heapq.heapify(waiting)
    anyone = any(name is not None for name, _ in streams)
    cues: list[Cue] = []
    while waiting:
        start_ms, index = heapq.heappop(waiting)
        name, units = streams[index]
        changed = not cues or cues[-1].name != name
        label = _label(name) if named and anyone and changed else ""
        count = _cue_length(units[0], label)
        taken, units[0] = units[0][:count], units[0][count:]
        end_ms = max(start_ms + 1, *(unit.end_ms for unit in taken))
        cues.append(Cue(start_ms, min(end_ms, start_ms + MAX_DURATION_MS), name, _lines(taken, label)))
        if not units[0]:
            del units[0]
        if units:
            # Never before what this speaker just said, whatever the words' times say.
            heapq.heappush(waiting, (max(units[0][0].start_ms, start_ms), index))
    return cues


def timestamp(time_ms: int, point: str) -> str:
    """A time as hours, minutes, seconds and milliseconds, with `point` before the last.

    >>> timestamp(3_723_004, ",")
    '01:02:03,004'
    """
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{point}{milliseconds:03}"


def _streams(transcript: Transcript) -> list[tuple[str | None, deque[Sequence[_Unit]]]]:
    """What each speaker says, segment after segment, with the name; None for who is not known."""
    streams: dict[str | None, deque[Sequence[_Unit]]] = {}
    for segment in sorted(transcript.segments, key=lambda segment: segment.start):
        name = shown_name(transcript, segment.speaker) or None
        if units := _units(segment):
            streams.setdefault(name, deque()).append(units)
    return list(streams.items())


def _label(name: str | None) -> str:
    """What stands before a speaker's text, cut to fit on a line."""
    label = f"{name or UNKNOWN}:"
    return label if _width(label) <= LINE_WIDTH else label[: _fitting(label, LINE_WIDTH - 2)].rstrip() + "…:"


def _units(segment: Segment) -> tuple[_Unit, ...]:
    """The segment's words, closing punctuation put to the word before it, long words in parts of a line."""
    whole: list[tuple[str, int, int]] = []
    for word in segment.words:
        text = one_line(word.text)
        if not text:
            continue
        start_ms, end_ms = round(word.start * 1000), round(word.end * 1000)
        if whole and not any(map(str.isalnum, text)) and not space_between(whole[-1][0], text):
            before, since_ms, until_ms = whole[-1]
            whole[-1] = (before + text, since_ms, max(until_ms, end_ms))
        else:
            whole.append((text, start_ms, end_ms))
    units: list[_Unit] = []
    for text, start_ms, end_ms in whole:
        spaced = bool(units) and space_between(units[-1].text, text)
        units.extend(_parts(text, start_ms, end_ms, spaced))
    return tuple(units)


def _parts(text: str, start_ms: int, end_ms: int, spaced: bool) -> Iterator[_Unit]:
    """The text in pieces that fit on a line, its time shared out by characters."""
    done = 0
    while done < len(text):
        size = _fitting(text[done:])
        piece = text[done : done + size]
        since_ms, until_ms = (start_ms + (end_ms - start_ms) * part // len(text) for part in (done, done + size))
        yield _Unit(piece.strip(), since_ms, until_ms, spaced, _width(piece.strip()))
        done += size
        spaced = piece.endswith(" ")


def _fitting(text: str, width: int = LINE_WIDTH) -> int:
    """How many characters of the text fit into that width, up to a space where there is one."""
    if _width(text) <= width:
        return len(text)
    size = 1
    while _width(text[: size + 1]) <= width:
        size += 1
    space = text.rfind(" ", 0, size + 1)
    return space + 1 if space > 0 else size


def _cue_length(units: Sequence[_Unit], label: str) -> int:
    """How many of the units the next cue takes: as many as fit, less what reads better in the cue after."""
    fit = 1
    while fit < len(units) and _fits(units[: fit + 1], label):
        fit += 1
    if fit == len(units):
        return fit
    return max(range((fit + 2) // 3, fit + 1), key=lambda count: (_break_quality(units, count), count))


def _fits(units: Sequence[_Unit], label: str) -> bool:
    """Whether the units make one cue."""
    duration_ms = max(unit.end_ms for unit in units) - units[0].start_ms
    return duration_ms <= MAX_DURATION_MS and _first_line(units, label) is not None


def _break_quality(units: Sequence[_Unit], count: int) -> int:
    """How good it is to end a cue after `count` units: best after a sentence, then a clause or a pause."""
    before, after = units[count - 1], units[count]
    lonely = -2 if len(units) - count < 3 else 0
    if before.text.endswith(_SENTENCE_ENDS):
        return 3
    if before.text.endswith(_CLAUSE_ENDS) or after.start_ms - before.end_ms >= 300:
        return 2 + lonely
    return lonely


def _first_line(units: Sequence[_Unit], label: str) -> int | None:
    """How many units go on the first of at most two lines of like width; None if they do not fit."""
    ends = list(accumulate((unit.width + unit.spaced for unit in units), initial=0))

    def first(count: int) -> int:
        text = max(0, ends[count] - units[0].spaced)
        return text + _width(label) + bool(label and count)

    def second(count: int) -> int:
        return ends[-1] - ends[count] - units[count].spaced

    if first(len(units)) <= LINE_WIDTH:
        return len(units)
    counts = range(0 if label else 1, len(units))
    fitting = [count for count in counts if first(count) <= LINE_WIDTH and second(count) <= LINE_WIDTH]
    return min(fitting, key=lambda count: abs(first(count) - second(count)), default=None)


def _lines(units: Sequence[_Unit], label: str) -> tuple[str, ...]:
    """The units, which fit, as one or two lines."""
    count = _first_line(units, label) or 0
    above, below = _text(units[:count]), _text(units[count:])
    return tuple(filter(None, (f"{label} {above}".strip(), below)))


def _text(units: Sequence[_Unit]) -> str:
    """The units as running text."""
    return "".join(f" {unit.text}" if unit.spaced else unit.text for unit in units).lstrip()


def _width(text: str) -> int:
    """Columns of the text on a screen: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
