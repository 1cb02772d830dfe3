"""UEM, the regions of a recording to be scored (NIST): the whole recording."""

from __future__ import annotations

from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import field_rows, is_number, number_of
from meetscribe.formats.parts.utterances import recording_field
from meetscribe.transcript import Transcript

_LINE = "Write a line as: file channel start end"


def matches(document: Document) -> bool:
    """Return whether the lines have four fields, the last two being times."""
    rows = [row for _, row in field_rows(document.head)][:20]
    return bool(rows) and all(len(row) == 4 and is_number(row[2]) and is_number(row[3]) for row in rows)


def read(document: Document) -> Transcript:
    """Read a transcript without words that lasts until the last end in the file; raises InputError naming the line."""
    ends = [number_of(row, 3, f"{document.name}, line {number}", _LINE) for number, row in field_rows(document.text)]
    return assemble((), duration=max(ends, default=0.0))


def write(transcript: Transcript) -> str:
    """Write one line, from the start of the recording to its end."""
    return f"{recording_field(transcript)} 1 0.000 {transcript.duration:.3f}\n"
