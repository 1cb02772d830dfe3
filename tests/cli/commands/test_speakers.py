"""`meetscribe speakers`: lists, corrections, confirmations and messages."""

from __future__ import annotations

import json
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

from meetscribe.analytics import stats
from meetscribe.cli.application import application
from meetscribe.cli.commands import speakers
from meetscribe.formats import load, save, write
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Meta, Segment, Transcript

Call = Callable[..., Result]

TRANSCRIPT = synthetic_meeting(seed=2).transcript
FIRST, SECOND, THIRD = TRANSCRIPT.speakers


@pytest.fixture
def meeting(place: Path) -> Path:
    """A transcript in native JSON in the current folder."""
    save(TRANSCRIPT, place / "meeting.json")
    return place / "meeting.json"


def shown(meeting: Path) -> tuple[str, ...]:
    """Return the names of the speakers in the file, by first appearance."""
    return load(meeting).edited().speakers


def test_the_list_of_speakers(meeting: Path, call: Call) -> None:
    """Each speaker has a line with label, name, talk time, words and first words, or a JSON object."""
    assert call("speakers", "rename", "meeting.json", f"{SECOND}=我们").exit_code == 0
    done = call("speakers", "list", "meeting.json")
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["label", "name", "talk", "time", "words", "first", "words"]
    assert [row.split()[:2] for row in rows] == [[FIRST, FIRST], [SECOND, "我们"], [THIRD, THIRD]]
    own = [word for word in TRANSCRIPT.words if word.speaker == FIRST]
    assert f"  {len(own)}  {own[0].text} {own[1].text}" in rows[0]
    as_json = json.loads(call("speakers", "list", "meeting.json", "--json").stdout)
    assert [(one["label"], one["words"]) for one in as_json][0] == (FIRST, len(own))
    assert {one["name"]: one["seconds"] for one in as_json} == {
        row.speaker: row.talk_time_s for row in stats(load(meeting)).speakers
    }


def test_any_transcript_can_be_listed(place: Path, call: Call) -> None:
    """Other formats can be listed, with the number of words without a speaker, but not corrected."""
    (place / "a.txt").write_text("[0:00:00.0] Anna: Hello.\n[0:00:02.0] So.\n")
    done = call("speakers", "list", "a.txt")
    assert "Anna" in done.stdout
    assert done.stderr == "words without a speaker: 1\n"
    done = call("speakers", "rename", "a.txt", "Anna=Eve")
    assert done.exit_code == 3
    assert "a.txt: the format txt cannot hold corrections" in done.stderr
    assert "meetscribe export a.txt -f json -o a.json" in done.stderr


def test_the_advice_for_the_json_of_another_program_works(place: Path, call: Call) -> None:
    """The error names the real format; the command in it writes a file that can be corrected, beside the other one."""
    words = [{"word": "Hello.", "start": 0.0, "end": 0.5, "score": 0.9, "speaker": "SPEAKER_00"}]
    segment = {"start": 0.0, "end": 0.5, "text": "Hello.", "words": words, "speaker": "SPEAKER_00"}
    (place / "my colleague.json").write_text(json.dumps({"segments": [segment], "language": "en"}))
    done = call("speakers", "rename", "my colleague.json", "SPEAKER_00=Anna")
    assert done.exit_code == 3
    assert "my colleague.json: the format whisperx cannot hold corrections" in done.stderr
    advice = shlex.split(done.stderr.strip().rpartition(": ")[2])
    assert call(*advice[1:]).exit_code == 0
    assert call("speakers", "rename", advice[-1], "SPEAKER_00=Anna").exit_code == 0


def test_names_appear_in_exports(meeting: Path, call: Call) -> None:
    """After renaming, exports have the name; the file has mode 0600 and the same segments as before."""
    done = call("speakers", "rename", "meeting.json", f"{FIRST.lower()}=Anna Berg", f"{SECOND}=Ben")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"rename {FIRST} to Anna Berg, {SECOND} to Ben\n"
    assert "Anna Berg: " in call("export", "meeting.json").stdout
    assert "Anna_Berg" in call("export", "meeting.json", "-f", "rttm").stdout
    assert load(meeting).with_meta(edits=()) == TRANSCRIPT
    assert stat.S_IMODE(meeting.stat().st_mode) == 0o600
    assert [path.name for path in meeting.parent.iterdir()] == ["meeting.json"]


def test_names_may_be_separated_by_commas(meeting: Path, call: Call) -> None:
    """A comma before another SPEAKER=NAME separates the two; any other comma belongs to the name."""
    assert call("speakers", "rename", "meeting.json", f"{FIRST}=Berg, Anna, {SECOND}=Ben,{THIRD}=Eve").exit_code == 0
    assert shown(meeting) == ("Berg, Anna", "Ben", "Eve")


