"""Files with several recordings (STM, CTM, RTTM, UEM, SegLST), divided by recording."""

from __future__ import annotations

import json
from typing import Final

from meetscribe.errors import InputError
from meetscribe.formats.converting import detect_format, find_format, read_document
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import number_of
from meetscribe.formats.parts.plain_text import is_plain_text, read_plain_text
from meetscribe.timeline import Span
from meetscribe.transcript import Transcript

_FIELDS: Final = {"stm": 0, "ctm": 0, "rttm": 1}
"""Index of the field that holds the recording's name."""


def read_recordings(
    data: bytes, name: str, format: str | None = None, encoding: str | None = None
) -> dict[str, Transcript]:
    """Return the transcripts in a file by the name of the recording.

    Files of STM, CTM, RTTM and SegLST name their recordings; the recording of any other file has the name "". In plain
    text without times, all words have the time 0. Raises InputError and SettingsError like `read`.
    """
    document = Document(data, name, encoding)
    if format is None and is_plain_text(document):
        return {"": read_plain_text(document)}
    row = find_format(format) if format else detect_format(document)
    if row.name in _FIELDS:
        parts = _split_lines(document.text, _FIELDS[row.name])
    elif row.name == "seglst":
        parts = _split_rows(document)
    else:
        parts = {}
    if not parts:
        return {"": read_document(document, row.name)}
    return {
        session: read_document(Document(part.encode(), name), row.name).with_notices(*document.notices)
        for session, part in parts.items()
    }


def read_regions(data: bytes, name: str) -> dict[str, tuple[Span, ...]]:
    """Return the scored regions of each recording in a UEM file by its name; raises InputError naming the line."""
    regions: dict[str, list[Span]] = {}
    for number, line in enumerate(Document(data, name).text.split("\n"), start=1):
        row = line.split()
        if row and not row[0].startswith(";;"):
            place, remedy = f"{name}, line {number}", "A line is: file channel start end"
            start, end = number_of(row, 2, place, remedy), number_of(row, 3, place, remedy)
            if end < start:
                raise InputError(f"{place}: the region ends before it starts", remedy)
            regions.setdefault(row[0], []).append(Span(start, end))
    return {recording: tuple(spans) for recording, spans in regions.items()}


def _split_lines(text: str, field: int) -> dict[str, str]:
    """Return the lines of each recording and all comments; other lines become empty, to keep the line numbers."""
    lines = text.split("\n")
    names = [None if line.startswith(";") or len(row := line.split()) <= field else row[field] for line in lines]
    return {
        recording: "\n".join(line if name in (recording, None) else "" for name, line in zip(names, lines, strict=True))
        for recording in dict.fromkeys(names)
        if recording is not None
    }


def _split_rows(document: Document) -> dict[str, str]:
    """Return the objects of each session as JSON."""
    sessions: dict[str, list[object]] = {}
    for row in document.root.items():
        session = row.get("session_id").optional_text() if isinstance(row.value, dict) else None
        sessions.setdefault(session or "", []).append(row.value)
    return {session: json.dumps(rows) for session, rows in sessions.items()}
