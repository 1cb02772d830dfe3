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
    """A row of the table names a file that does what the row says and nothing else, and says what is lost."""
    row = FORMATS[name]
    assert row.name == name
    assert row.carries
    assert row.loses
    assert row.writes or row.reads
    assert hasattr(row.module, "write") == row.writes
    assert hasattr(row.module, "read") == hasattr(row.module, "matches") == row.reads


def test_suffixes_are_unambiguous() -> None:
    """A suffix belongs to one format, and starts with a dot."""
    suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(re.fullmatch(r"(\.[A-Za-z_]+)+", suffix) for suffix in suffixes)


def test_every_format_file_is_in_the_table() -> None:
    """Every file in the room with a writer or a reader has its row."""
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
def test_nobody_speaks(name: str, expected: str) -> None:
    """A transcript without segments is a valid file in every format."""
    written = write(EMPTY, name).decode()
    assert written.startswith(expected) if name == "json" else written == expected


@settings(deadline=None, max_examples=30)
@given(st.from_type(Transcript))
def test_every_format_writes_anything(transcript: Transcript) -> None:
    """Whatever is in a transcript, every format of text writes it in clean UTF-8, each time alike."""
    for name in TEXT:
        written = write(transcript, name).decode("utf-8")
        assert not re.search(
            r"[\x00-\x08\x0b\x0c\x0e-\x1f]", written.replace("\x15", "") if name == "chat" else written
        )
        assert write(transcript, name).decode() == written


def test_names_are_parsed() -> None:
    """A list of formats is read in its order, each once, whatever the case and the spaces."""
    assert parse_names(" vtt,JSON,,vtt ") == ("vtt", "json")


@pytest.mark.parametrize(("names", "hint"), [("jsn", "'json'"), ("json,webvtt", "'vtt'"), (",", "known: json")])
def test_unknown_names_are_refused(names: str, hint: str) -> None:
    """A format that does not exist is refused, naming the nearest one."""
    with pytest.raises(SettingsError) as caught:
        parse_names(names)
    assert hint in str(caught.value)


def test_what_cannot_be_written_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that is only read, or whose package is missing, is refused where formats are named, with the way out."""
    with pytest.raises(SettingsError, match="deepgram is only read"):
        parse_names("json,deepgram")
    monkeypatch.setattr("meetscribe.formats.converting.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"pip install python-docx"):
        parse_names("json,docx")
    with pytest.raises(SettingsError, match=r"pip install pyarrow"):
        read(b"PAR1", "a.parquet")


def test_write_refuses_an_unknown_format() -> None:
    """Writing in an unknown format is a mistake in the settings."""
    with pytest.raises(SettingsError, match="did you mean 'vtt'"):
        write(EMPTY, "vtx")


def test_reading_names_the_file() -> None:
    """What is wrong in a file is told with its name and its place; a pipe is read as native JSON."""
    with pytest.raises(InputError, match=r"^talks/m\.json: segments: missing"):
        read(write(EMPTY, "json").replace(b"segments", b"segment"), "talks/m.json")
    assert read(write(EMPTY, "json"), "-") == EMPTY


@pytest.mark.parametrize("name", sorted(set(TEXT) - set(READ)))
def test_formats_that_lose_words_are_not_read(name: str) -> None:
    """A format that lost the words is refused as a transcript, with the way out."""
    with pytest.raises(InputError, match=r"\.json"):
        read(write(EMPTY, name), f"meeting{FORMATS[name].suffixes[0]}")