def test_corrections_are_kept_in_order_and_undone(meeting: Path, call: Call) -> None:
    """The log lists each correction with its time; undo restores the exact previous state."""
    start = TRANSCRIPT.words[0].start
    for arguments in (
        ["rename", "meeting.json", f"{FIRST}=Anna"],
        ["merge", "meeting.json", "anna", SECOND],
        ["assign", "meeting.json", f"{start}-{start + 1}", "Ben"],
    ):
        assert call("speakers", *arguments).exit_code == 0
    assert shown(meeting) == ("Ben", "Anna", THIRD)
    lines = call("speakers", "log", "meeting.json").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["number", "1", "2", "3"]
    assert lines[1].endswith(f"rename {FIRST} to Anna")
    made = json.loads(call("speakers", "log", "meeting.json", "--json").stdout)
    assert [edit["kind"] for edit in made] == ["rename", "merge", "assign"]
    assert all(edit["made"].endswith("+00:00") for edit in made)
    assert call("speakers", "undo", "meeting.json").stderr.startswith("undone: assign 0:00:00.5-0:00:01.5 to Ben\n")
    assert shown(meeting) == ("Anna", THIRD)
    done = call("speakers", "undo", "meeting.json", "2")
    assert done.stderr.splitlines()[:2] == [f"undone: merge {SECOND} into Anna", f"undone: rename {FIRST} to Anna"]
    assert meeting.read_bytes() == write(TRANSCRIPT, "json")
    assert call("speakers", "undo", "meeting.json").exit_code == 2


def test_messages_and_the_log_name_the_speakers(meeting: Path, call: Call) -> None:
    """Speakers have their names there, not their labels."""
    start = TRANSCRIPT.words[0].start
    assert call("speakers", "rename", "meeting.json", f"{SECOND}=Ben").exit_code == 0
    done = call("speakers", "assign", "meeting.json", f"{start}-{start + 1}", "ben")
    title, before, *after = done.stderr.splitlines()
    assert title == "assign 0:00:00.5-0:00:01.5 to Ben"
    assert before.startswith("- [0:00:00.5] SPEAKER_00: ") and after[0].startswith("+ [0:00:00.5] Ben: ")
    assert call("speakers", "log", "meeting.json").stdout.splitlines()[-1].endswith("to Ben")
    assert call("speakers", "undo", "meeting.json").stderr == "undone: assign 0:00:00.5-0:00:01.5 to Ben\n"


def test_merging_by_name_requires_a_flag(meeting: Path, call: Call) -> None:
    """Without a terminal, giving a speaker the name of another requires --merge."""
    call("speakers", "rename", "meeting.json", f"{FIRST}=Anna")
    before = meeting.read_bytes()
    done = call("speakers", "rename", "meeting.json", f"{SECOND}=anna")
    assert done.exit_code == 2
    assert f"{SECOND} would have the same name as {FIRST}: anna" in done.stderr and "--merge" in done.stderr
    assert meeting.read_bytes() == before
    done = call("speakers", "rename", "meeting.json", f"{SECOND}=anna", "--merge")
    assert (done.exit_code, shown(meeting)) == (0, ("Anna", THIRD))
    assert call("speakers", "merge", "meeting.json", "Anna", SECOND).stderr == "nothing to change\n"


@pytest.mark.parametrize(
    ("answer", "code", "speakers"), [("y\n", 0, ("Anna", THIRD)), ("n\n", 2, ("Anna", SECOND, THIRD))]
)
def test_merging_by_name_asks_on_a_terminal(
    meeting: Path, call: Call, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, speakers: tuple[str, ...]
) -> None:
    """On a terminal the user is asked whether the two are the same person."""
    call("speakers", "rename", "meeting.json", f"{FIRST}=Anna")
    monkeypatch.setattr("meetscribe.cli.commands.speakers._is_interactive", lambda: True)
    arguments = ["speakers", "rename", "meeting.json", f"{SECOND}=Anna"]
    done = CliRunner().invoke(application, arguments, input=answer, prog_name="meetscribe")
    assert f"{SECOND} would have the same name as {FIRST}: Anna. Are they the same person?" in done.stderr
    assert (done.exit_code, shown(meeting)) == (code, speakers)


def test_stale_exports_are_reported(meeting: Path, call: Call, place: Path) -> None:
    """Exports are not changed; the command that updates them is printed. Other files are not listed."""
    call("export", "meeting.json", "-f", "srt,vtt", "-o", ".")
    (place / "meeting.txt").write_text("my own notes")
    old = (place / "meeting.srt").read_bytes()
    for name in ("Anna", "Eve"):
        done = call("speakers", "rename", "meeting.json", f"{FIRST}={name}")
        assert "out of date: meeting.srt, meeting.vtt. To update them, run:\n" in done.stderr
    assert (place / "meeting.srt").read_bytes() == old
    command = done.stderr.splitlines()[-1].split()
    assert command[:2] == ["meetscribe", "export"]
    assert call(*command[1:]).exit_code == 0
    assert b"Eve" in (place / "meeting.srt").read_bytes()
    assert (place / "meeting.txt").read_text() == "my own notes"


