"""How a batch is shown on stderr: a bar on a terminal, else lines, or JSON Lines for programs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from meetscribe.cli.display.messages import say
from meetscribe.corpus.estimates import ProgressEstimate, format_duration, format_position, format_times
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from rich.progress import ProgressColumn, TaskID

    from meetscribe.corpus import Event, Summary

OFTEN: Seconds = 30.0
"""Between two lines of one stage."""

_JSON_OFTEN: Seconds = 0.5
_STAGE, _NAME, _TOLD = 13, 24, 48  # characters of the longest stage, of a name shown whole, and of what is told
_COLORS = {"done": "green", "failed": "red"}


class Board:
    """Shows nothing but what failed; what the others add to that is theirs."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        self.count = len(recordings)
        self.estimate = ProgressEstimate(recordings)

    def __call__(self, event: Event) -> None:
        """Show an event."""
        self.estimate.update(event)
        self.show(event)

    def show(self, event: Event) -> None:
        """Show an event that is counted already."""
        if event.notice is not None:
            say(f"{event.recording}: {event.notice}", "warning")
        if event.error:
            say(f"{event.recording}: {event.error}", "error" if event.status == "failed" else "warning")

    def close(self) -> None:
        """Have nothing move any more."""


class Lines(Board):
    """A line for each stage that begins, for one that takes long again and again, and for each end."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        self._said: dict[Path, tuple[str, float]] = {}

    def show(self, event: Event) -> None:
        """Say an event in a line."""
        super().show(event)
        place = f"[{self.estimate.ended}/{self.count}] {event.recording}"
        if event.kind == "stage":
            stage, when = self._said.get(event.recording, ("", 0.0))
            if stage != event.stage or time.monotonic() - when > OFTEN:
                self._said[event.recording] = event.stage, time.monotonic()
                say(f"{place}: {event.stage} {format_position(event)}, {format_times(self.estimate)}")
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
        elif event.notice is not None:
            told |= {"code": event.notice.code, "text": event.notice.text, "data": dict(event.notice.data)}
        elif event.kind == "end":
            told |= {"status": event.status or "interrupted", "seconds": round(event.seconds, 3)}
            told |= {"outputs": event.outputs, "error": event.error, "code": event.code}
        left = self.estimate.remaining
        told |= {"ended": self.estimate.ended, "of": self.count, "elapsed": round(self.estimate.elapsed, 1)}
        told["remaining"] = None if left is None else round(left, 1)
        click.echo(json.dumps(told), err=True)


class Bars(Board):
    """A bar for the batch, and one for each recording that runs; an end is a line above them."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        from rich.console import Console
        from rich.progress import Progress

        self._console = Console(stderr=True)
        self._bars = Progress(*columns(self._console.width), console=self._console, redirect_stdout=False)
        self._tasks: dict[Path, TaskID] = {}
        told = Live(lambda: f"{self.estimate.ended} of {self.count}, {format_times(self.estimate)}")
        self._whole = self._bars.add_task("all", total=1.0, told=told)
        self._bars.start()

    def show(self, event: Event) -> None:
        """Move the bars."""
        if event.kind == "begin":
            name = one_line(event.recording.name)
            self._tasks[event.recording] = self._bars.add_task(name, total=1.0, told="")
        elif event.kind == "stage" and event.recording in self._tasks:
            share = self.estimate.shares.get(event.recording, 0.0)
            told = f"{event.stage} {format_position(event)}"
            self._bars.update(self._tasks[event.recording], completed=share, told=told)
        elif event.notice is not None:
            self._notice(event)
        elif event.kind == "end" and event.recording in self._tasks:
            self._bars.remove_task(self._tasks.pop(event.recording))
            self._end(event)
        self._bars.update(self._whole, completed=self.estimate.share)

    def close(self) -> None:
        """Leave the bars as they are."""
        self._bars.stop()

    def _notice(self, event: Event) -> None:
        """Print a warning about a recording above the bars."""
        from rich.text import Text

        line = Text("warning    ", "yellow")
        self._console.print(line.append(f"{one_line(str(event.recording))}: {one_line(str(event.notice))}", "default"))

    def _end(self, event: Event) -> None:
        """A line about how a recording ended, and one about why it did not."""
        from rich.text import Text

        line = Text(f"{event.status or 'interrupted':<11}", _COLORS.get(event.status or "", "yellow"))
        line.append(f"{one_line(str(event.recording))} ({event.seconds:.1f} s)", "default")
        if event.error:
            line.append(f"\n{'':<11}{one_line(event.error.splitlines()[0])}", "default")
        self._console.print(line)


class Live:
    """A text that is found anew whenever it is shown."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text()


@contextmanager
def board(kind: str, recordings: Mapping[Path, int]) -> Iterator[Board]:
    """Yield what shows the events of a batch of `recordings`, which come with their bytes."""
    shown = {"none": Board, "json": JsonLines, "bars": Bars, "lines": Lines}[kind](recordings)
    try:
        yield shown
    finally:
        shown.close()


def columns(width: int) -> tuple[ProgressColumn, ...]:
    """What stands in the line of a bar on a terminal of this width: a name, the bar if there is room, what is told."""
    from rich.progress import BarColumn, TextColumn
    from rich.table import Column

    short = Column(no_wrap=True, overflow="ellipsis", min_width=_STAGE, max_width=_NAME)
    name = TextColumn("{task.description}", markup=False, table_column=short)
    told = TextColumn("{task.fields[told]}", markup=False)
    room = width - _NAME - _TOLD
    return (name, BarColumn(min(40, room)), told) if room > 5 else (name, told)


def tell_summary(summary: Summary, manifest: Path) -> None:
    """Say how a batch went."""
    counts = ((getattr(summary, name), name) for name in ("done", "incomplete", "failed", "skipped"))
    said = ", ".join(f"{count} {name}" for count, name in counts if count)
    said = said or ("nothing is done yet" if summary.interrupted else "nothing to do")
    if summary.duration and summary.elapsed:
        speed = summary.duration / summary.elapsed
        took = format_duration(summary.elapsed)
        said += f"; {format_duration(summary.duration)} of sound in {took}, {speed:.1f} times as fast as spoken"
    say(said)
    if summary.failed or summary.incomplete:
        say(f"what went wrong is in {manifest}; the same command again tries just that")
