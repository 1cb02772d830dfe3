"""Tab-separated values as Whisper writes them, whole milliseconds, with the speaker as a fourth column."""

from __future__ import annotations

from meetscribe.formats.parts.delimited import RowLevel, escape_formula, has_columns, read_table, table_rows
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Transcript

HEADER = ("start", "end", "text", "speaker")


def matches(document: Document) -> bool:
    """Whether the file's header names the columns, between tabs."""
    return has_columns(document, "\t")


def read(document: Document) -> Transcript:
    """The transcript of a table such as Whisper's, where whole numbers are milliseconds; raises InputError."""
    return read_table(document, "\t", milliseconds=True)


def write(transcript: Transcript, *, level: RowLevel = "segment") -> str:
    """A header, then a row per segment or word; a quotation mark that opens a cell is followed by its end.

    No text or name holds a tab or a line break, and none is run by a spreadsheet.
    """
    header = (*HEADER, "segment") if level == "word" else HEADER
    lines = ["\t".join(header)]
    for start, end, name, text, segment in table_rows(transcript, level):
        cells = [f"{round(start * 1000)}", f"{round(end * 1000)}", _cell(text), _cell(name)]
        lines.append("\t".join([*cells, f"{segment}"] if level == "word" else cells))
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """The text, quoted where it starts with a quotation mark, which readers would take for quoting."""
    plain = escape_formula(text)
    return '"' + plain.replace('"', '""') + '"' if plain.startswith('"') else plain
