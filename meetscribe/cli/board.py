"""How a batch is shown on stderr: a bar on a terminal, else lines, or JSON Lines for programs."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from meetscribe.cli.show import say

if TYPE_CHECKING:
    from meetscribe.corpus import Event, Summary

Kind: TypeAlias = Literal["auto", "lines", "json", "none"]
KINDS: tuple[str, ...] = ("auto", "lines", "json", "none")

_OFTEN = 30.0  # seconds between two lines of one stage
_JSON_OFTEN = 0.5
_COLORS = {"done": "green", "failed": "red"}

# Where in a recording's time each stage begins, as a share; roughly, for what is left to wait.
_BEGINS = {
    "audio": 0.0,
    "speech": 0.03,
    "voices": 0.06,
    "transcription": 0.15,
    "alignment": 0.6,
    "coverage": 0.7,
    "diarization": 0.72,
    "attribution": 0.99,
}


@dataclass
class Tally:
    """How far a batch is: recordings and bytes that are done, and the share of those that run."""

    sizes: Mapping[Path, int]
    started: float = field(default_factory=time.monotonic)
    ended: int = 0
    shares: dict[Path, float] = field(default_factory=dict)

    @property
    def elapsed(self) -> float:
        """Seconds since the batch began."""
        return time.monotonic() - self.started

    @property
    def share(self) -> float:
        """The share of all bytes that is done, those of what was skipped left out."""
        whole = sum(self.sizes.values())
        return sum(self.sizes.get(path, 0) * share for path, share in self.shares.items()) / whole if whole else 1.0

    @property
    def remaining(self) -> float | None:
        """Seconds that are left, by what is done; None as long as that is next to nothing."""
        return self.elapsed * (1 - self.share) / self.share if self.share > 0.01 else None

    def take(self, event: Event) -> None:
        """Note an event."""
        if event.kind in ("end", "skip"):
            self.ended += 1
            self.shares[event.recording] = 1.0
        if event.kind == "skip":
            self.sizes = {path: size for path, size in self.sizes.items() if path != event.recording}
        if event.kind == "stage" and event.stage in _BEGINS:
            names = list(_BEGINS)
            following = names[names.index(event.stage) + 1 :]
            end = _BEGINS[following[0]] if following else 1.0
            share = _BEGINS[event.stage] + event.done * (end - _BEGINS[event.stage])
            self.shares[event.recording] = max(share, self.shares.get(event.recording, 0.0))


class Board:
    """Shows nothing but what failed; what the others add to that is theirs."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        self.count = len(recordings)
        self.tally = Tally(recordings)

    def __call__(self, event: Event) -> None:
        """Show an event."""
        self.tally.take(event)
        self.show(event)

    def show(self, event: Event) -> None:
        """Show an event that is counted already."""
        if event.error:
            say(f"{event.recording}: {event.error}", "error" if event.status == "failed" else "warning")


class Lines(Board):
    """A line for each stage that begins, for one that takes long again and again, and for each end."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        self._said: dict[Path, tuple[str, float]] = {}

    def show(self, event: Event) -> None:
        """Say an event in a line."""
        super().show(event)
        place = f"[{self.tally.ended}/{self.count}] {event.recording}"
        if event.kind == "stage":
            stage, when = self._said.get(event.recording, ("", 0.0))
            if stage != event.stage or time.monotonic() - when > _OFTEN:
                self._said[event.recording] = event.stage, time.monotonic()
                say(f"{place}: {position(event)}, {clocks(self.tally)}")
        elif event.kind == "end":
            say(f"{place}: {event.status or 'interrupted'} after {event.seconds:.1f} s")


class JsonLines(Board):
    """An object to the line: the event, and how far the batch is."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        self._said: dict[Path, tuple[str, float]] = {}

    def show(self, event: Event) -> None:
        """Print an event, of a stage twice a second at most."""
        stage, when = self._said.get(event.recording, ("", 0.0))
        if event.kind == "stage" and stage == event.stage and event.done < 1 and time.monotonic() - when < _JSON_OFTEN:
            return
        self._said[event.recording] = event.stage, time.monotonic()
        told: dict[str, object] = {"event": event.kind, "input": str(event.recording)}
        if event.kind == "stage":
            at = None if event.duration is None else round(event.done * event.duration, 1)
            told |= {"stage": event.stage, "done": round(event.done, 4), "position": at, "duration": event.duration}
        elif event.kind == "end":
            told |= {"status": event.status or "interrupted", "seconds": round(event.seconds, 3)}
            told |= {"outputs": event.outputs, "error": event.error, "code": event.code}
        left = self.tally.remaining
        told |= {"ended": self.tally.ended, "of": self.count, "elapsed": round(self.tally.elapsed, 1)}
        told["remaining"] = None if left is None else round(left, 1)
        click.echo(json.dumps(told), err=True)


