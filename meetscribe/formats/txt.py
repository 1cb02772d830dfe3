"""Plain text to read and to quote: a line per segment."""

from __future__ import annotations

from meetscribe.transcript import Transcript
from meetscribe.transcript.display import lines


def write(transcript: Transcript) -> str:
    """Lines such as `[0:01:02.3] Anna: Good morning.`."""
    return "".join(f"{line}\n" for line in lines(transcript))
