"""Parse lines of text with times, in the layouts of many programs, into blocks of a time, speakers and texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from meetscribe.formats.parts.names import UNKNOWN, is_name, prefix_of, split_name
from meetscribe.timeline import Seconds

_TIME = r"(?:\d{1,5}:)?\d{1,2}:\d{2}(?:[.,-]\d{1,3})?"
_WORDED_TIME = r"(?:(?P<hours>\d{1,5}) hours? )?(?:(?P<minutes>\d{1,2}) minutes? )?(?P<seconds>\d{1,2}) seconds?"
_MEETSCRIBE_TIME = re.compile(r"\[\d{1,5}:\d\d:\d\d\.\d\]")
_LINES = [
    re.compile(line.replace("START", f"(?P<start>{_TIME})"))
    for line in (
        # [0:01:02.3] Anna: Good morning.   [00:01.000 --> 00:03.500]  Good morning.   #00:01:02-3# Anna: Good morning.
        rf"[\[(#]START(?:\s*-->\s*(?P<end>{_TIME}))?[\])#]\s*(?P<text>.*)",
        # [Anna] 14:01:02
        r"\[(?P<clock_name>[^\[\]]{1,80})\]\s+START",
        # 0:01:02 Anna: Good morning.
        r"START\s+(?P<name>[^\s:][^:]{0,60}):\s+(?P<rest>\S.*)",
        # Anna [0:01:02]: Good morning.   Anna: (0:01:02) Good morning.   Anna (0:01:02)
        r"(?P<heading>[^\W\d].{0,60}?):?\s+[\[(]START[\])]:?(?:\s+(?P<rest>.*))?",
        # Anna  0:01:02
        r"(?P<heading>[^\W\d].{0,60}?)\s+START",
        # 0:01:02
        r"START",
        # 0:01:02 Anna
        r"START\s+(?P<below>[^\W\d][^:]{0,60})",
    )
]
"""Layouts of lines with times: meetscribe, Whisper, f4, Zoom, Descript, Rev, Otter, YouTube and Word."""

_BRACKETED_TIME, _TIME_AND_NAME = _LINES[0], _LINES[-1]

_TEAMS = re.compile(rf"(?P<heading>[^\W\d].{{0,60}}?)\s+{_WORDED_TIME}")
_TEAMS_TIME = re.compile(rf"{_WORDED_TIME}\s*{_TIME}")
_NOISE = re.compile(
    r"Transcribed by https?://\S+|Detecting language using .*|.{1,60} (?:started|stopped) transcription"
)
_LANGUAGE = re.compile(r"Detected language: (\w+)")


@dataclass(slots=True)
class TimedBlock:
    """The speakers and texts after a time in the file; `end` is None if the file gives none.

    `alone` is true if the time is alone on its line, `clock` if it is a time of day.
    """

    start: Seconds
    end: Seconds | None = None
    parts: list[tuple[str | None, str]] = field(default_factory=list)
    alone: bool = False
    clock: bool = False


@dataclass(slots=True)
class TimedLines:
    """The blocks of a text, the numbered lines before the first of them, and the language that Whisper reports."""

    blocks: list[TimedBlock]
    header: list[tuple[int, str]]
    language: str | None = None


def starts_with_time(line: str) -> bool:
    """Return whether a line has a time, or is one that Whisper, Teams or Otter write before such lines."""
    return _parse(line, frozenset(), below=False) is not None or bool(_LANGUAGE.match(line) or _NOISE.match(line))


def parse_timed_lines(text: str) -> TimedLines:
    """Return the blocks of a text; a line without a time continues the previous one, or names the next speaker."""
    lines = list(_without_repetitions([(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]))
    known, dashes, below = _names_of(lines)
    # In the layout `[0:01:02] - Anna`, lines with times name the speaker, and the text below begins with no name.
    timed = [block for _, line in lines if (block := _parse(line, known, below)) and not dashes]
    speakers = {name for block in timed for name, _ in block.parts if name is not None}
    found = TimedLines([], [])
    for number, line in lines:
        if _NOISE.fullmatch(line):
            continue
        if language := _LANGUAGE.fullmatch(line):
            found.language = language[1]
        elif block := _parse(line, known, below):
            if dashes and block.parts:  # the text is "- Anna"
                block.parts = [(block.parts[0][1][2:], "")]
            found.blocks.append(block)
        elif found.blocks:
            _continue(found.blocks[-1], line, speakers)
        else:
            found.header.append((number, line))
    return found


def _without_repetitions(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the lines that have text, without the name and time that Teams repeats above `Anna 0 minutes 3 seconds`."""
    spoken = [row for row in lines if row[1]]
    for index, (number, line) in enumerate(spoken):
        after = [text for _, text in spoken[index + 1 : index + 3]]
        if _TEAMS_TIME.fullmatch(line):
            continue
        if len(after) == 2 and _TEAMS_TIME.fullmatch(after[0]) and after[1].startswith(f"{line} "):
            continue
        yield number, line


