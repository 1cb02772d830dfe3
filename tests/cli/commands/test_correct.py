"""`meetscribe correct`: corrections of words, their log, undo of any one, and messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.cli.commands import correct
from meetscribe.formats import load, save, write
from meetscribe.transcript import Transcript
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import TALK

Call = Callable[..., Result]

TRANSCRIPT = with_word_ids(TALK)


@pytest.fixture
def meeting(place: Path) -> Path:
    """A transcript in native JSON in the current folder."""
    save(TRANSCRIPT, place / "meeting.json")
    return place / "meeting.json"


@pytest.mark.parametrize(
    ("arguments", "described", "removed", "added"),
    [
        (
            ["0:00-0:01.5", "Good evening, all of you."],
            "replace 0:00:00.0-0:00:01.5 “Good morning all.” by “Good evening, all of you.”",
            ["[0:00:00.0] S0: Good morning all."],
            ["[0:00:00.0] S0: Good evening, all of you."],
        ),
        (
            ["4-5", "So", "he"],
            "replace 0:00:04.0-0:00:05.0 “So, we” by “So he”",
            ["[0:00:04.0] S2: So, we start."],
            None,
        ),
        (
            ["--word", "0:04", "So"],
            "replace 0:00:04.0-0:00:04.5 “So,” by “So”",
            ["[0:00:04.0] S2: So, we start."],
            None,
        ),
        (
            ["--word", "0:04.0", "Oh"],
            "replace 0:00:04.0-0:00:04.5 “So,” by “Oh,”",
            ["[0:00:04.0] S2: So, we start."],
            ["[0:00:04.0] S2: Oh, we start."],
        ),
        (["--delete", "2-2.5"], "delete 0:00:02.0-0:00:02.5 “Hello.”", ["[0:00:02.0] S1: Hello."], []),
        (
            ["--insert", "7", "Bye.", "--speaker", "Dora"],
            "insert 0:00:07.0 “Bye.” (Dora)",
            [],
            ["[0:00:07.0] Dora: Bye."],
        ),
        (
            ["--split", "4.4"],
            "split 0:00:04.5 before “we”",
            ["[0:00:04.0] S2: So, we start."],
            ["[0:00:04.0] S2: So,", "[0:00:04.5] S2: we start."],
        ),
    ],
)
def test_each_correction_prints_the_passage(
    meeting: Path, call: Call, arguments: list[str], described: str, removed: list[str], added: list[str] | None
) -> None:
    """The correction is described, with the segments before and after it, and undone exactly."""
    done = call("correct", "meeting.json", *arguments)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    lines = done.stderr.splitlines()
    assert lines[0] == described
    assert [line[2:] for line in lines if line.startswith("- ")] == removed
    if added is not None:
        assert [line[2:] for line in lines if line.startswith("+ ")] == added
    assert load(meeting).with_meta(edits=()) == TRANSCRIPT
    assert call("correct", "undo", "meeting.json").stderr.startswith(f"undone: {described}\n")
    assert meeting.read_bytes() == write(TRANSCRIPT, "json")


def test_one_log_with_the_speakers(meeting: Path, call: Call) -> None:
    """Corrections of words and speakers are in one log, and any one of them can be undone."""
    for arguments in (
        ["speakers", "rename", "meeting.json", "S1=Ben"],
        ["correct", "meeting.json", "--insert", "1.9", "Well then.", "--speaker", "ben"],
        ["correct", "meeting.json", "--word", "1.9", "Wall"],
        ["speakers", "merge", "meeting.json", "S0", "S2"],
    ):
        assert call(*arguments).exit_code == 0
    log = call("correct", "log", "meeting.json").stdout
    assert log == call("speakers", "log", "meeting.json").stdout
    assert [line.split()[0] for line in log.splitlines()] == ["number", "1", "2", "3", "4"]
    done = call("correct", "undo", "meeting.json", "2").stderr.splitlines()
    assert done[0].startswith("undone: insert 0:00:01.9 “Well then.”")
    assert done[-1].startswith("without effect now: replace")
    assert "(no effect: its words do not exist)" in call("correct", "log", "meeting.json").stdout.splitlines()[2]
    entries = json.loads(call("correct", "log", "meeting.json", "--json").stdout)
    assert [(each["kind"], each["applies"]) for each in entries] == [
        ("rename", True),
        ("replace", False),
        ("merge", True),
    ]


def test_stale_exports_are_named(meeting: Path, call: Call) -> None:
    """Exports that do not have the correction are listed, with the command that writes them again."""
    call("export", "meeting.json", "-f", "srt,txt", "-o", ".")
    done = call("correct", "meeting.json", "2-2.5", "Hallo.")
    assert "out of date: meeting.txt, meeting.srt. To update them, run:" in done.stderr
    command = done.stderr.splitlines()[-1].split()
    assert call(*command[1:]).exit_code == 0
    assert "Hallo." in Path("meeting.srt").read_text()
    assert "Hallo." in call("export", "meeting.json").stdout


def test_stale_documents_are_named(meeting: Path, call: Call) -> None:
    """Minutes made from the transcript are listed, with the command that makes them again; edited ones are not."""
    assert call("minutes", "meeting.json", "-o", "meeting.minutes.json", "-o", "meeting.minutes.md").exit_code == 0
    with Path("meeting.minutes.md").open("a") as file:
        file.write("my remark")
    done = call("correct", "meeting.json", "2-2.5", "Hallo.")
    assert (
        "out of date: meeting.minutes.json. To update them, run these commands with the options you used before:"
        in done.stderr
    )
    command = done.stderr.splitlines()[-1].split()
    assert command[1:] == ["minutes", "meeting.json", "-o", "meeting.minutes.json"]
    assert call(*command[1:]).exit_code == 0
    report = json.loads(call("correct", "meeting.json", "2-2.5", "Hey.", "--json").stdout)
    assert report["documents_out_of_date"] == {"minutes": ["meeting.minutes.json"]}
    assert report["update_documents"] == [command]


def test_documents_with_other_names_are_out_of_date_too(meeting: Path, call: Call, place: Path) -> None:
    """They are found in the folder of the transcript and the folders in it; those of other transcripts are not."""
    (place / "other.json").write_bytes(meeting.read_bytes())
    for command in (
        ["minutes", "meeting.json", "-o", "minutes.md", "-o", "actions.csv", "-o", "edited.html"],
        ["report", "meeting.json", "-o", "pages/team.html", "--sound", "none"],
        ["export", "meeting.json", "-o", "captions.srt"],
        ["export", "other.json", "-o", "other.vtt"],
        ["export", "meeting.json", "-f", "json", "-o", "copy.json"],
    ):
        (place / "pages").mkdir(exist_ok=True)
        assert call(*command).exit_code == 0
    (place / "edited.html").write_text("my own")
    done = call("correct", "meeting.json", "2-2.5", "Hallo.").stderr.splitlines()
    advice = "To update them, run these commands with the options you used before:"
    assert done[-4:] == [
        f"out of date: actions.csv, minutes.md, pages/team.html, captions.srt. {advice}",
        "  meetscribe minutes meeting.json -o actions.csv -o minutes.md",
        "  meetscribe report meeting.json -o pages/team.html",
        "  meetscribe export meeting.json -o captions.srt",
    ]
    for line in done[-3:]:
        assert call(*line.split()[1:]).exit_code == 0
    assert "Hallo." in (place / "captions.srt").read_text()


def test_each_file_is_updated_by_the_command_that_wrote_it(meeting: Path, call: Call, place: Path) -> None:
    """The files of an episode and a page of a report are not exports, and edited chapters are kept."""
    for command in (
        ["export", "meeting.json", "-f", "txt", "-o", "."],
        ["podcast", "meeting.json", "-o", "."],
        ["report", "meeting.json", "-o", "meeting.html", "--sound", "none"],
    ):
        assert call(*command).exit_code == 0
    chapters = place / "meeting.chapters.json"
    chapters.write_text('{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Welcome"}]}')
    done = call("correct", "meeting.json", "2-2.5", "Hallo.")
    listed = [line for line in done.stderr.splitlines() if line.startswith(("out of date", "  "))]
    names = [f"meeting.{suffix}" for suffix in ("vtt", "srt", "podcast.json", "psc.xml", "notes.md", "rss.xml", "html")]
    assert listed == [
        "out of date: meeting.txt. To update them, run:",
        "  meetscribe export meeting.json -f txt -o .",
        f"out of date: {', '.join(names)}. To update them, run these commands with the options you used before:",
        "  meetscribe podcast meeting.json --chapters meeting.chapters.json -o .",
        "  meetscribe report meeting.json -o meeting.html",
    ]
    for line in (listed[1], *listed[3:]):
        assert call(*line.split()[1:]).exit_code == 0
    assert "Welcome" in chapters.read_text() and "Welcome" in (place / "meeting.notes.md").read_text()
    assert all("Hallo" in (place / name).read_text() for name in ("meeting.txt", "meeting.srt", "meeting.html"))


def test_a_repeated_word_is_noted(meeting: Path, call: Call) -> None:
    """A passage that ends before the last word of the new text leaves that word twice."""
    done = call("correct", "meeting.json", "4-4.5", "So, now we")
    assert "note: “we” at 0:00:04.5 repeats the word before it; if that is a mistake, the passage" in done.stderr
    call("correct", "undo", "meeting.json")
    report = json.loads(call("correct", "meeting.json", "4-4.5", "So, now we", "--json").stdout)
    assert [word["text"] for word in report["repeated"]] == ["we"]
    assert "note" not in call("correct", "undo", "meeting.json").stderr


def test_json_reports_the_change(meeting: Path, call: Call) -> None:
    """--json prints the edit, the segments before and after, and the revision that the file has."""
    report = json.loads(call("correct", "meeting.json", "2-2.5", "Hallo.", "--json").stdout)
    assert [edit["text"] for edit in report["made"]] == ["Hallo."]
    assert [segment["text"] for key in ("before", "after") for segment in report[key]] == ["Hello.", "Hallo."]
    assert json.loads(meeting.read_text())["revision"] == report["revision"]
    same = json.loads(call("correct", "meeting.json", "2-2.5", "Hallo.", "--json").stdout)
    assert (same["made"], same["before"]) == ([], [])
    assert call("correct", "meeting.json", "2-2.5", "Hallo.").stderr == "nothing to change\n"


def test_a_word_is_found_by_time_and_spelling(meeting: Path, call: Call) -> None:
    """Of the words in the second that is given, the one spelt most like the text is replaced, if that is clear."""
    call("correct", "meeting.json", "--word", "0:04", "wee")
    assert load(meeting).edited().segments[3].text == "So, wee start."
    done = call("correct", "meeting.json", "--word", "0:04", "xyz")
    assert done.exit_code == 2
    assert "several words are spoken at 0:00:04.0: “So,” 0:00:04.0-0:00:04.5, “wee” 0:00:04.5-0:00:05.0" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["meeting.json"], 2, "Give the passage and the new text"),
        (["meeting.json", "1-2"], 2, "Give the passage and the new text"),
        (["meeting.json", "12", "x"], 2, "'12' is not START-END. Write it as 12:03-12:10."),
        (["meeting.json", "--word", "x", "y"], 2, "'x' is not a time"),
        (["meeting.json", "--word", "1"], 2, "Give the new text"),
        (["meeting.json", "--delete", "1-2", "y"], 2, "No text is needed here: y"),
        (["meeting.json", "--split", "1", "--join", "1-2"], 2, "Give one of --split and --join"),
        (["meeting.json", "0-1", " "], 2, "the new text is empty"),
        (["meeting.json", "0-3", "x"], 2, "several speakers talk"),
        (["meeting.json", "--join", "0-3", "--speaker", "S0"], 2, "--speaker cannot be combined with --join"),
        (["meeting.json", "--with", "c.toml", "--speaker", "S0"], 2, "--speaker cannot be combined with --with"),
        (["undo", "meeting.json"], 2, "there is no correction to undo"),
        (["undo", "meeting.json", "0"], 2, "Invalid value"),
        (["missing.json", "0-1", "x"], 3, "missing.json"),
    ],
)
def test_what_is_not_clear_is_refused(meeting: Path, call: Call, arguments: list[str], code: int, message: str) -> None:
    """A correction that is not clear is refused with a remedy, and the file stays as it is."""
    done = call("correct", *arguments)
    assert (done.exit_code, message in done.stderr) == (code, True), done.stderr
    assert "correct words" not in done.stderr
    assert load(meeting) == TRANSCRIPT


def test_a_change_in_between_is_not_lost(meeting: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction that another process saved since the file was read is not replaced."""

    def read(file: Path) -> Transcript:
        before = load(file)
        save(before.rename({"S0": "Anna"}), file)
        return before

    monkeypatch.setattr(correct, "load_editable", read)
    done = call("correct", "meeting.json", "2-2.5", "Hallo.")
    assert done.exit_code == 3
    assert "only in the file: rename S0 to Anna" in done.stderr
    assert [edit.kind for edit in load(meeting).meta.edits] == ["rename"]


