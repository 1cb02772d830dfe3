"""Correction vocabularies in TOML: rows such as "vitter bee" = "Viterbi", and a table of regular expressions.

"vitter bee" = "Viterbi"

[regex]
'gpt[ -]?(\\d)' = 'GPT-\\1'
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from meetscribe.errors import SettingsError
from meetscribe.formats import write_file
from meetscribe.settings.toml_files import read_toml
from meetscribe.storage.files import SETTINGS_BYTES, read_file
from meetscribe.transcript.vocabulary.application import Vocabulary
from meetscribe.transcript.vocabulary.rows import Row

EXPRESSIONS = "regex"
"""The table of regular expressions."""

_REMEDY = 'Write a line per correction, such as "vitter bee" = "Viterbi".'


def read_vocabulary(file: Path) -> Vocabulary:
    """Return the vocabulary in a file; raises SettingsError if it cannot be read, or a row is invalid."""
    rows: list[Row] = []
    table = read_toml(file, "", _REMEDY)
    expressions = table.pop(EXPRESSIONS) if isinstance(table.get(EXPRESSIONS), dict) else {}
    for values, expression in ((table, False), (expressions, True)):
        for wrong, right in values.items():
            if not isinstance(right, str):
                raise SettingsError(f"{file}: {wrong} has no text as its correction", _REMEDY)
            try:
                rows.append(Row(wrong, right, expression))
            except SettingsError as error:
                raise SettingsError(f"{file}: {error.message}", error.remedy) from error
    return Vocabulary(tuple(rows), file.name)


def read_optional_vocabulary(file: Path | None) -> Vocabulary:
    """Return the vocabulary in a file, empty if `file` is None; raises the errors of `read_vocabulary`."""
    return Vocabulary(()) if file is None else read_vocabulary(file)


def row_line(row: Row) -> str:
    """Return a row as a line of TOML.

    >>> row_line(Row("vitter bee", "Viterbi"))
    '"vitter bee" = "Viterbi"'
    """
    return f"{_quoted(row.wrong)} = {_quoted(row.right)}"


def add_rows(file: Path, rows: Sequence[Row]) -> None:
    """Add rows to a file before its first table, and create it if it does not exist; raises OutputError."""
    lines = read_file(file, SETTINGS_BYTES).decode("utf-8-sig").splitlines() if file.exists() else []
    index = next((number for number, line in enumerate(lines) if re.match(r"\s*\[", line)), len(lines))
    while index and not lines[index - 1].strip():
        index -= 1
    lines[index:index] = map(row_line, rows)
    write_file(file, "".join(f"{line}\n" for line in lines).encode())


def _quoted(text: str) -> str:
    """Return a TOML basic string, which has the same escapes as JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
