"""`meetscribe correct` with a corrected copy or a vocabulary: what is listed, what is stored, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.formats import load, save
from meetscribe.transcript import Meta, Transcript
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import TALK, said

Call = Callable[..., Result]

TRANSCRIPT = with_word_ids(TALK)


@pytest.fixture
def copy(place: Path) -> Path:
    """A transcript in native JSON and its copy as SRT, with one word changed, in the current folder."""
    save(TRANSCRIPT, place / "meeting.json")
    save(TRANSCRIPT, place / "edited.srt")
    text = (place / "edited.srt").read_text(encoding="utf-8")
    assert text.count("morning") == 1
    (place / "edited.srt").write_text(text.replace("morning", "evening"), encoding="utf-8")
    return place / "edited.srt"


def test_a_dry_run_lists_the_differences(copy: Path, call: Call) -> None:
    """Nothing is stored."""
    result = call("correct", "meeting.json", "--from", copy.name, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "replace" in result.stdout and "morning" in result.stdout and "evening" in result.stdout
    assert result.stderr == "1 difference, none stored\n"
    assert load("meeting.json") == TRANSCRIPT


def test_a_new_name_without_a_time_is_reported(copy: Path, call: Call) -> None:
    """The warning shows where to write the time."""
    assert call("export", "meeting.json", "-o", "edited.txt").exit_code == 0
    lines = Path("edited.txt").read_text(encoding="utf-8").splitlines()
    Path("edited.txt").write_text("\n".join([lines[0], "Dora: Sounds good.", *lines[1:]]), encoding="utf-8")
    done = call("correct", "meeting.json", "--from", "edited.txt")
    warning = "the line “Dora: Sounds good.” has no time: its name is new, so it was read as words of a new speaker"
    assert f"{warning}; to give the time, write [0:01:02] before the name" in done.stderr
    assert "Dora: Sounds good." in call("export", "meeting.json").stdout


def test_several_differences_may_be_one_correction(copy: Path, call: Call) -> None:
    """Two renamed speakers are one correction; --quiet prints no numbers."""
    text = copy.read_text(encoding="utf-8").replace("S0:", "Anna:").replace("S1:", "Ben:")
    copy.write_text(text.replace("evening", "morning"), encoding="utf-8")
    done = call("correct", "meeting.json", "--from", copy.name)
    assert done.stderr == "2 differences stored as 1 correction\n"
    assert call("speakers", "rename", "meeting.json", "Anna=Eve", "-q").stderr == ""


def test_the_differences_of_a_copy_are_stored(copy: Path, call: Call) -> None:
    """The copy's words are shown, the recognised words stay, and a second import finds nothing."""
    result = call("correct", "meeting.json", "--from", copy.name, "--json")
    assert result.exit_code == 0, result.output
    (difference,) = json.loads(result.stdout)["differences"]
    assert (difference["before"], difference["after"]) == ("morning", "evening")
    found = load("meeting.json")
    assert found.segments == TRANSCRIPT.segments
    assert "Good evening" in found.edited().text
    assert "no differences" in call("correct", "meeting.json", "--from", copy.name, "--dry-run").stderr


def test_a_vocabulary_is_applied(copy: Path, call: Call) -> None:
    copy.with_name("corrections.toml").write_text('"morning" = "evening"\n', encoding="utf-8")
    result = call("correct", "meeting.json", "--with", "corrections.toml")
    assert result.exit_code == 0, result.output
    assert "Good evening" in load("meeting.json").edited().text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--write",), "--write requires --learn"),
        (("--dry-run",), "--dry-run requires --from or --with"),
        (("--times", "edited"), "--times requires --from"),
    ],
)
def test_options_without_their_file_are_refused(
    copy: Path, call: Call, arguments: tuple[str, ...], message: str
) -> None:
    result = call("correct", "meeting.json", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_dry_run_as_json(copy: Path, call: Call) -> None:
    """Only the differences are printed, and nothing is stored."""
    result = call("correct", "meeting.json", "--from", copy.name, "--dry-run", "--json")
    assert [one["kind"] for one in json.loads(result.stdout)["differences"]] == ["replace"]
    assert load("meeting.json") == TRANSCRIPT


def test_a_copy_from_a_pipe(copy: Path) -> None:
    """`-` is stdin, and --format names the format that cannot be detected."""
    arguments = ["correct", "meeting.json", "--from", "-", "--format", "srt"]
    result = CliRunner().invoke(application, arguments, input=copy.read_bytes())
    assert result.exit_code == 0, result.output
    assert "1 correction stored" in result.stderr
    assert load("meeting.json").meta.edits[0].source == "stdin"  # type: ignore[union-attr]


def test_repeated_corrections_are_proposed(copy: Path, call: Call) -> None:
    """Lines are printed, and written only with --write."""
    talk = Transcript(tuple(said("A", 2 * n, "the", "vitter", "bee") for n in range(3)), Meta("en", 6))
    for number in range(2):
        talk = talk.replace(2 * number, 2 * number + 2, "the Viterbi")
    save(talk, copy.with_name("talk.json"))
    result = call("correct", "talk.json", "--learn", "new.toml")
    assert result.stdout == '"vitter bee" = "Viterbi"  # 2 corrections\n'
    assert "use --write" in result.stderr
    assert not copy.with_name("new.toml").exists()
    result = call("correct", "talk.json", "--learn", "new.toml", "--write", "--json")
    assert json.loads(result.stdout) == [{"wrong": "vitter bee", "right": "Viterbi", "corrections": 2}]
    assert copy.with_name("new.toml").read_text() == '"vitter bee" = "Viterbi"\n'
    assert "there are no new repeated replacements" in call("correct", "talk.json", "--learn", "new.toml").stderr
    assert call("correct", "talk.json", "--with", "new.toml").exit_code == 0
    assert load("talk.json").edited().text.count("Viterbi") == 3


def test_words_that_cannot_be_assigned_are_reported(place: Path, call: Call) -> None:
    """A warning names the words that have the same times as those of another speaker."""
    segments = (said("A", 0, "one", "two"), said("B", 1, "yes"), said("C", 0.5, "III"))
    save(Transcript(segments, Meta("en", 2)), place / "meeting.json")
    rows = "start,end,speaker,text\n0,0.5,A,one\n0.5,1,B,two\n1,1.5,B,yes\n0.5,1,C,III\n"
    (place / "edited.csv").write_text(rows)
    result = call("correct", "meeting.json", "--from", "edited.csv")
    assert result.exit_code == 0, result.output
    assert "warning: 0:00:00.5: “two” was not assigned: others speak at the same time" in result.stderr
