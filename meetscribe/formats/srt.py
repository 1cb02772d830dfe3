"""SubRip subtitles: numbered cues, the speaker named where it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetscribe.formats.building import assemble
from meetscribe.formats.cues import Cue, make_cues, timestamp
from meetscribe.formats.document import Document
from meetscribe.formats.subtitles import FoundCue, blocks, cue_of, segments_of
from meetscribe.transcript import Transcript

_ARROW = re.compile("-{2,}>")
_TAG = re.compile(r"</?(?:[bius]|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_FIRST = re.compile(r"\s*(?:\d+\s*\n)?\s*[\d:]+[,.]\d{1,3}\s*--?>")


def claims(document: Document) -> bool:
    """Whether the file starts with a cue of SubRip."""
    return _FIRST.match(document.head) is not None


def read(document: Document) -> Transcript:
    """The transcript of SubRip subtitles, a segment for each cue; raises InputError naming the line.

    A name in brackets or before a colon is the speaker's until the next name. Marks such as `<i>` are dropped.
    """
    return assemble(segments_of(_cues(document)))


def _cues(document: Document) -> Iterator[FoundCue]:
    """The cues; what stands after a blank line inside a cue, which players show too, belongs to it."""
    cue: FoundCue | None = None
    for number, block in blocks(document):
        plain = [_TAG.sub("", line) for line in block]
        if cue is not None and not any("-->" in line for line in plain[:2]):
            if not plain[0].strip().isdigit():
                cue = FoundCue(cue.start, cue.end, (*cue.lines, *plain))
            continue
        if cue is not None:
            yield cue
        cue = cue_of(plain, f"{document.name}, line {number}")
    if cue is not None:
        yield cue


def write(transcript: Transcript) -> str:
    """The transcript as SubRip; an arrow in the text, which would end it, becomes `→`."""
    return "\n".join(_block(number, cue) for number, cue in enumerate(make_cues(transcript, named=True), start=1))


def _block(number: int, cue: Cue) -> str:
    times = f"{timestamp(cue.start_ms, ',')} --> {timestamp(cue.end_ms, ',')}"
    lines = "\n".join(_ARROW.sub("→", line) for line in cue.lines)
    return f"{number}\n{times}\n{lines}\n"
