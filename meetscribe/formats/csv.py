"""Comma-separated values (RFC 4180), a row per segment or word, safe to open in a spreadsheet."""

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
    """Return whether the header names the columns, separated by commas or semicolons."""
    return has_columns(document, ",") or has_columns(document, ";")


def read(document: Document) -> Transcript:
    """Read a table with the columns start, end and text, and optionally speaker and segment.

    Raises InputError naming the line.
    """
    return read_table(document, ";" if has_columns(document, ";") else ",", milliseconds=False)


def write(transcript: Transcript, *, level: RowLevel = "segment", excel: bool = False) -> str:
    """Write a header and a row per segment or word; times are seconds with three decimals, speakers are names.

    With `excel`, the file starts with a byte order mark, so that Excel recognises UTF-8.
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
