"""Plain text to read and to quote: a line per segment."""

from __future__ import annotations

import re
from itertools import pairwise

from meetscribe.errors import InputError
from meetscribe.formats.building import assemble, segment_of_text
from meetscribe.formats.document import Document
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import lines

_LINE = re.compile(r"\[(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d{1,3})?)\]\s*(?:(.{0,80}?\S):\s+)?(.*)")
_LETTER: Seconds = 0.07
"""How long a character of the last line is taken to last: what follows it is not known."""


def claims(document: Document) -> bool:
    """Whether the file starts with a line such as `[0:01:02.3] Anna: Good morning.`."""
    return _LINE.match(document.head) is not None


def read(document: Document) -> Transcript:
    """The transcript of such lines, each until the next one starts; raises InputError naming the line.

    What stands before the first colon of a line is the speaker's name. A line without a time goes on with the
    one before.
    """
    found: list[tuple[Seconds, str | None, str]] = []
    for number, line in enumerate(document.text.splitlines(), start=1):
        if match := _LINE.fullmatch(line.strip()):
            hours, minutes, seconds, name, said = match.groups()
            found.append((int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), name, said))
        elif line.strip():
            if not found:
                raise InputError(
                    f"{document.name}, line {number}: no time stands before the text",
                    "Plain text is read in lines such as: [0:01:02.3] Anna: Good morning.",
                )
            start, name, said = found[-1]
            found[-1] = (start, name, f"{said} {line.strip()}")
    ends = [max(start, after) for (start, *_), (after, *_) in pairwise(found)]
    ends += [start + _LETTER * len(said) for start, _, said in found[-1:]]
    return assemble(
        segment_of_text(said, start, end, name) for (start, name, said), end in zip(found, ends, strict=True)
    )


def write(transcript: Transcript) -> str:
    """Lines such as `[0:01:02.3] Anna: Good morning.`."""
    return "".join(f"{line}\n" for line in lines(transcript))
