"""On a terminal finished lines scroll above the pending words and the state; elsewhere only lines are printed."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from meetscribe.cli.display.live_display import JsonDisplay, PlainDisplay, TerminalDisplay, status_text
from meetscribe.live import LiveTranscript, events
from meetscribe.live.events import Draft, Event
from meetscribe.live.running import LineFeed
from meetscribe.transcript import Word

STATUS = {"received": 4.0, "compute_lag": 2.2, "level": -18.0, "saved": 4.0}
DRAFTS = [
    events.partial("s0", "the plan", 0.0, 0.9),
    events.commit("s0", 0, [Word("The", 0.0, 0.4), Word("plan.", 0.5, 0.9)], closed=True),
    Draft("status", STATUS),
    events.error("source.silent", "no sound from this microphone for 5 s", "Check it."),
    events.commit("s3", 0, [Word("Why", 3.0, 3.4)]),
    events.partial("s3", "did it", 3.5, 3.9),
]
EVENTS: list[Event] = [draft.published(seq, 4.0) for seq, draft in enumerate(DRAFTS, start=1)]


def screen(width: int = 100, color: str | None = None) -> tuple[TerminalDisplay, io.StringIO]:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=width, no_color=color is None, highlight=False)
    return TerminalDisplay(LiveTranscript(), LineFeed(speakers=False), console), written


def plain(text: str) -> str:
    """Return the text without control sequences."""
    return re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", text)


def test_the_terminal_shows_lines_pending_words_and_the_state() -> None:
    display, written = screen()
    for event in EVENTS:
        display.show(event)
    display.typed("mark it")
    last = plain(written.getvalue().rpartition("Why")[2])
    display.close()
    shown = plain(written.getvalue())
    assert "[0:00:00.0] The plan." in shown
    assert "recording 0:00:04  ███████░░░ -18 dB  2 s behind  4 s saved" in shown
    assert "warning: no sound from this microphone for 5 s. Check it" in shown
    assert "did it" in last
    assert "> mark it" in last
    assert "\x1b[9" not in written.getvalue()  # NO_COLOR: no grey


def test_pending_words_are_grey() -> None:
    display, written = screen(color="standard")
    for event in EVENTS:
        display.show(event)
    display.note("ready")
    display.close()
    assert "\x1b[3;90m" in written.getvalue()


def test_a_long_tail_stays_on_one_row() -> None:
    display, written = screen(width=30)
    display.show(events.partial("s0", "word " * 40 + "end", 0.0, 9.0).published(1, 9.0))
    rows = [row for row in written.getvalue().splitlines() if "word" in row]
    display.close()
    assert rows
    assert all("…" in row and "end" in row for row in rows)


def test_elsewhere_only_lines_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    display = PlainDisplay(LiveTranscript(), LineFeed(speakers=False))
    for event in EVENTS:
        display.show(event)
    display.typed("x")
    display.note("stopping")
    display.close()
    out, err = capsys.readouterr()
    assert out.splitlines() == ["[0:00:00.0] The plan.", "[0:00:03.0] Why did it"]
    assert err.splitlines()[-1] == "stopping"


def test_events_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    display = JsonDisplay(quiet=True)
    for event in EVENTS:
        display.show(event)
    display.typed("x")
    display.note("stopping")
    display.close()
    out, err = capsys.readouterr()
    assert [json.loads(line)["seq"] for line in out.splitlines()] == list(range(1, 7))
    assert err == ""


def test_a_silent_microphone() -> None:
    assert "no sound" in status_text("recording", {"received": 1.0, "level": None})


def test_a_pause_shows_no_level() -> None:
    """Nothing is measured meanwhile."""
    assert status_text("paused", {**STATUS, "compute_lag": 0.2}) == "paused 0:00:04  4 s saved"


def test_long_notes_have_rows_of_their_own() -> None:
    """The list of commands is not cut off, and a note that only repeats the state is left out."""
    display, written = screen(width=80)
    display.show(EVENTS[2])
    display.note("rename SPEAKER NAME: give a speaker a name\nstop: end the session")
    shown = plain(written.getvalue())
    assert "  4 s saved\n" in shown.replace("\r", "") or "4 s saved" in shown
    assert "give a speaker a name" in shown and "end the session" in shown
    display.note("recording")
    display.close()
    assert "saved  recording" not in plain(written.getvalue())