@contextmanager
def board(kind: str, recordings: Mapping[Path, int]) -> Iterator[Board]:
    """Yield what shows the events of a batch of `recordings`, which come with their bytes."""
    terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if kind == "auto" and terminal:
        with _bars(recordings) as bars:
            yield bars
    elif kind == "none":
        yield Board(recordings)
    else:
        yield JsonLines(recordings) if kind == "json" else Lines(recordings)


@contextmanager
def _bars(recordings: Mapping[Path, int]) -> Iterator[Board]:
    """A bar for the batch, and one for each recording that runs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.text import Text

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[told]}"))
    console = Console(stderr=True)
    with Progress(*columns, console=console, redirect_stdout=False) as bars:
        whole = bars.add_task("all", total=1.0, told="")
        tasks = {}

        class Bars(Board):
            """Bars that move; an end is a line above them."""

            def show(self, event: Event) -> None:
                """Move the bars."""
                if event.kind == "begin":
                    tasks[event.recording] = bars.add_task(event.recording.name, total=1.0, told="")
                elif event.kind == "stage" and event.recording in tasks:
                    share = self.tally.shares.get(event.recording, 0.0)
                    bars.update(tasks[event.recording], completed=share, told=position(event))
                elif event.kind == "end" and event.recording in tasks:
                    bars.remove_task(tasks.pop(event.recording))
                    self._end(event)
                told = f"{self.tally.ended} of {self.count}, {clocks(self.tally)}"
                bars.update(whole, completed=self.tally.share, told=told)

            def _end(self, event: Event) -> None:
                """A line about how a recording ended, and one about why it did not."""
                line = Text(f"{event.status or 'interrupted':<11}", _COLORS.get(event.status or "", "yellow"))
                line.append(f"{event.recording} ({event.seconds:.1f} s)", "default")
                if event.error:
                    line.append(f"\n{'':<11}{event.error.splitlines()[0]}", "default")
                console.print(line)

        yield Bars(recordings)


def tell_summary(summary: Summary, manifest: Path) -> None:
    """Say how a batch went."""
    counts = ((getattr(summary, name), name) for name in ("done", "incomplete", "failed", "skipped"))
    said = ", ".join(f"{count} {name}" for count, name in counts if count) or "nothing to do"
    if summary.sound and summary.seconds:
        speed = summary.sound / summary.seconds
        said += f"; {clock(summary.sound)} of sound in {clock(summary.seconds)}, {speed:.1f} times as fast as spoken"
    say(said)
    if summary.failed or summary.incomplete:
        say(f"what went wrong is in {manifest}; the same command again tries just that")


def position(event: Event) -> str:
    """The stage, and where in the recording it is."""
    if event.duration is None:
        return f"{event.stage} {event.done:.0%}"
    return f"{event.stage} {clock(event.done * event.duration)} of {clock(event.duration)}"


def clocks(tally: Tally) -> str:
    """How long the batch has taken, and will."""
    left = "" if tally.remaining is None else f", about {clock(tally.remaining)} left"
    return f"{clock(tally.elapsed)} elapsed{left}"


def clock(seconds: float) -> str:
    """Seconds as hours, minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
