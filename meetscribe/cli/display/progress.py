"""Progress displays on stderr for a batch or a single recording: the base class, and JSON Lines for programs."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.corpus.estimates import ProgressEstimate
from meetscribe.corpus.events import Event
from meetscribe.corpus.remote.files import Location
from meetscribe.errors import Notice
from meetscribe.timeline import Seconds

LINE_INTERVAL: Seconds = 30.0
"""The time between progress lines about a stage, a recording or a training run; their ends are printed at once."""

_JSON_INTERVAL: Seconds = 0.5


def display_kind(given: Mapping[str, Any]) -> str:
    """Return the kind of display for the options of a command: none, json, bars or lines."""
    kind = "none" if given["quiet"] else str(given.get("progress", "auto"))
    if kind == "auto":
        return "bars" if messages.is_terminal() else "lines"
    return kind


class ProgressDisplay:
    """Prints errors and notices of recordings; subclasses also show their progress.

    `recordings` maps each recording to its size in bytes.
    """

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        self.count = len(recordings)
        self.estimate = ProgressEstimate(recordings)

    def __call__(self, event: Event) -> None:
        """Update the estimate and show an event."""
        self.estimate.update(event)
        self.show(event)

    def show(self, event: Event) -> None:
        """Show an event; the estimate already includes it."""
        if event.notice is not None:
            messages.warning(f"{event.recording}: {event.notice}")
        if event.kind == "retry":
            messages.warning(f"{with_path(event.recording, event.error or '')}; it will be processed again")
        elif event.error:
            report = messages.error if event.status == "failed" else messages.warning
            report(with_path(event.recording, event.error))

    def close(self) -> None:
        """Stop all animation."""


class JsonLines(ProgressDisplay):
    """One JSON object per event, with the progress of the batch; at most two per second for each stage."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self._printed: dict[Location, tuple[str, float]] = {}

    def show(self, event: Event) -> None:
        """Print an event."""
        stage, when = self._printed.get(event.recording, ("", 0.0))
        recent = time.monotonic() - when < _JSON_INTERVAL
        if event.kind == "stage" and stage == event.stage and event.done < 1 and recent:
            return
        self._printed[event.recording] = event.stage, time.monotonic()
        if event.kind == "end":
            del self._printed[event.recording]
        remaining, speed = self.estimate.remaining, self.estimate.speed
        members = {
            "input": str(event.recording),
            **_members(event),
            "ended": self.estimate.ended,
            "of": self.count,
            "elapsed": round(self.estimate.elapsed, 1),
            "remaining": None if remaining is None else round(remaining, 1),
            "audio": round(self.estimate.audio, 1),
            "speed": None if speed is None else round(speed, 2),
            "failures": dict(self.estimate.failures),
        }
        print_event(event.kind, members)


def with_path(recording: Location, error: str) -> str:
    """Return an error message with the path of its recording, in place of the file name in the first line or in front.

    >>> from pathlib import Path
    >>> with_path(Path("talks/a.wav"), "talks/a.wav is empty"), with_path(Path("talks/a.wav"), "no speech in a.wav")
    ('talks/a.wav is empty', 'no speech in talks/a.wav')
    >>> with_path(Path("a.wav"), "data.wav is full")
    'a.wav: data.wav is full'
    """
    path, (first, *rest) = str(recording), error.split("\n")
    if recording.suffix:  # a name without suffix may be a common word
        name = rf"(?<!\S)({re.escape(path)}|{re.escape(recording.name)})(?![^\s:])"
        changed, found = re.subn(name, lambda match: path, first, count=1)
        if found:
            return "\n".join([changed, *rest])
    return f"{path}: {error}"


def print_event(name: str, members: Mapping[str, object]) -> None:
    """Print a JSON object on stderr, for programs."""
    click.echo(json.dumps({"event": name, **members}), err=True)


def print_notice(notice: Notice, kind: str) -> None:
    """Print a notice about the whole batch for a `kind` of display."""
    if kind == "json":
        print_event("notice", {"code": notice.code, "text": notice.text, "data": dict(notice.data)})
    else:
        messages.warning(str(notice))


def stage_result(cached: bool, seconds: Seconds) -> str:
    """Return the status of a stage that has ended.

    >>> stage_result(cached=False, seconds=1.25)
    'done in 1.2 s'
    """
    return "reused from an earlier run" if cached else f"done in {seconds:.1f} s"


def _members(event: Event) -> dict[str, object]:
    """Return the members of an event that depend on its kind."""
    if event.kind == "stage":
        position = None if event.duration is None else round(event.done * event.duration, 1)
        done = round(event.done, 4)
        return {"stage": event.stage, "done": done, "position": position, "duration": event.duration}
    if event.notice is not None:
        return {"code": event.notice.code, "text": event.notice.text, "data": dict(event.notice.data)}
    worker: dict[str, object] = {
        name: value for name, value in (("host", event.host), ("device", event.device)) if value
    }
    if event.kind == "end":
        return {
            "status": event.status or "interrupted",
            "seconds": round(event.seconds, 3),
            "outputs": event.outputs,
            "error": event.error,
            "code": event.code,
            "failure": event.failure,
            **worker,
        }
    if event.kind == "retry":
        return {"error": event.error, "failure": event.failure, **worker}
    return worker
