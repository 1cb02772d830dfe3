"""Plain text to read and to quote: a line per utterance, in our layout or that of a template."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import pairwise

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import is_name, split_name
from meetscribe.formats.parts.parsed_cues import ParsedCue, divide_cue
from meetscribe.formats.parts.templates import format_lines
from meetscribe.formats.parts.utterances import paragraphs as speaker_paragraphs
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock
from meetscribe.transcript.utterances import utterances

_TIME = r"(?:\d{1,5}:)?\d{1,2}:\d{2}(?:[.,-]\d{1,3})?"
_LINES = [
    re.compile(line.replace("START", f"(?P<start>{_TIME})"))
    for line in (
        # [0:01:02.3] Anna: Good morning.   [00:01.000 --> 00:03.500]  Good morning.   #00:01:02-3# Anna: Good morning.
        rf"[\[(#]START(?:\s*-->\s*(?P<end>{_TIME}))?[\])#]\s*(?:(?P<name>.{{0,80}}?\S):\s+)?(?P<rest>.*)",
        # 0:01:02 Anna: Good morning.
        r"START\s+(?P<name>[^\s:][^:]{0,60}):\s+(?P<rest>\S.*)",
        # Anna [0:01:02]: Good morning.   Anna: (0:01:02) Good morning.   Anna (0:01:02)
        r"(?P<heading>[^\W\d].{0,60}?):?\s+[\[(]START[\])]:?(?:\s+(?P<rest>.*))?",
        # Anna  0:01:02
        r"(?P<heading>[^\W\d].{0,60}?)\s+START",
        # 0:01:02
        r"START",
    )
]
"""Lines with times as meetscribe, Whisper, f4, Zoom, Descript, Rev, Otter and YouTube write them."""

_FOOTER = re.compile(r"Transcribed by https?://\S+")
_LETTER: Seconds = 0.07
"""Estimated duration of a character, for the last line, whose end is unknown."""


@dataclass(slots=True)
class _Block:
    """The names and texts after a time in the file; `end` is None if the file gives none.

    `alone` is true if the time has a line of its own.
    """

    start: Seconds
    end: Seconds | None
    parts: list[tuple[str | None, str]]
    alone: bool


def matches(document: Document) -> bool:
    """Return whether the file starts with a line with a time, such as `[0:01:02.3] Anna: Good morning.`."""
    return is_time_line(document.head.partition("\n")[0])


def read(document: Document) -> Transcript:
    """Read lines with times, each until the next one starts; raises InputError naming the line.

    The time may also stand with the name or alone above the text, and lines may give their end. Text before the first
    colon of a line with a time is the speaker's name. A line without a time continues the previous one, or starts with
    the name of another speaker.
    """
    lines = [(line.strip(), _parse_time_line(line)) for line in document.text.splitlines()]
    known = {name for _, block in lines if block is not None for name, _ in block.parts if name is not None}
    found: list[_Block] = []
    for number, (text, block) in enumerate(lines, start=1):
        if block is not None:
            found.append(block)
        elif text and not found:
            raise InputError(
                f"{document.name}, line {number}: no time before the text",
                "Write lines as: [0:01:02.3] Anna: Good morning.",
            )
        elif text and not _FOOTER.fullmatch(text):
            _continue(found[-1], text, known)
    return assemble(_segments(found))


def is_time_line(line: str) -> bool:
    """Return whether a line starts with a time, or with a name and a time."""
    return _parse_time_line(line) is not None


def _parse_time_line(line: str) -> _Block | None:
    """Parse a line with a time; None for other lines."""
    plain = line.replace("**", "").strip() if line.startswith("**") else line.strip()
    for pattern in _LINES:
        if match := pattern.fullmatch(plain):
            own = match.groupdict()
            heading, rest = own.get("heading"), own.get("rest") or ""
            if heading is not None and not is_name(heading):
                continue
            name = (own.get("name") or heading or "").strip("[]") or None
            end = own.get("end")
            parts = [(name, rest)] if name or rest else []
            return _Block(_seconds(own["start"]), None if end is None else _seconds(end), parts, not parts)
    return None


def _continue(block: _Block, text: str, known: Container[str]) -> None:
    """Add a line without a time to the previous text.

    It may name its speaker below a time on its own line, and elsewhere if lines with times have that name.
    """
    name, rest = split_name(text, known)
    if not block.alone and name not in known:
        name, rest = None, text
    if name is not None or not block.parts:
        block.parts.append((name, rest))
    else:
        speaker, before = block.parts[-1]
        block.parts[-1] = (speaker, f"{before} {text}".strip())


def _segments(found: list[_Block]) -> Iterator[Segment | None]:
    """Yield the segments, each until the next one starts."""
    lasts = [_LETTER * sum(len(rest) for _, rest in block.parts) for block in found[-1:]]
    ends = [*(after.start for _, after in pairwise(found)), *(found[-1].start + last for last in lasts)]
    for block, after in zip(found, ends, strict=True):
        end = max(block.start, after if block.end is None else block.end)
        yield from divide_cue(ParsedCue(block.start, end, ()), block.parts)


def _seconds(text: str) -> Seconds:
    *hours, minutes, seconds = re.sub("[,-]", ".", text).split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)


def write(transcript: Transcript, *, template: str = "", paragraphs: bool = False) -> str:
    """Write lines such as `[0:01:02.3] Anna: Good morning.`, or lines laid out by a template.

    A `template`, such as `{start:short} {speaker}: {text}`, has the fields number, speaker and text, and the times
    start, end and duration in the styles {start}, {start:short}, :srt, :vtt, :s or :ms. With `paragraphs`, there is a
    line per paragraph of a speaker, not per utterance.
    """
    segments: Iterator[Segment] = speaker_paragraphs(transcript) if paragraphs else utterances(transcript)
    if template:
        return "".join(f"{line}\n" for line in format_lines(transcript, segments, template))
    return "".join(f"{_line(transcript, utterance)}\n" for utterance in segments)


def _line(transcript: Transcript, utterance: Segment) -> str:
    name = speaker_name(transcript, utterance)
    rest = one_line(utterance.text)
    return f"[{clock(utterance.start)}] {name}: {rest}" if name else f"[{clock(utterance.start)}] {rest}"
