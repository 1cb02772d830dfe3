"""Files that hold several recordings, as corpora are kept (STM, CTM, RTTM, UEM, SegLST), taken apart by recording."""

from __future__ import annotations

import json
from typing import Final

from meetscribe.errors import InputError
from meetscribe.formats.converting import detect_format, find_format, read
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import number_of
from meetscribe.timeline import Span
from meetscribe.transcript import Transcript

_FIELDS: Final = {"stm": 0, "ctm": 0, "rttm": 1}
"""In which field of a line the recording's name stands."""


def read_recordings(data: bytes, name: str, format: str | None = None) -> dict[str, Transcript]:
    """The transcripts of the recordings in a file, by their names; of one that is not named, by "".

    Raises InputError and SettingsError as `read` does.
    """
    document = Document(data, name)
    row = find_format(format) if format else detect_format(document)
    if row.name in _FIELDS:
        parts = _split_lines(document.text, _FIELDS[row.name])
    elif row.name == "seglst":
        parts = _split_rows(document)
    else:
        parts = {}
    if not parts:
        return {"": read(data, name, row.name)}
    return {session: read(part.encode(), name, row.name) for session, part in parts.items()}


def read_regions(data: bytes, name: str) -> dict[str, tuple[Span, ...]]:
    """What is to be scored of each recording in a file of UEM, by their names; raises InputError naming the line."""
    regions: dict[str, list[Span]] = {}
    for number, line in enumerate(Document(data, name).text.split("\n"), start=1):
        row = line.split()
        if row and not row[0].startswith(";;"):
            place, remedy = f"{name}, line {number}", "A line is: file channel start end"
            start, end = number_of(row, 2, place, remedy), number_of(row, 3, place, remedy)
            if end < start:
                raise InputError(f"{place}: it ends before it starts", remedy)
            regions.setdefault(row[0], []).append(Span(start, end))
    return {recording: tuple(spans) for recording, spans in regions.items()}


def _split_lines(text: str, field: int) -> dict[str, str]:
    """The lines of each recording and all comments, each at its place, so that messages name it."""
    lines = text.split("\n")
    names = [None if line.startswith(";") or len(row := line.split()) <= field else row[field] for line in lines]
    return {
        own: "\n".join(line if name in (own, None) else "" for name, line in zip(names, lines, strict=True))
        for own in dict.fromkeys(names)
        if own is not None
    }


def _split_rows(document: Document) -> dict[str, str]:
    """The objects of each session."""
    sessions: dict[str, list[object]] = {}
    for row in document.root.items():
        session = row.get("session_id").optional_text() if isinstance(row.value, dict) else None
        sessions.setdefault(session or "", []).append(row.value)
    return {session: json.dumps(rows) for session, rows in sessions.items()}
