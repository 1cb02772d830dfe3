from __future__ import annotations

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import FORMATS, parse_names, read, write
from meetscribe.transcript import Meta, Transcript

EMPTY = Transcript((), Meta("en", 0))
READ = [name for name, row in FORMATS.items() if row.reads]
TEXT = [name for name, row in FORMATS.items() if row.writes and row.package is None]


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