def test_exports_with_options_are_out_of_date_too(meeting: Path, call: Call, place: Path) -> None:
    """They differ from the default export, but meetscribe wrote them."""
    assert call("export", "meeting.json", "-o", "meeting.srt", "--set", "srt.names=always").exit_code == 0
    done = call("speakers", "rename", "meeting.json", f"{FIRST}=Anna")
    assert "out of date: meeting.srt. To update them, run:" in done.stderr


def test_a_transcript_without_speakers_names_the_command_that_assigns_them(place: Path, call: Call) -> None:
    unknown = [replace(word, speaker=None, speaker_source=None, speaker_score=None) for word in TRANSCRIPT.words]
    save(Transcript((Segment(tuple(unknown)),), Meta("en", 60.0)), place / "lecture.json")
    done = call("speakers", "rename", "lecture.json", "SPEAKER_00=Sean")
    assert done.exit_code == 2
    assert "there are no speakers in the transcript" in done.stderr
    assert "meetscribe speakers assign FILE START-END NAME" in done.stderr
    assigned = call("speakers", "assign", "lecture.json", "0-60", "Sean")
    assert "Sean is a new speaker\n" in assigned.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["rename", "nowhere.json", "A=Anna"], 3, "nowhere.json: No such file"),
        (["rename", "meeting.json", "SPEAKER_00"], 2, "'SPEAKER_00' is not SPEAKER=NAME"),
        (
            ["rename", "meeting.json", "SPEAKER_0=Anna"],
            2,
            "there is no speaker 'SPEAKER_0'\nknown speakers: SPEAKER_00, SPEAKER_01, SPEAKER_02",
        ),
        (["merge", "meeting.json", "SPEAKER_00"], 2, "Missing argument"),
        (["merge", "meeting.json", "SPEAKER_00", "Eve"], 2, "there is no speaker 'Eve'"),
        (["assign", "meeting.json", "noon", "Eve"], 2, "'noon' is not START-END"),
        (["assign", "meeting.json", "9:00:00-9:00:01", "Eve"], 2, "there is no word between 9:00:00.0 and 9:00:01.0"),
        (["assign", "meeting.json", "0:09-0:07", "Eve"], 2, "0:00:07.0 is not after 0:00:09.0"),
        (["undo", "meeting.json", "0"], 2, "Invalid value"),
        (["undo", "meeting.json"], 2, "1 corrections cannot be undone\nThere are 0."),
    ],
)
def test_invalid_arguments_are_errors(meeting: Path, call: Call, arguments: list[str], code: int, message: str) -> None:
    """Invalid arguments give an exit code and a message, and write nothing."""
    done = call("speakers", *arguments)
    assert (done.exit_code, message in done.stderr) == (code, True), done.stderr
    assert meeting.read_bytes() == write(TRANSCRIPT, "json")


@pytest.mark.parametrize(
    ("times", "start", "end"), [("0:01-0:02.5", 1, 2.5), ("0:00:01–0:00:03", 1, 3), ("1 - 4", 1, 4)]
)
def test_times_of_assignments(meeting: Path, call: Call, times: str, start: float, end: float) -> None:
    """Hours and minutes are optional; a message reports a new speaker."""
    done = call("speakers", "assign", "meeting.json", times, "Eve")
    assert f"Eve is a new speaker (existing speakers: {FIRST}, {SECOND}, {THIRD})" in done.stderr
    (edit,) = load(meeting).meta.edits
    assert (getattr(edit, "start", None), getattr(edit, "end", None)) == (start, end)


def test_speakers_are_completed(meeting: Path, call: Call) -> None:
    """Names and labels of the speakers in the file are completed."""
    call("speakers", "rename", "meeting.json", f"{FIRST}=Anna")

    def offered(*arguments: str) -> list[str]:
        *before, incomplete = arguments
        complete = ShellComplete(application, {}, "meetscribe", "_MEETSCRIBE_COMPLETE")
        return [item.value for item in complete.get_completions(list(before), incomplete)]

    assert offered("speakers", "merge", "meeting.json", "an") == ["Anna"]
    assert offered("speakers", "rename", "meeting.json", "") == ["Anna", FIRST, SECOND, THIRD]
    assert offered("speakers", "merge", "nowhere.json", "") == []


def test_no_model_is_loaded(meeting: Path) -> None:
    """A correction imports neither torch nor pandas nor numpy."""
    code = (
        "import sys; from meetscribe.cli import main\n"
        f"sys.argv = ['meetscribe', 'speakers', 'rename', 'meeting.json', '{FIRST}=Anna']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'numpy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert Transcript.load(meeting).name_of(FIRST) == "Anna"


def test_every_subcommand_has_a_help() -> None:
    """Every command of the group has a help text."""
    group = speakers.group
    assert set(group.commands) == {"list", "rename", "merge", "assign", "undo", "log"}
    assert all(command.help for command in group.commands.values())