def _names_of(lines: Sequence[tuple[int, str]]) -> tuple[frozenset[str], bool, bool]:
    """Return the names repeated before colons, and whether the file has lines of time and name in each of two layouts.

    The layouts are `[0:01:02] - Anna` and `0:01:02 Anna`. A file has one if all its lines that fit the layout hold only
    a name, with the text on the lines below.
    """
    texts = [match["text"] for _, line in lines if (match := _BRACKETED_TIME.fullmatch(_plain(line)))]
    counts = Counter(prefix for text in texts if (prefix := prefix_of(text)) is not None)
    following = [line for _, line in lines[1:]]
    dashes = bool(texts)
    below: list[bool] = []
    for (_, line), after in zip(lines, [*following, ""], strict=False):
        text_follows = bool(after) and _parse(after, frozenset(), below=False) is None
        if match := _BRACKETED_TIME.fullmatch(_plain(line)):
            dashes = dashes and text_follows and match["text"].startswith("- ") and match["text"][-1] not in ".?!…"
        elif (match := _TIME_AND_NAME.fullmatch(line)) and not any(one.fullmatch(line) for one in _LINES[:-1]):
            below.append(text_follows and is_name(match["below"].strip()) and line[-1] not in ".?!…")
    return frozenset(name for name, count in counts.items() if count > 1), dashes, bool(below) and all(below)


def _plain(line: str) -> str:
    """Return a line without the asterisks of bold text in Markdown."""
    return line.replace("**", "").strip() if line.startswith("**") else line.strip()


def _parse(line: str, known: frozenset[str], below: bool) -> TimedBlock | None:
    """Parse a line with a time; None for other lines. With `below`, a name may follow a time without a colon."""
    plain = _plain(line)
    if spoken := _TEAMS.fullmatch(plain):
        hours, minutes, seconds = (int(spoken[unit] or 0) for unit in ("hours", "minutes", "seconds"))
        return TimedBlock(hours * 3600 + minutes * 60 + seconds, parts=[(spoken["heading"], "")])
    for pattern in _LINES if below else _LINES[:-1]:
        if match := pattern.fullmatch(plain):
            groups = match.groupdict()
            if groups.get("heading") is not None and not is_name(groups["heading"]):
                continue
            end = _seconds(groups["end"]) if groups.get("end") else None
            parts = _parts(groups, plain, known)
            return TimedBlock(_seconds(groups["start"]), end, parts, alone=not parts, clock="clock_name" in groups)
    return None


def _parts(groups: dict[str, str | None], line: str, known: frozenset[str]) -> list[tuple[str | None, str]]:
    """Return the speaker and the text on a line with a time, none if it has neither."""
    text = groups.get("text")
    if text is None:
        name = groups.get("name") or groups.get("heading") or groups.get("clock_name") or groups.get("below")
        rest = groups.get("rest") or ""
        return [((name or "").strip().strip("[]") or None, rest)] if name or rest else []
    # meetscribe writes a name that does not look like one in brackets.
    name, rest = split_name(text, frozenset() if _MEETSCRIBE_TIME.match(line) else known)
    if groups.get("end") and name is not None and not text.lstrip().startswith("[") and name not in known:
        name, rest = None, text  # Whisper's console output: Whisper writes no names before colons
    return [(None if name == UNKNOWN else name, rest)] if name or rest else []


def _continue(block: TimedBlock, text: str, known: Container[str]) -> None:
    """Add a line without a time to the previous text.

    It may name its speaker if it is below a time on its own line, or if the name also appears on a line with a time.
    """
    name, rest = split_name(text, known)
    if not block.alone and name not in known:
        name, rest = None, text
    if name is not None or not block.parts:
        block.parts.append((None if name == UNKNOWN else name, rest))
    else:
        speaker, before = block.parts[-1]
        block.parts[-1] = (speaker, f"{before} {text}".strip())


def _seconds(text: str) -> Seconds:
    *hours, minutes, seconds = re.sub("[,-]", ".", text).split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)
