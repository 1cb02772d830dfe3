"""Subtitles as they are found in files: cues with times, and the names before their text; writing is in cues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meetscribe.errors import InputError
from meetscribe.formats.building import segment_of_text
from meetscribe.formats.document import Document
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment
from meetscribe.transcript.plain import one_line

UNKNOWN = "?"
"""The name before an unknown speaker's text where others are named."""

STAMP = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
ARROW = re.compile(rf"\s*{STAMP}\s*--?>\s*{STAMP}(?:\s.*)?")

_BRACKETED = re.compile(r"\s*\[([^\[\]]{1,80})\](?::\s*|\s+|$)")
_NAMED = re.compile(r"(?:-\s*|>>\s*)?([^\s:：][^:：]{0,60}?)(?::(?:\s+|$)|：\s*)")
_NAME_WORDS = 4
_PARTICLES = frozenset("al bin da de del den der di du la le ten ter van von zu".split())


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue of a file: its times and its lines, as they stand there."""

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]


def seconds_of(groups: Iterable[str | None]) -> Seconds:
    """The time of the four groups of STAMP."""
    hours, minutes, seconds, rest = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + int((rest or "0").ljust(3, "0")) / 1000


def blocks(document: Document) -> Iterator[tuple[int, list[str]]]:
    """The stretches of lines between blank lines, each with the number of its first line."""
    block: list[str] = []
    number = 0
    for number, line in enumerate(document.text.split("\n"), start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield number - len(block) + 1, block


def cue_of(block: list[str], place: str) -> FoundCue:
    """The cue of a block of lines, whatever stands before its times; raises InputError if it has none."""
    for index, line in enumerate(block[:2]):
        if match := ARROW.fullmatch(line):
            start, end = seconds_of(match.groups()[:4]), seconds_of(match.groups()[4:])
            if end < start:
                raise InputError(f"{place}: the cue ends before it starts", "Correct its times.")
            return FoundCue(start, end, tuple(block[index + 1 :]))
    raise InputError(
        f"{place}: expected the times of a cue, found {block[0][:40]!r}",
        "Times are written as 00:00:01,000 --> 00:00:02,500.",
    )


def split_name(text: str) -> tuple[str | None, str]:
    """The name before a text, None if there is none, and the text after it.

    A name stands in brackets, or before a colon: then it is short, and none of its words starts with a small
    letter, unless the word has a digit or is a particle such as "van".

    >>> split_name("[SPEAKER_00]: Yes."), split_name("Anna Berg: Yes."), split_name("three points: the budget")
    (('SPEAKER_00', 'Yes.'), ('Anna Berg', 'Yes.'), (None, 'three points: the budget'))
    """
    if bracketed := _BRACKETED.match(text):
        return one_line(bracketed[1]) or None, text[bracketed.end() :]
    named = _NAMED.match(text)
    if named is None:
        return None, text
    return (named[1], text[named.end() :]) if _is_name(named[1]) else (None, text)


def _is_name(text: str) -> bool:
    """Whether what stands before a colon looks like a name, or is the sign of an unknown speaker."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word not in _PARTICLES]
    named = any(map(str.isalnum, text)) and len(words) <= _NAME_WORDS
    return text == UNKNOWN or (named and words[-1] not in _PARTICLES and not any(map(str.isalpha, small)))


def segments_of(cues: Iterable[FoundCue]) -> Iterator[Segment | None]:
    """A segment for each cue, two for a dialogue; a name holds until the next, `?` ends what it says.

    Lines that both start with a dash are two speakers', each with half of the time by letters.
    """
    speaker: str | None = None
    for cue in cues:
        parts: list[tuple[str | None, str]] = []
        for text in _parts(cue.lines):
            name, said = split_name(text)
            if name is not None or is_dialogue(cue.lines):
                speaker = None if name == UNKNOWN else name
            parts.append((speaker, said))
        yield from share_cue(cue, parts)


def share_cue(cue: FoundCue, parts: list[tuple[str | None, str]]) -> Iterator[Segment | None]:
    """Segments of what several speakers say in a cue, its time shared out by letters."""
    weights = [max(1, sum(map(str.isalnum, said))) for _, said in parts]
    done = 0
    for (speaker, said), weight in zip(parts, weights, strict=True):
        since, until = (cue.start + (cue.end - cue.start) * share / sum(weights) for share in (done, done + weight))
        yield segment_of_text(said, since, max(since, until), speaker)
        done += weight


def _parts(lines: tuple[str, ...]) -> list[str]:
    """The text of a cue, in parts where each line is another speaker's."""
    if is_dialogue(lines):
        return [line.lstrip()[1:].lstrip() for line in lines]
    names = [split_name(line)[0] or "" for line in lines]
    named = len(lines) > 1 and all(name.isupper() for name in names)
    return list(lines) if named else [" ".join(line.strip() for line in lines)]


def is_dialogue(lines: tuple[str, ...]) -> bool:
    """Whether each line is another speaker's, as dashes say."""
    return len(lines) > 1 and all(line.lstrip().startswith(("-", "–")) for line in lines)
