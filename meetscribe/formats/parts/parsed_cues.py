"""Subtitles of foreign files: cues with times, and the speaker names before their text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import segment_from_starts, segment_from_text
from meetscribe.text.splitting import split_words
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Segment

UNKNOWN = "?"
"""The name of an unknown speaker where other speakers are named."""

STAMP = r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"

_ARROW = re.compile(rf"\s*{STAMP}\s*--?>\s*{STAMP}(?:\s.*)?")
_BRACKETED = re.compile(r"\s*\[([^\[\]]{1,80})\](?:(:)\s*|\s+(?=\S))")
_NAMED = re.compile(r"(?:-\s*)?([^\s:：][^:：]{0,60}?)(?::(?:\s+|$)|：\s*)")
_TURN = re.compile(r"\s*>>+\s*")
_NUMBERED = re.compile(r"speaker[\s_-]?\w{1,3}", re.IGNORECASE)
_NAME_WORDS = 4
_PARTICLES = frozenset("al bin da de del den der di du la le ten ter van von zu".split())
_SOUNDS = frozenset("music applause laughter laughs noise silence cheering crosstalk inaudible foreign".split())


@dataclass(frozen=True, slots=True)
class ParsedCue:
    """A cue of a file: its times and its lines as written.

    `starts` holds the start of each word, None where the file gives none; it is empty if no word has a start.
    """

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]
    starts: tuple[Seconds | None, ...] = ()


def parse_stamp(groups: Iterable[str | None]) -> Seconds:
    """Return the seconds of the four groups of STAMP."""
    hours, minutes, seconds, rest = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + int((rest or "0").ljust(3, "0")) / 1000


def parse_cues(lines: Iterable[tuple[int, str]], name: str) -> Iterator[ParsedCue]:
    """Yield the cues in numbered lines of the file `name`.

    A cue reaches from its times to the next cue's times, minus that cue's number. Blank lines within a cue are skipped;
    blank lines between cues may be missing. Raises InputError naming the line of impossible times, or of text before
    the first cue.
    """
    times: tuple[Seconds, Seconds] | None = None
    texts: list[str] = []
    first = 1
    for number, line in lines:
        own = _times_in(line, texts, f"{name}, line {number}")
        if own is None:
            first = number if not any(texts) else first
            texts.append(line.strip())
            continue
        if texts and (times is None or texts[-1].isdigit() or (len(texts) > 1 and not texts[-2])):
            texts.pop()
        if times is not None:
            yield ParsedCue(*times, tuple(filter(None, texts)))
        elif any(texts):
            _refuse(next(filter(None, texts)), f"{name}, line {first}")
        times, texts = own, []
    if times is not None:
        yield ParsedCue(*times, tuple(filter(None, texts)))
    elif any(texts):
        _refuse(next(filter(None, texts)), f"{name}, line {first}")


def _times_in(line: str, before: Sequence[str], place: str) -> tuple[Seconds, Seconds] | None:
    """Return the times of a line that starts a cue, else None; `before` holds the lines since the last times."""
    if "->" not in line:
        return None
    if match := _ARROW.fullmatch(line):
        start, end = parse_stamp(match.groups()[:4]), parse_stamp(match.groups()[4:])
        if end < start:
            raise InputError(f"{place}: the cue ends before it starts", "Correct the times of the cue.")
        return start, end
    above = [text for text in before[-2:] if not text.isdigit()]
    if "-->" in line and not any(above[-1:]):
        _refuse(line, place)
    return None


def _refuse(line: str, place: str) -> None:
    """Raise InputError for a line where a cue should start."""
    raise InputError(
        f"{place}: expected the times of a cue, found {line[:40]!r}",
        "Write times as 00:00:01,000 --> 00:00:02,500.",
    )


def merge_rolling(cues: Sequence[ParsedCue], shown: Callable[[str], str] = str) -> list[ParsedCue]:
    """Remove repeated lines of rolling captions, such as YouTube's, which show each line again above the next.

    `shown` returns a line without its tags. Cues that do not roll are returned unchanged.
    """
    rows = [[shown(line).strip() for line in cue.lines] for cue in cues]
    counts = [0 for _ in rows[:1]] + [_carried(before, after) for before, after in pairwise(rows)]
    rolling = sum(map(bool, counts))
    grows = any(0 < count < len(row) for count, row in zip(counts, rows, strict=True))
    if rolling < 2 or 2 * rolling < len(cues) - 1 or not grows:
        return list(cues)
    kept = (replace(cue, lines=cue.lines[count:]) for cue, count in zip(cues, counts, strict=True))
    return [cue for cue in kept if cue.lines]


def _carried(before: list[str], after: list[str]) -> int:
    """Count the last lines of a cue that are the first lines of the next."""
    longest = min(len(before), len(after))
    return next((count for count in range(longest, 0, -1) if before[-count:] == after[:count]), 0)


def split_name(text: str, known: Container[str] = ()) -> tuple[str | None, str]:
    """Split the speaker's name off a text; the name is None if the text has none.

    A name stands in brackets that do not describe a sound, or before a colon. Before a colon it is short and has no
    word in lower case, except words with a digit and particles such as "van", or it is `known`. `>>` marks a change of
    speaker: "?" if no name follows.

    >>> split_name("[SPEAKER_00]: Yes."), split_name("Anna Berg: Yes."), split_name("three points: the budget")
    (('SPEAKER_00', 'Yes.'), ('Anna Berg', 'Yes.'), (None, 'three points: the budget'))
    >>> split_name("[Music] Yes."), split_name(">> Yes.")
    ((None, '[Music] Yes.'), ('?', 'Yes.'))
    """
    if turn := _TURN.match(text):
        name, rest = split_name(text[turn.end() :], known)
        return name or UNKNOWN, rest
    if (bracketed := _BRACKETED.match(text)) and (bracketed[2] or _is_label(bracketed[1])):
        return one_line(bracketed[1]) or None, text[bracketed.end() :]
    named = _NAMED.match(text)
    if named is None:
        return None, text
    return (named[1], text[named.end() :]) if named[1] in known or is_name(named[1]) else (None, text)


def _is_label(text: str) -> bool:
    """Return whether text in brackets names a speaker rather than a sound."""
    return bool(_NUMBERED.fullmatch(text)) or (is_name(text) and text.split()[0].lower() not in _SOUNDS)


def is_name(text: str) -> bool:
    """Return whether text before a colon looks like a name, or is the sign of an unknown speaker."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word not in _PARTICLES]
    named = any(map(str.isalnum, text)) and len(words) <= _NAME_WORDS
    return text == UNKNOWN or (named and words[-1] not in _PARTICLES and not any(map(str.isalpha, small)))


