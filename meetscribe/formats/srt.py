"""SubRip subtitles: numbered cues of at most two lines, the speaker named where it changes."""

from __future__ import annotations

import re

from meetscribe.formats.cues import Cue, make_cues, timestamp
from meetscribe.transcript import Transcript

_ARROW = re.compile("-{2,}>")


def write(transcript: Transcript) -> str:
    """The transcript as SubRip; an arrow in the text, which would end it, becomes `→`."""
    return "\n".join(_block(number, cue) for number, cue in enumerate(make_cues(transcript, named=True), start=1))


def _block(number: int, cue: Cue) -> str:
    times = f"{timestamp(cue.start_ms, ',')} --> {timestamp(cue.end_ms, ',')}"
    lines = "\n".join(_ARROW.sub("→", line) for line in cue.lines)
    return f"{number}\n{times}\n{lines}\n"
