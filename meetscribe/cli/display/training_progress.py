"""Progress of a training run on stderr: lines, a bar, or JSON Lines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.progress import LINE_INTERVAL, display_kind
from meetscribe.corpus.estimates import format_duration
from meetscribe.training.progress.events import (
    Evaluation,
    Interpolated,
    Report,
    Resumed,
    Stage,
    Stopped,
    TrainingEvent,
    Update,
    ignore_events,
)

_CONTINUE = "run the same command again to continue from the last complete update"


class TrainingLines:
    """A line for the first and the last update and every 30 seconds between, for other events, and for ended stages."""

    def __init__(self) -> None:
        self._printed = float("-inf")

    def __call__(self, event: TrainingEvent) -> None:
        """Print an event, unless it is an unfinished stage or an update soon after a printed one."""
        now = time.monotonic()
        if isinstance(event, Update):
            if now - self._printed < LINE_INTERVAL and event.step != event.of:
                return
            self._printed = now
        if isinstance(event, Stage) and event.done < 1:
            return
        messages.info(describe(event))


class TrainingBar:
    """A bar for the updates or the current other stage, with lines for evaluations above it."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        from meetscribe.cli.display.bars import bar_columns

        console = Console(stderr=True)
        self.bars = Progress(*bar_columns(console.width), console=console, redirect_stdout=False, transient=True)
        self._task = self.bars.add_task("loading", total=1.0, status="")

    def __call__(self, event: TrainingEvent) -> None:
        """Move the bar, or print a line above it."""
        if isinstance(event, Update):
            status = f"loss {event.loss:.3f}, {format_duration(event.left)} left"
            self._move("training", event.step, event.of, status)
        elif isinstance(event, Stage) and event.done < 1:
            self._move(event.name, event.done, 1.0)
        else:
            self.bars.console.print(describe(event), markup=False, highlight=False)

    def _move(self, name: str, done: float, total: float, status: str = "") -> None:
        self.bars.update(self._task, description=name, completed=done, total=total, status=status)


def print_json(event: TrainingEvent) -> None:
    """Print an event as a line of JSON."""
    click.echo(json.dumps({"event": type(event).__name__.lower(), **asdict(event)}), err=True)


def describe(event: TrainingEvent) -> str:
    """Return an event as a line of text.

    >>> describe(Evaluation(step=20, loss=1.25, error_rate=0.182, is_best=True))
    'dev after update 20: loss 1.250, WER 18.2 %, the best so far'
    """
    if isinstance(event, Update):
        memory = f"{event.memory / 1e9:.1f} GB"
        place = f"update {event.step} of {event.of}, epoch {event.epoch}"
        return f"{place}: loss {event.loss:.3f}, {memory}, {format_duration(event.left)} left"
    if isinstance(event, Resumed):
        return f"continuing after update {event.step} of {event.of}"
    if isinstance(event, Evaluation):
        best = ", the best so far" if event.is_best else ""
        return f"dev after update {event.step}: {_scores(event)}{best}"
    if isinstance(event, Interpolated):
        chosen = ", which is kept" if event.is_chosen else ""
        return f"dev with {100 * event.share:.0f} % of the change of the weights: {_scores(event)}{chosen}"
    if isinstance(event, Stopped):
        return f"stopped after update {event.step}: dev no longer improves; the weights are those of {event.best_step}"
    return f"{event.name} done"


def _scores(event: Evaluation | Interpolated) -> str:
    rate = "" if event.error_rate is None else f", WER {100 * event.error_rate:.1f} %"
    return f"loss {event.loss:.3f}{rate}"


@contextmanager
def training_progress(given: Mapping[str, Any]) -> Iterator[Report]:
    """Yield a callback that shows the events of a run on the display selected by the options."""
    messages.set_interruption_note(_CONTINUE)
    kind = display_kind(given)
    if kind == "bars":
        bar = TrainingBar()
        with bar.bars:
            yield bar
        return
    displays: dict[str, Report] = {"lines": TrainingLines(), "json": print_json, "none": ignore_events}
    yield displays[kind]