def segments_from_cues(cues: Iterable[ParsedCue]) -> Iterator[Segment | None]:
    """Yield a segment per cue, two for a dialogue.

    A name holds until the next name, `?` ends it. Two lines that both start with a dash belong to two speakers and
    divide the time by their letters. If every cue has a colon, text that precedes it more than once is a name in any
    spelling.
    """
    found = list(cues)
    known = _names_in(found)
    speaker: str | None = None
    for cue in found:
        parts: list[tuple[str | None, str]] = []
        for text in _parts(cue.lines):
            name, rest = split_name(text, known)
            if name is not None or is_dialogue(cue.lines):
                speaker = None if name == UNKNOWN else name
            parts.append((speaker, rest))
        yield from divide_cue(cue, parts)


def _names_in(cues: Sequence[ParsedCue]) -> frozenset[str]:
    """Return the names before the colons of a file in which every cue has one, as conference systems write it."""
    texts = [" ".join(cue.lines) for cue in cues if cue.lines]
    names = Counter(named[1] for text in texts if (named := _NAMED.match(text)))
    return frozenset(name for name, count in names.items() if count > 1) if names.total() == len(texts) else frozenset()


def divide_cue(cue: ParsedCue, parts: list[tuple[str | None, str]]) -> Iterator[Segment | None]:
    """Yield the segments of the speakers in a cue, timed by the times within it or in proportion to their letters."""
    if cue.starts and len(parts) == 1:
        ((speaker, rest),) = parts
        texts = split_words(rest)
        yield segment_from_starts(texts, cue.starts[len(cue.starts) - len(texts) :], Span(cue.start, cue.end), speaker)
        return
    weights = [max(1, sum(map(str.isalnum, rest))) for _, rest in parts]
    done = 0
    for (speaker, rest), weight in zip(parts, weights, strict=True):
        since, until = (cue.start + (cue.end - cue.start) * share / sum(weights) for share in (done, done + weight))
        yield segment_from_text(rest, since, max(since, until), speaker)
        done += weight


def _parts(lines: tuple[str, ...]) -> list[str]:
    """Return the text of a cue, divided where each line belongs to another speaker."""
    if is_dialogue(lines):
        return [line.lstrip()[1:].lstrip() for line in lines]
    names = [split_name(line)[0] or "" for line in lines]
    named = len(lines) > 1 and all(name.isupper() for name in names)
    return list(lines) if named else [" ".join(line.strip() for line in lines)]


def is_dialogue(lines: tuple[str, ...]) -> bool:
    """Return whether every line starts with a dash, which marks a change of speaker."""
    return len(lines) > 1 and all(line.lstrip().startswith(("-", "–")) for line in lines)
