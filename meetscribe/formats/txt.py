"""Plain text to read and to quote: a line per segment."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from meetscribe.errors import InputError
from meetscribe.formats.building import assemble, segment_of_text
from meetscribe.formats.document import Document
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import lines

_CLOCK = r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d{1,3})?)"
_LINE = re.compile(rf"\[{_CLOCK}(?:\s*-->\s*{_CLOCK})?\]\s*(?:(.{{0,80}}?\S):\s+)?(.*)")
_LETTER: Seconds = 0.07
"""How long a character of the last line is taken to last: what follows it is not known."""


def claims(document: Document) -> bool:
    """Whether the file starts with a line such as `[0:01:02.3] Anna: Good morning.`."""
    return _LINE.match(document.head) is not None


def read(document: Document) -> Transcript:
    """The transcript of such lines, each until the next one starts; raises InputError naming the line.

    Lines may also give their end, as Whisper prints them: `[00:01.000 --> 00:03.500]  Good morning.` What stands
    before the first colon of a line is the speaker's name. A line without a time goes on with the one before.
    """
    found: list[_Said] = []
    for number, line in enumerate(document.text.splitlines(), start=1):
        if match := _LINE.fullmatch(line.strip()):
            groups = match.groups()
            end = _seconds(*groups[3:6]) if groups[5] else None
            found.append(_Said(_seconds(*groups[:3]), end, groups[6], groups[7]))
        elif line.strip():
            if not found:
                raise InputError(
                    f"{document.name}, line {number}: no time stands before the text",
                    "Plain text is read in lines such as: [0:01:02.3] Anna: Good morning.",
                )
            found[-1] = replace(found[-1], said=f"{found[-1].said} {line.strip()}")
    starts = [line.start for line in found]
    ends = [*starts[1:], *(line.start + _LETTER * len(line.said) for line in found[-1:])]
    return assemble(
        segment_of_text(line.said, line.start, max(line.start, end if line.end is None else line.end), line.name)
        for line, end in zip(found, ends, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of the file; `end` is None where it does not say when it ends."""

    start: Seconds
    end: Seconds | None
    name: str | None
    said: str


def _seconds(hours: str | None, minutes: str, seconds: str) -> Seconds:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)


def write(transcript: Transcript) -> str:
    """Lines such as `[0:01:02.3] Anna: Good morning.`."""
    return "".join(f"{line}\n" for line in lines(transcript))
