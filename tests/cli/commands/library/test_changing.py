"""`meetscribe library add`, `remove`, `restrict` and `reindex`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from tests.support.meetings import save_meetings


def library(*arguments: object, code: int = 0) -> Result:
    """Run a command of the library and check its exit code."""
    result = CliRunner().invoke(application, ["library", *map(str, arguments)], prog_name="meetscribe")
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the library in a folder of the test."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with four meetings, of which one has its minutes beside it and another is a subtitle file too."""
    folder = tmp_path / "talks"
    (folder / "sub").mkdir(parents=True)
    save_meetings(folder)
    (folder / "bau.json").rename(folder / "sub" / "bau.json")
    (folder / "planning.minutes.json").write_text("{}", encoding="utf-8")
    (folder / "planning.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n", encoding="utf-8")
    (folder / "notes.md").write_text("# Shopping\n", encoding="utf-8")
    return folder


def test_a_folder_is_added_with_its_subfolders(folder: Path) -> None:
    """One file per recording is added; others are skipped; the second time nothing is read."""
    first = library("add", folder)
    assert sorted(line.split()[0] for line in first.stdout.splitlines()) == ["added"] * 4
    assert "4 added, 1 skipped" in first.stderr
    assert "notes.md" in first.stderr
    again = json.loads(library("add", folder, "--json").stdout)
    assert sorted(each["outcome"] for each in again) == ["skipped", *["unchanged"] * 4]


def test_files_that_cannot_be_read_have_an_exit_code(folder: Path) -> None:
    """Some failures are 6, only failures 3; the others are added."""
    result = library("add", folder / "planning.json", folder / "missing", folder / "notes.md", code=6)
    assert "2 of 3 files could not be read" in result.stderr
    assert "Planning" in library("list").stdout
    library("add", folder / "missing", code=3)


def test_a_second_transcript_needs_replace(folder: Path, tmp_path: Path) -> None:
    """A copy is reported with the file that the library has."""
    copy = tmp_path / "copy.json"
    copy.write_bytes((folder / "planning.json").read_bytes())
    library("add", folder)
    assert str(folder / "planning.json") in library("add", copy).stderr
    assert "updated" in library("add", copy, "--replace").stdout
    assert str(copy) in library("show", "Planning").stdout


def test_meetings_are_restricted_and_opened_again(folder: Path) -> None:
    """A restricted meeting is found by no search, and listed on request only."""
    library("add", folder)
    assert "restricted" in library("restrict", "review").stderr
    assert "no hits" in library("search", "travel").stderr
    assert library("search", "travel", "-q").stderr == ""
    assert "Review" not in library("list").stdout
    assert "Review" not in library("export").stdout
    assert "Review (restricted)" in library("list", "--restricted").stdout
    library("restrict", "review", "--open")
    assert "travel" in library("search", "travel").stdout


def test_a_meeting_is_removed_and_its_file_stays(folder: Path) -> None:
    """All names are checked before anything is removed."""
    library("add", folder)
    library("remove", "Planning", "unknown", code=3)
    assert "stays" in library("remove", "Planning").stderr
    assert (folder / "planning.json").is_file()
    library("show", "Planning", code=3)


def test_moved_files_are_found(folder: Path, tmp_path: Path) -> None:
    """Reindexing says what it found; another folder can be given; everything can be read again."""
    library("add", folder)
    (tmp_path / "moved").mkdir()
    (folder / "planning.json").rename(tmp_path / "moved" / "x.json")
    assert "missing" in library("reindex").stdout
    assert "moved" in library("reindex", tmp_path / "moved").stdout
    assert "4 updated" in library("reindex", "--rebuild").stderr
    assert "nothing to do" in library("reindex").stderr
    library("reindex", tmp_path / "nowhere", code=3)
