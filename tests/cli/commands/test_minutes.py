"""`meetscribe minutes`: minutes in each format, and checks with an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.transcript import RecordingFile
from tests.minutes.verification.test_verifying import MEETING


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    file = tmp_path / "meeting.json"
    MEETING.save(file)
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(application, ["minutes", *map(str, arguments)])


def test_markdown_is_printed(meeting: Path) -> None:
    """Without options, Markdown on stdout; with --json, the minutes as JSON."""
    assert "## Actions" in run(meeting).stdout
    assert json.loads(run(meeting, "--json").stdout)["schema"] == "meetscribe-minutes/1"


def test_a_hyphen_is_stdout(meeting: Path, tmp_path: Path) -> None:
    """`-o -` prints as without -o, also beside a file."""
    file = tmp_path / "m.json"
    assert run(meeting, "-o", "-").stdout == run(meeting).stdout
    assert run(meeting, "-o", "-", "--json", "-o", file).stdout == file.read_text(encoding="utf-8")


def test_files_of_each_kind(meeting: Path, tmp_path: Path) -> None:
    """-o can be repeated; own files are replaced, and edited ones only with --overwrite."""
    files = [tmp_path / f"m.{suffix}" for suffix in ("json", "md", "csv", "ics", "html")]
    options = [part for file in files for part in ("-o", file)]
    assert run(meeting, *options).exit_code == 0
    assert [file.read_text(encoding="utf-8")[:5] for file in files] == ['{\n "s', "# Min", "id,ta", "BEGIN", "<!DOC"]
    assert run(meeting, *options).exit_code == 0
    files[1].write_text("edited", encoding="utf-8")
    assert run(meeting, *options).exit_code == 3
    assert run(meeting, *options, "--overwrite").exit_code == 0
    assert run(meeting, "-o", "m.pdf").exit_code == 2


def test_times_link_to_the_recording_in_another_folder(tmp_path: Path) -> None:
    """The link is relative to the written file, unless --audio gives an address."""
    meeting, folder = tmp_path / "meeting.json", tmp_path / "minutes"
    MEETING.with_meta(recording=RecordingFile("talks/talk.wav")).save(meeting)
    folder.mkdir()
    files = [folder / "m.md", folder / "m.html"]
    written = [part for file in files for part in ("-o", file)]
    for given, address in (((), "talk.wav"), ((), "../talk.wav"), (("--audio", "a.mp3"), "a.mp3")):
        assert run(meeting, *written, *given).exit_code == 0
        markdown, page = (file.read_text(encoding="utf-8") for file in files)
        assert f"]({address}#t=" in markdown and f'href="{address}#t=' in page
        (tmp_path / "talk.wav").write_bytes(b"sound")  # found beside the transcript


def test_the_title_is_given(meeting: Path, tmp_path: Path) -> None:
    """--title replaces the title, also that of existing minutes."""
    saved = tmp_path / "meeting.minutes.json"
    assert run(meeting, "--title", "Board", "-o", saved).exit_code == 0
    assert json.loads(saved.read_text(encoding="utf-8"))["title"] == "Board"
    assert run(meeting, "--from", saved, "--title", "Council").stdout.startswith("# Council\n")


def test_what_changed_since_the_last_minutes(meeting: Path, tmp_path: Path) -> None:
    """Writing over minutes reports what differs, and over another JSON file it does not."""
    saved = tmp_path / "meeting.minutes.json"
    run(meeting, "-o", saved)
    assert "(no changes)" in run(meeting, "-o", saved).stderr
    minutes = json.loads(saved.read_text())
    minutes["items"][0]["text"] = "Something else."
    saved.write_text(json.dumps(minutes))
    assert "(0 new, 1 changed, 0 gone)" in run(meeting, "-o", saved, "--overwrite").stderr


def test_minutes_are_shown_again_with_later_names(meeting: Path, tmp_path: Path) -> None:
    """--from reads the JSON; names are those of the corrected transcript, with a warning."""
    saved = tmp_path / "meeting.minutes.json"
    assert run(meeting, "-o", saved).exit_code == 0
    MEETING.rename({"Tom": "Thomas"}).save(meeting, force=True)
    again = run(meeting, "--from", saved)
    assert "**Thomas**" in again.stdout and "changed after" in again.stderr


def test_check_passes_and_fails(meeting: Path, tmp_path: Path) -> None:
    """Exit code 0 for own minutes, 1 with the reason for a line that was not said."""
    own = tmp_path / "own.md"
    own.write_text(run(meeting).stdout, encoding="utf-8")
    passed = run("check", own, meeting)
    assert passed.exit_code == 0 and "FAIL" not in passed.stdout
    own.write_text("## Decisions\n- [0:00:01] Ship the parser\n", encoding="utf-8")
    failed = run("check", own, meeting)
    assert failed.exit_code == 1 and "negation" in failed.stdout
    assert json.loads(run("check", own, meeting, "--json").stdout)[0]["said"]["passed"] is False


def test_errors(meeting: Path, tmp_path: Path) -> None:
    """A missing file is 3, a date that is none is 2."""
    assert run("check", tmp_path / "none.md", meeting).exit_code == 3
    assert run(meeting, "--date", "yesterday").exit_code == 2
