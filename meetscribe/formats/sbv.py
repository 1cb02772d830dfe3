"""YouTube's subtitles (`sbv`): the times of each cue on a line above its text."""

from __future__ import annotations

import re

from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.parsed_cues import merge_rolling, parse_cues, segments_from_cues
from meetscribe.transcript import Transcript

_TIMES = re.compile(r"\s*(\d{1,5}:\d{1,2}:\d{1,2}\.\d{1,3}),(\d{1,5}:\d{1,2}:\d{1,2}\.\d{1,3})\s*")


def matches(document: Document) -> bool:
    """Return whether the file starts with the times of a cue, separated by a comma."""
    return _TIMES.match(document.head) is not None


def read(document: Document) -> Transcript:
    """Read a segment per cue, with names as in SubRip; raises InputError naming the line."""
    lines = (
        (number, f"{times[1]} --> {times[2]}" if (times := _TIMES.fullmatch(line)) else line.replace("[br]", " "))
        for number, line in enumerate(document.text.split("\n"), start=1)
    )
    return assemble(segments_from_cues(merge_rolling(parse_cues(lines, document)), document))
