"""Plain text to read and to quote: a line per utterance, laid out as it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from meetscribe.errors import InputError
from meetscribe.formats.parts import utterances
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.parsed_cues import ParsedCue, divide_cue, is_name, split_name
from meetscribe.formats.parts.templates import format_lines
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock

_TIME = r"(?:\d{1,5}:)?\d{1,2}:\d{2}(?:[.,-]\d{1,3})?"
_LINES = [
    re.compile(line.replace("START", f"(?P<start>{_TIME})"))
    for line in (
        # [0:01:02.3] Anna: Good morning.   [00:01.000 --> 00:03.500]  Good morning.   #00:01:02-3# Anna: Good morning.
        rf"[\[(#]START(?:\s*-->\s*(?P<end>{_TIME}))?[\])#]\s*(?:(?P<name>.{{0,80}}?\S):\s+)?(?P<said>.*)",
        # 0:01:02 Anna: Good morning.
        r"START\s+(?P<name>[^\s:][^:]{0,60}):\s+(?P<said>\S.*)",
        # Anna [0:01:02]: Good morning.   Anna: (0:01:02) Good morning.   Anna (0:01:02)
        r"(?P<called>[^\W\d].{0,60}?):?\s+[\[(]START[\])]:?(?:\s+(?P<said>.*))?",
        # Anna  0:01:02
        r"(?P<called>[^\W\d].{0,60}?)\s+START",
        # 0:01:02
        r"START",
    )
]
"""The lines that tell a time: as we, Whisper and f4 write them, and as Zoom, Descript, Rev, Otter and YouTube do."""

_FOOTER = re.compile(r"Transcribed by https?://\S+")
_LETTER: Seconds = 0.07
"""How long a character of the last line is taken to last: what follows it is not known."""


@dataclass(slots=True)
class _Stretch:
    """What follows a time in the file: names and texts; `end` is None where the file does not say it.

    `alone` says that nothing stands on the line of the time.
    """

    start: Seconds
    end: Seconds | None
    parts: list[tuple[str | None, str]]
    alone: bool


def matches(document: Document) -> bool:
    """Whether the file starts with a line that tells a time, such as `[0:01:02.3] Anna: Good morning.`."""
    return _stretch(document.head.partition("\n")[0]) is not None


def read(document: Document) -> Transcript:
    """The transcript of such lines, each until the next one starts; raises InputError naming the line.

    The time may also stand with the name or alone above the text, and lines may give their end. What stands before
    the first colon of a line with a time is the speaker's name. A line without a time goes on with the one before,
    or says who speaks next.
    """
    found: list[_Stretch] = []
    for number, line in enumerate(document.text.splitlines(), start=1):
        text = line.strip()
        if stretch := _stretch(text):
            found.append(stretch)
        elif text and not found:
            raise InputError(
                f"{document.name}, line {number}: no time stands before the text",
                "Plain text is read in lines such as: [0:01:02.3] Anna: Good morning.",
            )
        elif text and not _FOOTER.fullmatch(text):
            _go_on(found[-1], text)
    return assemble(_segments(found))


def _stretch(line: str) -> _Stretch | None:
    """What a line with a time starts; None for another line."""
    plain = line.replace("**", "").strip() if line.startswith("**") else line.strip()
    for pattern in _LINES:
        if match := pattern.fullmatch(plain):
            own = match.groupdict()
            called, said = own.get("called"), own.get("said") or ""
            if called is not None and not is_name(called):
                continue
            name = (own.get("name") or called or "").strip("[]") or None
            end = own.get("end")
            parts = [(name, said)] if name or said else []
            return _Stretch(_seconds(own["start"]), None if end is None else _seconds(end), parts, not parts)
    return None


def _go_on(stretch: _Stretch, text: str) -> None:
    """Add a line without a time to what it goes on with; under a time that stands alone it may name its speaker."""
    name, said = split_name(text) if stretch.alone else (None, text)
    if name is not None or not stretch.parts:
        stretch.parts.append((name, said))
    else:
        speaker, before = stretch.parts[-1]
        stretch.parts[-1] = (speaker, f"{before} {text}".strip())


def _segments(found: list[_Stretch]) -> Iterator[Segment | None]:
    """The segments of stretches, each of which lasts until the next."""
    lasts = [_LETTER * sum(len(said) for _, said in stretch.parts) for stretch in found[-1:]]
    ends = [*(after.start for _, after in pairwise(found)), *(found[-1].start + last for last in lasts)]
    for stretch, after in zip(found, ends, strict=True):
        end = max(stretch.start, after if stretch.end is None else stretch.end)
        yield from divide_cue(ParsedCue(stretch.start, end, ()), stretch.parts)


def _seconds(text: str) -> Seconds:
    *hours, minutes, seconds = re.sub("[,-]", ".", text).split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)


def write(transcript: Transcript, *, template: str = "", paragraphs: bool = False) -> str:
    """Lines such as `[0:01:02.3] Anna: Good morning.`, or as a template such as `{start:short} {speaker}: {text}` says.

    A template has the fields number, speaker and text, and the times start, end and duration, which are spelled as in
    {start:short}, :srt, :vtt, :s or :ms. With `paragraphs` there is a line for what a speaker says at a stretch, not
    for each utterance.
    """
    spoken = utterances.paragraphs(transcript) if paragraphs else utterances.utterances(transcript)
    if template:
        return "".join(f"{line}\n" for line in format_lines(transcript, spoken, template))
    return "".join(f"{_line(transcript, one)}\n" for one in spoken)


def _line(transcript: Transcript, one: Segment) -> str:
    name = utterances.speaker_name(transcript, one)
    said = one_line(one.text)
    return f"[{clock(one.start)}] {name}: {said}" if name else f"[{clock(one.start)}] {said}"