def test_the_help_teaches_by_examples(call: Call) -> None:
    """The help of the group has the options of corrections, examples, and the other commands."""
    done = call("correct", "--help").stdout
    general = done.partition("General options:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in general] == ["-q,", "--debug", "--help"]  # the others have other sections
    assert "meetscribe correct meeting.json --word 12:05 Viterbi" in done
    assert "--delete START-END" in done
    assert [line.split()[0] for line in done.partition("Commands:")[2].splitlines()[1:3]] == ["log", "undo"]


def test_title_and_date_are_stored(meeting: Path, call: Call) -> None:
    assert call("correct", "meeting.json", "--title", "Episode 12: Vienna").stderr == "title: Episode 12: Vienna\n"
    assert call("correct", "meeting.json", "--date", "2026-11-25").stderr == "date: 2026-11-25\n"
    meta = load(meeting).meta
    assert (meta.title, meta.recorded_at, meta.edits) == ("Episode 12: Vienna", "2026-11-25", ())
    assert call("correct", "meeting.json", "--title", "Episode 12: Vienna").stderr == "nothing to change\n"
    done = call("correct", "meeting.json", "--title", "", "--json")
    assert json.loads(done.stdout)["title"] is None and load(meeting).meta.title is None
    assert call("correct", "meeting.json", "--date", "soon").exit_code == 2


def test_files_with_the_former_title_are_out_of_date(meeting: Path, call: Call) -> None:
    assert call("export", "meeting.json", "-f", "md", "-o", ".").exit_code == 0
    assert "out of date: meeting.md" in call("correct", "meeting.json", "--title", "Kick-off").stderr
