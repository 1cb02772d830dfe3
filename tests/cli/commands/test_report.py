from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import meetscribe
from meetscribe.cli.application import application
from meetscribe.minutes import dumps
from meetscribe.transcript import RecordingFile
from tests.conftest import SAMPLES
from tests.report.meetings import meeting


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with a meeting and its minutes; the recording is missing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    made = meeting().with_meta(recording=RecordingFile("standup.flac"))
    made.save("meeting.json")
    Path("meeting.minutes.json").write_text(dumps(meetscribe.minutes(made)), encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, ["report", *arguments])


def test_a_page_with_minutes_and_a_link_to_the_recording(folder: Path) -> None:
    """Without options the page is beside the meeting; its own page is replaced, an edited one is not."""
    (folder / "standup.flac").symlink_to(SAMPLES / "standup.flac")
    done = run("meeting.json")
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("wrote meeting.report.html (")
    page = Path("meeting.report.html").read_text(encoding="utf-8")
    assert '<audio controls preload="metadata" src="standup.flac">' in page
    assert "<h3>Decisions</h3>" in page
    assert run("meeting.json", "--minutes", "none").exit_code == 0
    assert "<h3>Decisions</h3>" not in Path("meeting.report.html").read_text(encoding="utf-8")
    Path("meeting.report.html").write_text("edited", encoding="utf-8")
    done = run("meeting.json")
    assert done.exit_code == 3
    assert "was not written by meetscribe, or was edited since" in done.stderr
    assert run("meeting.json", "--overwrite").exit_code == 0


def test_all_formats_in_a_new_folder(folder: Path) -> None:
    """A recording that is not found is a warning, unless it was asked for."""
    done = run("meeting.json", "-f", "html,md", "-o", "pages/", "--minutes", "rules", "--title", "Weekly", "-q")
    assert done.exit_code == 0, done.output
    assert "without sound: the recording standup.flac was not found" in done.stderr
    assert sorted(file.name for file in Path("pages").iterdir()) == ["meeting.report.html", "meeting.report.md"]
    assert "# Weekly" in Path("pages/meeting.report.md").read_text(encoding="utf-8")
    assert run("meeting.json", "--audio", "none.wav").exit_code == 3
    assert run("meeting.json", "--sound", "embed").exit_code == 3


def test_documents_cannot_play_so_a_missing_recording_is_no_warning(folder: Path) -> None:
    """A folder without a slash is one for several formats, before it exists and after."""
    pytest.importorskip("docx")
    for _ in range(2):
        done = run("meeting.json", "-f", "docx,md", "-o", "pages")
        assert done.exit_code == 0, done.output
        assert "without sound" not in done.stderr
        assert sorted(file.name for file in Path("pages").iterdir()) == ["meeting.report.docx", "meeting.report.md"]


def test_sound_inside_the_page(folder: Path) -> None:
    done = run("meeting.json", "--sound", "embed", "--audio", str(SAMPLES / "standup.flac"), "-o", "share.html")
    assert done.exit_code == 0, done.output
    assert "kB are sound" in done.stderr
    assert "data:audio/webm;base64," in Path("share.html").read_text(encoding="utf-8")


def test_stdout(folder: Path) -> None:
    """--json and -o - print the contents and nothing else, and write no file."""
    before = sorted(folder.iterdir())
    done = run("meeting.json", "--json")
    assert json.loads(done.stdout)["title"] == "Budget"
    assert run("meeting.json", "-o", "-", "--sound", "none").stdout.startswith("<!DOCTYPE html>")
    assert [file for file in sorted(folder.iterdir()) if file.name != "cache"] == before
    given = CliRunner().invoke(
        application, ["report", "-", "-f", "md", "-o", "-", "--sound", "none"], input=Path("meeting.json").read_bytes()
    )
    assert given.stdout.startswith("---\ntitle:")


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["meeting.json", "-f", "pdf"], 2, "'pdf'"),
        (["meeting.json", "-o", "meeting.pdf"], 2, "Print the page to PDF in a browser"),
        (["meeting.json", "-o", "meeting.txt"], 2, "'txt'"),
        (["meeting.json", "-f", "html,md", "-o", "-"], 2, "Only one format"),
        (["meeting.json", "-f", "html,md", "-o", "a.html"], 2, "one file"),
        (["missing.json"], 3, "missing.json"),
        (["meeting.json", "--minutes", "missing.json"], 3, "missing.json"),
        (["meeting.json", "--set", "analytics.windows=1"], 2, "window"),
    ],
)
def test_mistakes(folder: Path, arguments: list[str], code: int, text: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code
    assert text in done.stderr
    assert not list(folder.glob("*.html"))


def test_minutes_that_are_older_than_the_corrections(folder: Path) -> None:
    meetscribe.Transcript.load("meeting.json").rename({"Ben": "Benjamin"}).save("meeting.json")
    done = run("meeting.json", "-o", "a.html", "--sound", "none")
    assert "changed after the minutes" in done.stderr
    assert "Benjamin" in Path("a.html").read_text(encoding="utf-8")
