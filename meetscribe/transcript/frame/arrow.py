"""The Arrow table of a transcript: a row per word, all other values in its metadata. The conversion is lossless."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from meetscribe.errors import InputError, SettingsError
from meetscribe.transcript.edits.application import names_by_word
from meetscribe.transcript.frame.columns import (
    SCHEMA,
    Layout,
    are_single_words,
    are_texts,
    layout_of,
    rows_of,
    transcript_of,
)
from meetscribe.transcript.native.reader import loads
from meetscribe.transcript.native.writer import dumps
from meetscribe.transcript.values import Meta, Transcript

if TYPE_CHECKING:
    import pyarrow

KEY = b"meetscribe"
"""The metadata key of the transcript without its words, in native JSON."""


def to_arrow(transcript: Transcript) -> pyarrow.Table:
    """Return the words with the columns of `SCHEMA["word"]`, `chars` (times of characters) and `name`.

    Words and speakers are the recognised ones, without edits; `name` is the speaker's name after the edits. Raises
    SettingsError if pyarrow is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise SettingsError("Arrow needs pyarrow", "Install it: pip install pyarrow") from error
    types = {
        "Int64": pyarrow.int64(),
        "Float64": pyarrow.float64(),
        "string": pyarrow.string(),
        "boolean": pyarrow.bool_(),
    }
    fields: list[tuple[str, Any]] = [(name, types[dtype]) for name, dtype in SCHEMA["word"].items()]
    times = [(name, pyarrow.float64()) for name in ("start", "end", "score")]
    fields.append(("chars", pyarrow.list_(pyarrow.struct([("text", pyarrow.string()), *times]))))
    rows = list(rows_of(transcript, "word"))
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in fields[:-1]]
    columns.append([list(map(asdict, word.chars)) for word in transcript.words])
    fields.append(("name", pyarrow.string()))
    columns.append(names_by_word(transcript))
    schema = pyarrow.schema(fields, metadata={KEY: dumps(transcript.with_segments(())).encode()})
    return pyarrow.table(columns, schema=schema)


def from_arrow(table: pyarrow.Table) -> Transcript:
    """Read a transcript from a table of words, segments or turns, see `from_frame`; raises InputError.

    Without the metadata of `to_arrow`, language and recording are unknown.
    """
    layout = _layout_of(table)
    sources = dict(layout.columns)
    if {"segment", "timing"} <= set(sources) and "chars" in table.column_names:
        sources["chars"] = "chars"
    columns = {name: table.column(source).to_pylist() for name, source in sources.items()}
    for name, source in sources.items():
        _check(source, columns[name], SCHEMA[layout.level].get(name), required=name in ("segment", "word"))
    stored = (table.schema.metadata or {}).get(KEY)
    meta: Meta | None = loads(stored, "the table's metadata").meta if stored else None
    return transcript_of(columns, layout.level, meta)


def _layout_of(table: pyarrow.Table) -> Layout:
    """Return the layout of a table; raises InputError naming missing columns."""
    names = table.column_names
    words = table.column("word").to_pylist() if "word" in names else []
    single = "text" in names and are_single_words(names, table.column("text").to_pylist())
    return layout_of(names, "word" if single else None, are_texts(words))


def _check(name: str, cells: list[Any], kind: str | None, required: bool) -> None:
    """Raise InputError naming the first row whose value has the wrong type, or is null but required."""
    types: dict[str | None, Any] = {"Int64": int, "Float64": (int, float), "string": str, "boolean": bool}
    for row, cell in enumerate(cells):
        if cell is None and not required:
            continue
        if not isinstance(cell, types.get(kind, object)):
            raise InputError(f"row {row}, column {name!r}: {cell!r} is not of type {kind}", "Correct its values.")
