from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe import formats
from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import FORMATS, parse_names, read, write
from meetscribe.transcript import Meta, Transcript

EMPTY = Transcript((), Meta("en", 0))


WRITTEN = [name for name, row in FORMATS.items() if row.writes]
TEXT = [name for name in WRITTEN if name not in ("docx", "parquet")]
READ = [name for name, row in FORMATS.items() if row.reads]


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
    assert all(re.fullmatch(r"(\.[A-Za-z_]+)+", suffix) for suffix in suffixes)


def test_every_format_has_a_row() -> None:
    """Every module of the room that writes or recognises a format is in the table."""
    folder = Path(inspect.getfile(formats)).parent
    modules = {path.stem: import_module(f"meetscribe.formats.{path.stem}") for path in folder.glob("[a-z]*.py")}
    found = {name for name, module in modules.items() if hasattr(module, "matches") or hasattr(module, "write")}
    assert found - {"converting", "files"} == set(FORMATS)


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


@settings(deadline=None, max_examples=15)
@given(st.from_type(Transcript))
def test_every_format_writes_anything(transcript: Transcript) -> None:
    """Every text format writes any transcript in clean UTF-8, and writes it the same way again."""
    for name in TEXT:
        written = write(transcript, name).decode("utf-8")
        assert not re.search(
            r"[\x00-\x08\x0b\x0c\x0e-\x1f]", written.replace("\x15", "") if name == "chat" else written
        )
        assert write(transcript, name).decode() == written


def test_names_are_parsed() -> None:
    """A list of formats keeps its order and drops duplicates; case and spaces do not matter."""
    assert parse_names(" vtt,JSON,,vtt ") == ("vtt", "json")


@pytest.mark.parametrize(("names", "hint"), [("jsn", "'json'"), ("json,webvtt", "'vtt'"), (",", "known: json")])
def test_unknown_names_are_refused(names: str, hint: str) -> None:
    """An unknown format is refused with the nearest known one."""
    with pytest.raises(SettingsError) as caught:
        parse_names(names)
    assert hint in str(caught.value)


def test_missing_packages_are_named_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that cannot be written here is refused when formats are chosen, with the command that helps."""
    with pytest.raises(SettingsError, match="deepgram can be read, but not written"):
        parse_names("json,deepgram")
    monkeypatch.setattr("meetscribe.formats.converting.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match="pip install python-docx$"):
        parse_names("json,docx")
    with pytest.raises(SettingsError, match="pip install pyarrow$"):
        read(b"PAR1", "a.parquet")


def test_write_refuses_an_unknown_format() -> None:
    """Writing in an unknown format is a usage error."""
    with pytest.raises(SettingsError, match="did you mean 'vtt'"):
        write(EMPTY, "vtx")


def test_reading_names_the_file() -> None:
    """An error names the file and the place in it; a pipe is read like a file."""
    with pytest.raises(InputError, match=r"^talks/m\.json: segments: missing"):
        read(write(EMPTY, "json").replace(b"segments", b"segment"), "talks/m.json")
    assert read(write(EMPTY, "json"), "-") == EMPTY


@pytest.mark.parametrize("name", sorted(set(TEXT) - set(READ)))
def test_formats_that_lose_words_are_not_read(name: str) -> None:
    """A format that is only written is refused as input, with the file to use instead."""
    with pytest.raises(InputError, match=r"\.json"):
        read(write(EMPTY, name), f"meeting{FORMATS[name].suffixes[0]}")
