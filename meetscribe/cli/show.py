"""What the command line says on stderr: errors, warnings, and how far a run is; transcripts go to stdout."""

from __future__ import annotations

import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

import click

from meetscribe.errors import MeetscribeError

if TYPE_CHECKING:
    from meetscribe.transcript import Finding

StageProgress: TypeAlias = Callable[[str, float], None]
"""Called with the name of a stage and the share of it that is done, 0 to 1."""

_MOST_FINDINGS = 10
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COLORS = {"error": "red", "warning": "yellow"}


def say(text: str, kind: str = "") -> None:
    """Print a line on stderr, after its kind ("error" or "warning") if it has one; nothing in it steers a terminal."""
    start = click.style(f"{kind}:", fg=_COLORS[kind], bold=True) + " " if kind else ""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    click.echo(f"{start}{_CONTROLS.sub('', text)}", err=True, color=False if plain else None)


def findings(found: Sequence[Finding]) -> None:
    """Print a line for each passage to look at, up to ten."""
    from meetscribe.transcript.display import clock
    from meetscribe.transcript.plain import one_line

    for finding in found[:_MOST_FINDINGS]:
        text = f" “{one_line(finding.text)}”" if finding.text else ""
        say(f"  [{clock(finding.start)}] {finding.kind}{text}: {one_line(finding.reason)}")
    if len(found) > _MOST_FINDINGS:
        say(f"  and {len(found) - _MOST_FINDINGS} more, in the JSON")


def failure(error: MeetscribeError, debug: bool) -> None:
    """Print what went wrong and what to do about it; where in the code, only if asked for."""
    if debug:
        click.echo(traceback.format_exc(), err=True)
    say(str(error), "error")


def unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print what nobody foresaw in one line, as an excepthook; Python's exit code is then 1."""
    first = (str(error).strip() or "no reason given").splitlines()[0]
    say(
        f"{kind.__name__}: {first}\nThis was not expected. Run again with --debug to see where it happened.",
        "error",
    )


@contextmanager
def stage_progress(quiet: bool = False) -> Iterator[StageProgress]:
    """Yield what shows the progress of stages: bars on a terminal, else a line at each start and end."""
    if quiet:
        yield lambda stage, done: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _bars() as progress:
            yield progress
    else:
        yield _Lines()


class _Lines:
    """A line when a stage starts, and one with its seconds when it ends."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._ended: set[str] = set()

    def __call__(self, stage: str, done: float) -> None:
        if done >= 1 and stage not in self._started:
            self._started[stage] = time.monotonic()
            self._ended.add(stage)
            say(f"{stage} is there from an earlier run")
        if stage not in self._started:
            self._started[stage] = time.monotonic()
            say(f"{stage} …")
        if done >= 1 and stage not in self._ended:
            self._ended.add(stage)
            say(f"{stage} done in {time.monotonic() - self._started[stage]:.1f} s")


@contextmanager
def _bars() -> Iterator[StageProgress]:
    """A bar for each stage, which moves to and fro until the stage knows how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as bars:
        tasks = {}

        def progress(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=None)
            if done > 0:
                bars.update(tasks[stage], total=1.0, completed=min(done, 1.0))

        yield progress
