"""Comma-separated values (RFC 4180), a row per segment or per word, made safe to open in a spreadsheet."""

from __future__ import annotations

from meetscribe.formats.parts.delimited import (
    RowLevel,
    escape_formula,
    has_columns,
    read_table,
    table_rows,
    write_table,
)
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Transcript

HEADER = ("start", "end", "speaker", "text")


def matches(document: Document) -> bool:
    """Whether the file's header names the columns, between commas or semicolons."""
    return has_columns(document, ",") or has_columns(document, ";")


def read(document: Document) -> Transcript:
    """The transcript of a table with the columns start, end, text, and perhaps speaker and segment.

    Raises InputError naming the line.
    """
    return read_table(document, ";" if has_columns(document, ";") else ",", milliseconds=False)


def write(transcript: Transcript, *, level: RowLevel = "segment", excel: bool = False) -> str:
    """A header, then a row per segment or word; times in seconds to the millisecond, speakers by name.

    With `excel`, a byte order mark goes before, by which Excel knows UTF-8.
    """
    rows = (
        (
            f"{start:.3f}",
            f"{end:.3f}",
            escape_formula(name),
            escape_formula(text),
            *((segment,) if level == "word" else ()),
        )
        for start, end, name, text, segment in table_rows(transcript, level)
    )
    header = (*HEADER, "segment") if level == "word" else HEADER
    return ("\ufeff" if excel else "") + write_table(rows, header, ",", "\r\n")
