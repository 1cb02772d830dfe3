"""Comma-separated values (RFC 4180) of the segments, made safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from meetscribe.transcript import Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.plain import one_line

HEADER = ("start", "end", "speaker", "text")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(transcript: Transcript) -> str:
    """A header, then a row per segment; times in seconds to the millisecond, speakers by name."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for segment in transcript.segments:
        cells = (_cell(shown_name(transcript, segment.speaker)), _cell(one_line(segment.text)))
        writer.writerow((f"{segment.start:.3f}", f"{segment.end:.3f}", *cells))
    return out.getvalue()


def _cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
