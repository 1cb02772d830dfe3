"""Formats of other packages, found by their entry points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.formats import FORMATS, Format, load, parse_names, read, write
from meetscribe.formats.parts.options import options_of
from meetscribe.formats.protocol import FormatTable
from meetscribe.transcript import Meta, Segment, Transcript, Word

MODULE = """
from meetscribe.formats import Document, Format
from meetscribe.formats.parts.building import assemble, segment_from_text

FORMAT = Format("shout", (".shout",), carries="the text in capitals", loses="everything else", path="shouting")
CAPITAL = Format("Shout", (".shout",), carries="the text in capitals", loses="everything else", path="shouting")
TWIN = Format("vtt2", (".VTT",), carries="cues", loses="nothing", path="shouting")


def write(transcript, *, marks: int = 1):
    return "SHOUT " + " ".join(word.text.upper() for word in transcript.words) + "!" * marks


def matches(document):
    return document.head.startswith("SHOUT ")


def read(document):
    return assemble([segment_from_text(document.text.removeprefix("SHOUT "), 0.0, 1.0)])
"""

SPOKEN = Transcript((Segment((Word("so", 0.0, 0.5), Word("be", 0.5, 0.7), Word("it", 0.7, 1.0))),), Meta("en", 1.0))


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A function that installs a package with that entry point and forgets the formats found before."""

    def install(entry: str) -> None:
        (tmp_path / "shouting.py").write_text(MODULE)
        info = tmp_path / "shouting-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[meetscribe.formats]\n{entry}\n")

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(FORMATS.__dict__, "_rows", raising=False)
    yield install
    FORMATS.__dict__.pop("_rows", None)
    sys.modules.pop("shouting", None)


def test_formats_of_other_packages(install: Callable[[str], None], tmp_path: Path) -> None:
    """A format of another package is listed, written, detected, read, and has its options, like the built-in ones."""
    built_in = list(FORMATS)
    FORMATS.__dict__.pop("_rows")
    install("shout = shouting:FORMAT")
    assert list(FORMATS) == [*built_in, "shout"]
    assert parse_names("json,shout") == ("json", "shout")
    assert options_of(FORMATS["shout"]) == {"marks": 1}
    SPOKEN.save(tmp_path / "a.shout")
    assert (tmp_path / "a.shout").read_text() == "SHOUT SO BE IT!"
    assert [word.text for word in load(tmp_path / "a.shout").words] == ["SO", "BE", "IT!"]
    assert [word.text for word in read(b"SHOUT HM", "-").words] == ["HM"]


def test_a_name_with_capitals_is_found(install: Callable[[str], None]) -> None:
    """Whatever the case in which the user writes it."""
    install("shout = shouting:CAPITAL")
    assert parse_names("json,shout,Shout") == ("json", "Shout")
    assert write(SPOKEN, "Shout") == write(SPOKEN, "shout") == b"SHOUT SO BE IT!"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("loud = shouting:LOUD", "format 'loud' of the package shouting cannot be loaded"),
        ("loud = louder:FORMAT", "cannot be loaded: No module named 'louder'"),
        ("loud = shouting:MODULE_NAME", "cannot be loaded"),
        ("loud = shouting:write", "shouting:write is not a meetscribe.formats.Format"),
        ("vtt2 = shouting:TWIN", r"\.vtt already belongs to the format vtt"),
    ],
)
def test_invalid_formats_are_refused(install: Callable[[str], None], entry: str, message: str) -> None:
    """A format that cannot be loaded, or whose name or suffix is taken, is an error that names its package."""
    install(entry)
    with pytest.raises(SettingsError, match=message) as caught:
        list(FORMATS)
    assert "uninstall" in str(caught.value)


def test_packages_of_formats_are_named() -> None:
    """A format names the command that installs the optional package it needs."""
    installs = {name: row.install for name, row in FORMATS.items() if row.package}
    assert installs == {"docx": "pip install python-docx", "parquet": "pip install pyarrow"}


def test_table_is_a_mapping() -> None:
    """A table looks formats up by name, in the order of its rows."""
    table = FormatTable([Format("a", (".a",), "x", "y"), Format("b", (".b",), "x", "y")])
    assert list(table) == ["a", "b"]
    assert table["b"].suffixes == (".b",)
    assert "c" not in table
