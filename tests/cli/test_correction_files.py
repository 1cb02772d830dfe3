"""`meetscribe correct` with a corrected copy or a vocabulary: what is listed, what is stored, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.formats import load, save
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import TALK

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
    assert load("meeting.json") == TRANSCRIPT


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
