"""Parse subtitles of other programs: cues with times, rolling captions, and speakers named in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NoReturn

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import ParsedWord, segment_from_starts, segment_from_text, segment_from_words
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import UNKNOWN, naming_of, split_name
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Segment

STAMP = r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"

_ARROW = re.compile(rf"\s*{STAMP}\s*--?>\s*{STAMP}(?:\s.*)?")
_MALFORMED_TIMES = re.compile(r"\s*(?:\d+\s*:\S*\s*--?>.*|[^\s>]*\s*-->\s*\d+\s*:\s*\d+\S*\s*)")


@dataclass(frozen=True, slots=True)
class ParsedCue:
    """A cue of a file: its times and its lines as written.

    `starts` holds the start of each word, None where the file gives none; it is empty if no word has a start. It begins
    with the starts of words that `merge_rolling` removed. `ends` holds the ends in the same way; without it, a word
    lasts until the next one.
    """

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]
    starts: tuple[Seconds | None, ...] = ()
    ends: tuple[Seconds | None, ...] = ()


@dataclass(slots=True)
class _Cue:
    """A cue being parsed; `times` is None if its times are malformed, and `times_line` is their numbered line."""

    times_line: tuple[int, str]
    times: tuple[Seconds, Seconds] | None
    lines: list[str]


def parse_stamp(groups: Iterable[str | None]) -> Seconds:
    """Return the seconds of the four groups of STAMP."""
    hours, minutes, seconds, rest = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + int((rest or "0").ljust(3, "0")) / 1000


def parse_cues(lines: Iterable[tuple[int, str]], document: Document, *, blanks: bool = True) -> list[ParsedCue]:
    """Return the cues in numbered lines of a file.

    A cue extends from its times to those of the next cue, without the next cue's number. Blank lines between cues may
    be missing, and those within a cue are skipped. Unless `blanks` are usual within a cue, text below one is reported,
    or left out if it looks like an identifier. A cue with malformed times is placed between its neighbours, and one
    that ends before it starts gets its start as its end; both are reported. Raises InputError, naming the line, if text
    precedes the first cue or all cues have malformed times.
    """
    cues: list[_Cue] = []
    before: list[tuple[int, str]] = []  # the lines since the last times
    for number, line in lines:
        times = _times_in(line)
        # Malformed times directly below the times of a cue are its text.
        if times is None and not (_is_almost_times(line, before) and (before or not cues)):
            before.append((number, line))
            continue
        _finish_cue(cues, before, document, blanks, next_follows=True)
        if times is None or times[1] < times[0]:
            _report_times(document, number, line, times)
            times = times and (times[0], times[0])
        cues.append(_Cue((number, line), times, []))
        before = []
    _finish_cue(cues, before, document, blanks, next_follows=False)
    return list(_settled(cues, document))


def _times_in(line: str) -> tuple[Seconds, Seconds] | None:
    """Return the times in the first line of a cue; None for other lines."""
    match = _ARROW.fullmatch(line) if "->" in line else None
    return match and (parse_stamp(match.groups()[:4]), parse_stamp(match.groups()[4:]))


def _is_almost_times(line: str, before: Sequence[tuple[int, str]]) -> bool:
    """Return whether a line at the start or below a blank line should start a cue, but has malformed times."""
    if "->" not in line or not _MALFORMED_TIMES.fullmatch(line):
        return False
    above = [text.strip() for _, text in before[-2:]]
    return not above or not above[-1] or (above[-1].isdigit() and not any(above[:-1]))


def _finish_cue(
    cues: list[_Cue], before: Sequence[tuple[int, str]], document: Document, blanks: bool, *, next_follows: bool
) -> None:
    """Add the collected lines to the last cue.

    Unless `blanks` are usual, lines below a blank line are reported; those that `_is_identifier` accepts are left out
    instead.

    With `next_follows`, the last line is the identifier of the next cue, and is left out, if it is a number, is below a
    blank line or precedes the first cue. Raises InputError for text before the first cue.
    """
    rows = [(number, line, line.strip()) for number, line in before]
    if next_follows and rows and (not cues or rows[-1][2].isdigit() or (len(rows) > 1 and not rows[-2][2])):
        rows.pop()
    if not cues:
        for number, _, text in rows:
            if text:
                _refuse(text, f"{document.name}, line {number}")
        return
    below_blank = False
    for number, line, text in rows:
        if below_blank and text and not blanks and not _is_identifier(text):
            problem = "text below a blank line, which belongs to no cue in WebVTT, was kept in the cue above"
            document.notice("formats.blank-line", f", line {number}: {problem}", {"line": number})
        elif below_blank and text and not blanks:
            continue
        below_blank = not line or (below_blank and not text)
        if text:
            cues[-1].lines.append(text)


def _is_identifier(text: str) -> bool:
    """Return whether a line below a blank line looks like an identifier; its cue, times included, is missing."""
    return " " not in text and any(map(str.isdigit, text))


def _report_times(document: Document, number: int, line: str, times: tuple[Seconds, Seconds] | None) -> None:
    """Report invalid times."""
    problem = (
        f"invalid times: {line.strip()[:40]!r}; the cue was placed between its neighbours"
        if times is None
        else "the cue ends before it starts; its end was set to its start"
    )
    document.notice("formats.cue-times", f", line {number}: {problem}", {"line": number})


def _settled(cues: Sequence[_Cue], document: Document) -> Iterator[ParsedCue]:
    """Yield the cues; a cue without times lasts from the end of the previous one to the start of the next."""
    if cues and all(cue.times is None for cue in cues):
        number, line = cues[0].times_line
        _refuse(line.strip(), f"{document.name}, line {number}")
    starts: list[Seconds | None] = []
    following: Seconds | None = None
    for cue in reversed(cues):
        starts.append(following)
        following = cue.times[0] if cue.times else following
    last = 0.0
    for cue, following in zip(cues, reversed(starts), strict=True):
        start, end = cue.times or (last, max(last, last if following is None else following))
        yield ParsedCue(start, end, tuple(cue.lines))
        last = max(last, end)


def _refuse(line: str, place: str) -> NoReturn:
    """Raise InputError for a line where a cue should start."""
    raise InputError(
        f"{place}: expected the times of a cue, found {line[:40]!r}",
        "Write times as 00:00:01,000 --> 00:00:02,500.",
    )


def merge_rolling(cues: Sequence[ParsedCue], without_tags: Callable[[str], str] = str) -> list[ParsedCue]:
    """Remove repeated lines of rolling captions, such as YouTube's, which show each line again above the next one.

    `without_tags` removes the tags of a line. Cues roll if at least half of them begin with lines of the previous one
    and at least two of these add lines; other cues are returned unchanged.
    """
    rows = [[without_tags(line).strip() for line in cue.lines] for cue in cues]
    counts = [0 for _ in rows[:1]] + [_carried(before, after) for before, after in pairwise(rows)]
    rolling = sum(map(bool, counts))
    grows = sum(0 < count < len(row) for count, row in zip(counts, rows, strict=True))
    if 2 * rolling < len(cues) - 1 or grows < 2:
        return list(cues)
    kept = (replace(cue, lines=cue.lines[count:]) for cue, count in zip(cues, counts, strict=True))
    return [cue for cue in kept if cue.lines]


def _carried(before: list[str], after: list[str]) -> int:
    """Count the last lines of a cue that are the first lines of the next; a line of a dialogue never rolls."""
    if is_dialogue(tuple(before)) or is_dialogue(tuple(after)):
        return 0
    longest = min(len(before), len(after))
    return next((count for count in range(longest, 0, -1) if before[-count:] == after[:count]), 0)


def segments_from_cues(
    cues: Iterable[ParsedCue], document: Document, *, expect_each: bool = False
) -> list[Segment | None]:
    """Return a segment per cue, or per line of a cue with several speakers, with the speakers named before the text.

    A name holds until the next name, `?` or dialogue; in a dialogue, a line without a name has no speaker. In a file
    that names the speaker of each cue (see `naming_of`, also for `expect_each`), a cue without a name has no speaker,
    which is reported. A dialogue is two or more lines that all start with a dash, each of one speaker; the time is
    divided in proportion to their letters.
    """
    found = [cue for cue in cues if cue.lines]
    texts = [text for cue in found for text in _parts(cue.lines)]
    naming = naming_of(texts, expect_each, dialogues=any(is_dialogue(cue.lines) for cue in found))
    segments: list[Segment | None] = []
    speaker: str | None = None
    unnamed = 0
    for cue in found:
        complete = True
        parts: list[tuple[str | None, str]] = []
        for text in _parts(cue.lines):
            name, rest = split_name(text, naming.known)
            if name is not None or is_dialogue(cue.lines) or naming.each:
                complete = complete and name is not None
                speaker = None if name == UNKNOWN else name
            parts.append((speaker, rest))
        unnamed += not complete
        segments.extend(divide_cue(cue, parts))
    if naming.each and unnamed:
        problem = f": {unnamed} of {len(found)} cues lack a speaker's name; words without one have no speaker"
        document.notice("formats.unnamed-cues", problem, {"cues": unnamed, "of": len(found)})
    return segments


def divide_cue(cue: ParsedCue, parts: list[tuple[str | None, str]]) -> Iterator[Segment | None]:
    """Yield the segments of the speakers in a cue, timed in proportion to their letters.

    The words of a single speaker have the times within the cue, if there are any.
    """
    if cue.starts and len(parts) == 1:
        ((speaker, rest),) = parts
        texts = split_words(rest)
        # The first times are those of words that were removed: the name, or repeated lines of rolling captions.
        starts, ends = (times[len(times) - len(texts) :] for times in (cue.starts, cue.ends or cue.starts))
        if cue.ends:
            timed = zip(texts, starts, ends, strict=True)
            yield segment_from_words((ParsedWord(*word, speaker) for word in timed), cue.start, cue.end)
        else:
            yield segment_from_starts(texts, starts, Span(cue.start, cue.end), speaker)
        return
    weights = [max(1, sum(map(str.isalnum, rest))) for _, rest in parts]
    done = 0
    for (speaker, rest), weight in zip(parts, weights, strict=True):
        start, end = (cue.start + (cue.end - cue.start) * share / sum(weights) for share in (done, done + weight))
        yield segment_from_text(rest, start, max(start, end), speaker)
        done += weight


def _parts(lines: tuple[str, ...]) -> list[str]:
    """Return the text of a cue, with one part per line if each starts with a dash, or each with a name in capitals.

    Other lines are joined; names of other spellings count only at the start of the cue.
    """
    if is_dialogue(lines):
        return [line.lstrip()[1:].lstrip() for line in lines]
    names = [split_name(line)[0] or "" for line in lines]
    named = len(lines) > 1 and all(name.isupper() for name in names)
    return list(lines) if named else [" ".join(line.strip() for line in lines)]


def is_dialogue(lines: tuple[str, ...]) -> bool:
    """Return whether every line starts with a dash, which marks a change of speaker."""
    return len(lines) > 1 and all(line.lstrip().startswith(("-", "–")) for line in lines)
