"""UEM, which part of a recording is to be scored (NIST): all of it."""

from __future__ import annotations

from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import field_rows, is_number, number_of
from meetscribe.formats.parts.utterances import recording_field
from meetscribe.transcript import Transcript

_LINE = "a line is: file channel start end"


def matches(document: Document) -> bool:
    """Whether the file's lines have four fields, the last two being times."""
    rows = [row for _, row in field_rows(document.head)][:20]
    return bool(rows) and all(len(row) == 4 and is_number(row[2]) and is_number(row[3]) for row in rows)


def read(document: Document) -> Transcript:
    """A transcript without words that knows its duration: the last end of the file. Raises InputError."""
    ends = [number_of(row, 3, f"{document.name}, line {number}", _LINE) for number, row in field_rows(document.text)]
    return assemble((), duration=max(ends, default=0.0))


def write(transcript: Transcript) -> str:
    """One line, from the start of the recording to its end."""
    return f"{recording_field(transcript)} 1 0.000 {transcript.duration:.3f}\n"
