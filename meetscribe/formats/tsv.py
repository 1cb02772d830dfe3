"""Tab-separated values in Whisper's layout, with times in milliseconds and the speaker as a fourth column."""

from __future__ import annotations

from meetscribe.formats.parts.delimited import RowLevel, escape_formula, has_columns, read_table, table_rows
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Transcript

HEADER = ("start", "end", "text", "speaker")


def matches(document: Document) -> bool:
    """Return whether the header names the columns, separated by tabs."""
    return has_columns(document, "\t")


def read(document: Document) -> Transcript:
    """Read a table such as Whisper's, where whole numbers are milliseconds; raises InputError naming the line."""
    return read_table(document, "\t", milliseconds=True)


def write(transcript: Transcript, *, level: RowLevel = "segment") -> str:
    """Write a header and a row per segment or word; times are whole milliseconds.

    Tabs and line breaks in texts and names become spaces; text that a spreadsheet would run as a formula is escaped.
    """
    header = (*HEADER, "segment") if level == "word" else HEADER
    lines = ["\t".join(header)]
    for start, end, name, text, segment in table_rows(transcript, level):
        cells = [f"{round(start * 1000)}", f"{round(end * 1000)}", _cell(text), _cell(name)]
        lines.append("\t".join([*cells, f"{segment}"] if level == "word" else cells))
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return the text, quoted if it starts with a quotation mark, which readers would interpret."""
    plain = escape_formula(text)
    return '"' + plain.replace('"', '""') + '"' if plain.startswith('"') else plain
