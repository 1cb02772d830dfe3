"""The display of a live session: lines of text and, on a terminal, the pending words and the state below them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Protocol, cast

import click
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from meetscribe.cli.display import messages
from meetscribe.live.events import Event
from meetscribe.live.running import Line, LineFeed
from meetscribe.live.transcript import LiveTranscript
from meetscribe.timeline import Seconds
from meetscribe.transcript.display import clock

_REFRESH: Seconds = 0.1
_METER_CELLS = 10
_METER_FLOOR = -60.0  # dB of an empty meter
_NOTE_TIME: Seconds = 8.0


class LiveDisplay(Protocol):
    """Receives the events of a session, from several threads."""

    def show(self, event: Event) -> None:
        """Show an event."""
        ...

    def note(self, text: str) -> None:
        """Show a message for a while."""
        ...

    def typed(self, text: str) -> None:
        """Show the text that the user has typed so far."""
        ...

    def close(self) -> None:
        """Print the remaining lines, and restore the terminal."""
        ...


class JsonDisplay:
    """Prints each event as a line of JSON on stdout."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet

    def show(self, event: Event) -> None:
        """Print an event."""
        click.echo(event.to_line())

    def note(self, text: str) -> None:
        """Print a message on stderr."""
        if not self._quiet:
            messages.info(text)

    def typed(self, text: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Do nothing, because every event has been printed."""


class PlainDisplay:
    """Prints finished lines on stdout and errors on stderr, for pipes and files."""

    def __init__(self, transcript: LiveTranscript, feed: LineFeed, *, quiet: bool = False) -> None:
        self._transcript = transcript
        self._feed = feed
        self._feed.take(transcript, all=True)  # a resumed session has already shown these
        self._quiet = quiet

    def show(self, event: Event) -> None:
        """Print the lines that an event finishes."""
        self._transcript = self._transcript.apply(event)
        if event.kind == "error":
            messages.warning(_error_text(event))
        for line in self._feed.take(self._transcript):
            click.echo(str(line))

    def note(self, text: str) -> None:
        """Print a message on stderr."""
        if not self._quiet:
            messages.info(text)

    def typed(self, text: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Print the remaining lines."""
        for line in self._feed.take(self._transcript, all=True):
            click.echo(str(line))


class TerminalDisplay:
    """Prints finished lines; redraws the pending words in grey, the state and the typed text below them."""

    def __init__(self, transcript: LiveTranscript, feed: LineFeed, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=False)
        self._transcript = transcript
        self._feed = feed
        self._feed.take(transcript, all=True)  # a resumed session has already shown these
        self._status: Mapping[str, object] = {}
        self._note = ("", 0.0)
        self._input = ""
        self._drawn = 0.0
        self._lock = threading.RLock()
        self._live = Live(console=self.console, auto_refresh=False, transient=True, redirect_stdout=False)
        self._live.start()

    def show(self, event: Event) -> None:
        """Apply an event; draw at most ten times a second, unless a line is finished or the state changes."""
        with self._lock:
            self._transcript = self._transcript.apply(event)
            if event.kind == "status":
                self._status = event.payload
            if event.kind == "error":
                self._print_error(event)
            ready = self._feed.take(self._transcript)
            for line in ready:
                self._live.console.print(_styled(line), soft_wrap=False)
            if ready or event.kind == "state" or time.monotonic() - self._drawn >= _REFRESH:
                self._draw()

    def note(self, text: str) -> None:
        """Show a message beside the state for a while."""
        with self._lock:
            self._note = text, time.monotonic()
            self._draw()

    def typed(self, text: str) -> None:
        """Show the text typed so far."""
        with self._lock:
            self._input = text
            self._draw()

    def close(self) -> None:
        """Print the remaining lines, and clear the status below them."""
        with self._lock:
            for line in self._feed.take(self._transcript, all=True):
                self._live.console.print(_styled(line), soft_wrap=False)
            self._live.update(Text(""))
            self._live.stop()

    def _draw(self) -> None:
        """Draw the pending lines, the state, and the input."""
        self._drawn = time.monotonic()
        width = self.console.width
        rows = [_tail(line, width) for line in self._feed.waiting(self._transcript)[-4:]]
        status = status_text(self._transcript.state, self._status)
        note = self._note[0] if self._drawn - self._note[1] < _NOTE_TIME else ""
        if note == self._transcript.state:  # such as "paused", which the status line shows already
            note = ""
        if note and "\n" not in note and len(status) + len(note) + 2 < width:
            status, note = f"{status}  {note}", ""
        rows.append(Text(status, "cyan", no_wrap=True, overflow="ellipsis"))
        rows += [Text(line, "cyan") for line in note.splitlines()]
        if self._input:
            rows.append(Text(f"> {self._input}", no_wrap=True, overflow="ellipsis"))
        self._live.update(Group(*rows), refresh=True)

    def _print_error(self, event: Event) -> None:
        text = Text("error: " if event.payload["fatal"] else "warning: ", "bold yellow")
        self._live.console.print(text.append(_error_text(event), "default"))


def status_text(state: str, status: Mapping[str, object]) -> str:
    """Return the status line: state, time, level, delay, and seconds saved.

    `status` is the payload of the last status event. The level in dB is shown only while recording; the delay is
    omitted during a pause if it is below 1 s.

    >>> status_text("recording", {"received": 65.2, "compute_lag": 2.3, "level": -18.0, "saved": 65.0})
    'recording 0:01:05  ███████░░░ -18 dB  2 s behind  65 s saved'
    """
    received, saved = (cast("float | None", status.get(name)) for name in ("received", "saved"))
    level, lag = (cast("float | None", status.get(name)) for name in ("level", "compute_lag"))
    parts = [f"{state} {clock(received or 0.0)[:-2]}"]  # without the tenths
    if state == "recording":
        parts.append(_meter(level))
    if state != "paused" or (lag or 0.0) >= 1:
        parts.append(delay_text(lag or 0.0))
    if saved is not None:
        parts.append(f"{saved:.0f} s saved")
    return "  ".join(parts)


def delay_text(lag: Seconds) -> str:
    """Return the delay of the recogniser as text.

    >>> [delay_text(lag) for lag in (0.4, 2.3, 75.0)]
    ['up to date', '2 s behind', '1 min 15 s behind']
    """
    seconds = round(lag)
    if seconds < 1:
        return "up to date"
    return f"{seconds} s behind" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s behind"


def _meter(level: float | None) -> str:
    """Return a bar of ten cells from -60 dB to 0 dB, with the level."""
    if level is None:
        return f"{'░' * _METER_CELLS} no sound"
    cells = max(0, min(_METER_CELLS, round((level - _METER_FLOOR) / -_METER_FLOOR * _METER_CELLS)))
    return f"{'█' * cells}{'░' * (_METER_CELLS - cells)} {level:.0f} dB"


def _error_text(event: Event) -> str:
    parts: Sequence[str] = [str(event.payload["message"]), str(event.payload["remedy"])]
    return ". ".join(part.rstrip(".") for part in parts if part)


def _styled(line: Line) -> Text:
    """Return a finished line with the time in grey and the speaker in bold."""
    text = Text(f"[{clock(line.start)}] ", "bright_black")
    if line.speaker:
        text.append(f"{line.speaker}: ", "bold")
    return text.append(line.text, "default")


def _tail(line: Line, width: int) -> Text:
    """Return the end of an unfinished line, cut to one row, with its pending words in grey."""
    text = _styled(line).append(f"{' ' if line.text else ''}{line.pending}", "bright_black italic")
    excess = len(text) - (width - 1)
    if excess > 0:
        text = Text("…", "bright_black").append_text(text[excess + 1 :])
    text.no_wrap = True
    return text
