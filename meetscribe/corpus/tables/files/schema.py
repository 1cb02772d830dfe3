"""The four tables of a corpus: their columns, and the version of the layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meetscribe.errors import SettingsError
from meetscribe.transcript.frame.columns import SCHEMA

try:
    import pyarrow
except ImportError as error:
    raise SettingsError("a corpus needs pyarrow", "Install it: pip install pyarrow") from error

VERSION = "meetscribe-corpus/1"
"""The version of the layout and the columns, stored in `manifest.json`."""

TABLES = ("meetings", "segments", "turns", "words")
"""The tables, each a folder of Parquet files."""

DETAILS = TABLES[1:]
"""The tables with the content of meetings."""

MEETING = "meeting"
"""The column that identifies the meeting in every table."""

_TYPES: Mapping[str, Any] = {
    "Int64": pyarrow.int64(),
    "Float64": pyarrow.float64(),
    "string": pyarrow.string(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "strings": pyarrow.list_(pyarrow.string()),
}

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "meetings": {
        MEETING: "string",  # 16 hexadecimal digits: the start of the recording's content hash, else of another digest
        "status": "string",  # done, incomplete, failed or duplicate
        "error": "string",  # message of a failure, or about the missing stage
        "code": "Int64",  # exit code of a failure or of an incomplete run, otherwise 0
        "title": "string",
        "recorded_at": "string",  # ISO 8601, as in the transcript
        "date": "date",  # the day of `recorded_at`
        "recording": "string",  # path
        "recording_hash": "string",  # "sha256:" and the digest of the content
        "transcript": "string",  # path of the file that was read
        "revision": "string",  # digest of everything that determines the rows
        "duplicate_of": "string",  # the meeting with the same content
        "duration": "Float64",  # seconds
        "language": "string",
        "speakers": "strings",  # displayed names, else labels
        "participants": "strings",
        "segments": "Int64",  # rows in the other tables
        "turns": "Int64",
        "words": "Int64",
        "engine": "string",
        "model": "string",
        "notices": "strings",  # codes of the warnings
    },
    "segments": {MEETING: "string", **SCHEMA["segment"]},
    "turns": {
        MEETING: "string",
        "turn": "Int64",  # number of the turn, from 0, by start
        "start": "Float64",  # seconds
        "end": "Float64",  # seconds
        "speaker": "string",
        "text": "string",  # the words of the speaker within the turn, or nearest to it
        "words": "Int64",
        "overlap": "boolean",  # whether it overlaps a turn of another speaker
        "source": "string",  # "turns" of the transcript, or derived from "words"
    },
    "words": {MEETING: "string", **SCHEMA["word"]},
}

SCHEMAS: Mapping[str, Any] = {
    table: pyarrow.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    for table, columns in _COLUMNS.items()
}
"""The Arrow schema of each table. The column `collection` is the name of a folder, not part of the files."""
