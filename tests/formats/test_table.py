from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe import formats
from meetscribe.formats import FORMATS, write
from meetscribe.transcript import Meta, Transcript

EMPTY = Transcript((), Meta("en", 0))


WRITTEN = [name for name, row in FORMATS.items() if row.writes]
TEXT = [name for name in WRITTEN if name not in ("docx", "parquet")]


@pytest.mark.parametrize("name", FORMATS)
def test_rows_are_true(name: str) -> None:
    """A row states what its format carries and loses, and names a module that writes, or recognises and reads."""
    row = FORMATS[name]
    assert row.name == name
    assert row.carries
    assert row.loses
    assert re.fullmatch(r"(text|application)/[a-z0-9.+-]+", row.media_type)
    assert row.writes or row.reads
    assert hasattr(row.module, "matches") == row.reads


def test_suffixes_are_unambiguous() -> None:
    """A suffix starts with a dot and belongs to one format."""
    suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(re.fullmatch(r"(\.[A-Za-z_]+\d?)+", suffix) for suffix in suffixes)


def test_every_format_has_a_row() -> None:
    """Every module of the room that writes or recognises a format is in the table."""
    folder = Path(inspect.getfile(formats)).parent
    modules = {path.stem: import_module(f"meetscribe.formats.{path.stem}") for path in folder.glob("[a-z]*.py")}
    found = {name for name, module in modules.items() if hasattr(module, "matches") or hasattr(module, "write")}
    assert found - {"converting", "files", "revisions"} == set(FORMATS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", "{"),
        ("txt", ""),
        ("srt", ""),
        ("vtt", "WEBVTT\n\nNOTE language: en\n"),
        ("csv", "start,end,speaker,text\r\n"),
        ("rttm", ""),
    ],
)
def test_empty_transcripts(name: str, expected: str) -> None:
    """A transcript without segments is a valid file in every format."""
    written = write(EMPTY, name).decode()
    assert written.startswith(expected) if name == "json" else written == expected


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_every_format_writes_anything(transcript: Transcript) -> None:
    """Every text format writes any transcript in clean UTF-8, and writes it the same way again."""
    for name in TEXT:
        written = write(transcript, name).decode("utf-8")
        assert not re.search(
            r"[\x00-\x08\x0b\x0c\x0e-\x1f]", written.replace("\x15", "") if name == "chat" else written
        )
        assert write(transcript, name).decode() == written
