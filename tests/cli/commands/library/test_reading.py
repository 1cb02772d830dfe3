"""`meetscribe library list`, `show` and `export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meetscribe.transcript import Transcript
from tests.cli.commands.library.test_changing import library
from tests.support.meetings import save_meetings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose four meetings are in the library."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    library("add", *save_meetings(tmp_path))
    return tmp_path


def test_meetings_are_listed_by_fields() -> None:
    """The latest comes first; fields limit the list; JSON has everything."""
    lines = library("list").stdout.splitlines()
    assert [line.split()[4] for line in lines[1:3]] == ["Planning", "Review"]
    assert [each["title"] for each in json.loads(library("list", "speaker:carla", "--json").stdout)] == ["Review"]


def test_a_corrected_meeting_shows_at_once(folder: Path) -> None:
    """Every command reads files that changed first, and warns of one that cannot be read."""
    file = folder / "planning.json"
    Transcript.load(file).rename({"Anna": "Antonia"}).save(file)
    assert "[0:00:00.0] Antonia: The annual budget" in library("show", "Planning").stdout
    assert json.loads(library("show", "Planning", "--json").stdout)["speakers"][0]["name"] == "Antonia"
    file.write_text("{", encoding="utf-8")
    broken = library("show", "Planning")
    assert "previous content" in broken.stderr
    assert "Antonia" in broken.stdout


def test_the_library_is_exported_as_json_lines(folder: Path) -> None:
    """A line per meeting with its passages, on stdout or in a file that is not overwritten."""
    output = folder / "out.jsonl"
    library("export", "lang:en", "-o", output)
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [(each["title"], len(each["text"])) for each in lines] == [("Planning", 3), ("Review", 2)]
    assert {each["schema"] for each in lines} == {"meetscribe-library/1"}
    assert library("export", "lang:en").stdout.encode() == output.read_bytes()
    library("export", "-o", output, code=3)
    library("export", "-o", output, "--overwrite")


def test_another_library_may_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option, the variable and the settings name the file of the library."""
    other = folder / "other.db"
    library("add", folder / "bau.json", "--library", other)
    monkeypatch.setenv("MEETSCRIBE_LIBRARY__LOCATION", str(other))
    assert [each["title"] for each in json.loads(library("list", "--json").stdout)] == ["Bauausschuss"]
