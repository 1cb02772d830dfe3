"""Reading and writing the transcript of a command."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import pytest

from meetscribe.cli.transcripts import (
    apply_meeting_options,
    apply_names,
    check_printable,
    read_transcript,
    require_new,
    write_transcript,
)
from meetscribe.errors import OutputError
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript
from tests.support.notices import notices

TRANSCRIPT = synthetic_meeting(seed=2).transcript


@pytest.fixture(autouse=True)
def context() -> object:
    """The context of a running command."""
    with click.Context(click.Command("export")) as context:
        yield context


def test_a_file_and_stdin_are_read(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The format is detected from the content."""
    TRANSCRIPT.save(place / "a.json")
    assert read_transcript("a.json") == TRANSCRIPT
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((place / "a.json").read_bytes())))
    assert read_transcript("-") == TRANSCRIPT


def test_the_format_follows_the_name_then_the_suffix(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_transcript(TRANSCRIPT, place / "a.txt")
    assert (place / "a.txt").read_text() == f"{TRANSCRIPT}\n"
    assert capsys.readouterr() == ("", f"wrote {place / 'a.txt'}\n")
    write_transcript(TRANSCRIPT, place / "b.txt", name="json")
    assert Transcript.load(place / "b.txt") == TRANSCRIPT
    capsys.readouterr()
    write_transcript(TRANSCRIPT, Path("-"), "txt")
    assert capsys.readouterr() == (f"{TRANSCRIPT}\n", "")


def test_warnings_are_printed_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    write_transcript(TRANSCRIPT.with_meta(notices=notices("mind the gap")), Path("-"), "txt")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{TRANSCRIPT}\n", "warning: mind the gap\n")


def test_an_existing_file_is_kept(place: Path) -> None:
    """Stdout is never in the way."""
    (place / "a.json").write_text("mine")
    (place / "-").write_text("mine")
    with pytest.raises(OutputError, match=r"a\.json"):
        require_new(place / "a.json", overwrite=False)
    require_new(place / "a.json", overwrite=True)
    require_new(Path("-"), overwrite=False)
    assert (place / "a.json").read_text() == "mine"


def test_one_text_format_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.UsageError, match="Only one format"):
        check_printable(["txt", "srt"])
    check_printable(["parquet"])  # into a pipe
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    check_printable(["txt"])
    with pytest.raises(click.UsageError, match="parquet is a binary format"):
        check_printable(["parquet"])


def test_only_given_options_of_the_meeting_change_it() -> None:
    titled = apply_meeting_options(TRANSCRIPT, {"title": "Weekly", "date": None})
    assert titled == TRANSCRIPT.with_meta(title="Weekly")
    dated = apply_meeting_options(titled, {"title": None, "date": "2026-11-27"})
    assert dated == TRANSCRIPT.with_meta(title="Weekly", recorded_at="2026-11-27")


def test_names_that_cannot_be_given_are_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    label = TRANSCRIPT.speakers[0]
    named = apply_names(TRANSCRIPT.with_meta(notices=notices("old")), {label: "Anna", "nobody": "Ben"})
    assert named.edited().speakers[0] == "Anna"
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: ") and "nobody" in line
