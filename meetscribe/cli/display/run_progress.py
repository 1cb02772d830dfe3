"""How far a single recording is, shown on stderr as it is of a batch: bars on a terminal, lines, or JSON Lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from meetscribe.cli.display.batch_progress import OFTEN, Board, JsonLines, Live, columns
from meetscribe.cli.display.messages import foresee_interruption, is_terminal, say
from meetscribe.cli.options import SectionedOption
from meetscribe.corpus.estimates import format_position, format_times
from meetscribe.errors import IncompleteError, MeetscribeError
from meetscribe.text.whitespace import one_line

if TYPE_CHECKING:
    from rich.progress import TaskID

    from meetscribe.corpus import Event
    from meetscribe.timeline import Seconds

C = TypeVar("C", bound="Callable[..., Any]")

KINDS = ("auto", "lines", "json", "none")

_KEPT = "the same command again goes on from here"
_NOT_KEPT = "nothing is kept, as run.cache is off; the same command again begins anew"


def progress_flag(command: C) -> C:
    """The command with --progress."""
    return click.option(
        "--progress",
        type=click.Choice(KINDS),
        default="auto",
        cls=SectionedOption,
        help="how progress is shown on stderr: bars on a terminal, lines, or JSON Lines",
    )(command)


def kind_of(given: Mapping[str, Any]) -> str:
    """Which of KINDS a command was `given`; what "auto" is on this stderr."""
    kind = "none" if given["quiet"] else str(given.get("progress", "auto"))
    if kind == "auto":
        return "bars" if is_terminal() else "lines"
    return kind


@contextmanager
def gauge(given: Mapping[str, Any], recording: str | Path, kept: bool = True, foreseen: bool = True) -> Iterator[Gauge]:
    """Yield what shows the progress of a recording's stages as a command was `given`, and at last how it ended.

    `kept` says whether what a stage makes is there for the next run, `foreseen` whether each stage runs once.
    """
    foresee_interruption(_KEPT if kept else _NOT_KEPT)
    path, started = Path(recording), time.monotonic()
    board = _board(kind_of(given), path)
    board.estimate.is_predictable = foreseen
    shown = Gauge(board, path)
    ending: dict[str, Any] = {"status": None}
    try:
        yield shown
        ending = {"status": "done"}
    except MeetscribeError as error:
        status = "incomplete" if isinstance(error, IncompleteError) else "failed"
        ending = {"status": status, "error": str(error), "code": error.exit_code}
        raise
    finally:
        shown.rest()
        shown.end(seconds=time.monotonic() - started, **ending)


class Gauge:
    """Is told the progress of stages; `length` says how long the recording is, `outputs` which files were written."""

    def __init__(self, board: Board, recording: Path) -> None:
        self._board = board
        self._recording = recording
        self.length: Callable[[], Seconds | None] = lambda: None
        self.outputs: tuple[str, ...] = ()

    def __call__(self, stage: str, done: float) -> None:
        """Show how far a stage is."""
        self._tell("stage", stage=stage, done=done, duration=self.length())

    def rest(self) -> None:
        """Have bars move no more; what is printed from now on comes after them."""
        self._board.close()

    def end(self, **told: Any) -> None:
        """Tell how the recording ended."""
        self._tell("end", outputs=self.outputs, duration=self.length(), **told)

    def _tell(self, kind: str, **told: Any) -> None:
        from meetscribe.corpus import Event

        self._board(Event(kind, self._recording, **told))  # type: ignore[arg-type]


def _board(kind: str, recording: Path) -> Board:
    """What shows the events of a recording."""
    return {"none": Silence, "json": JsonLines, "bars": Bars, "lines": Lines}[kind]({recording: 1})


class Silence(Board):
    """Nothing: whoever runs a single recording says what went wrong."""

    def show(self, event: Event) -> None:
        """Show nothing."""


class Lines(Board):
    """A line when a stage starts, one now and then while it takes long, and one with its seconds when it ends."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        self._started: dict[str, float] = {}
        self._said: dict[str, float] = {}
        self._ended: set[str] = set()

    def show(self, event: Event) -> None:
        """Say an event in a line; how it ended is said by others."""
        stage, now = event.stage, time.monotonic()
        if event.done < 1 and stage in self._ended:  # another speaker's
            self._ended.remove(stage)
            del self._started[stage]
        if event.kind != "stage" or stage in self._ended:
            return
        if event.done >= 1:
            self._ended.add(stage)
            say(f"{stage} {_ending(self.estimate.is_cached(event), now - self._started.setdefault(stage, now))}")
        elif stage not in self._started:
            self._started[stage] = self._said[stage] = now
            say(f"{stage} …")
        elif now - self._said[stage] > OFTEN:
            self._said[stage] = now
            say(f"{stage} {format_position(event)}, {format_times(self.estimate)}")


class Bars(Board):
    """A bar for each stage, which moves to and fro until the stage knows how far it is, and one for all under them."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._name = one_line(next(iter(recordings)).name)
        self._bars = Progress(*columns(console.width), console=console, redirect_stdout=False)
        self._tasks: dict[str, TaskID] = {}
        self._whole: TaskID | None = None
        self._started: dict[str, float] = {}
        self._ended: set[str] = set()
        self._bars.start()

    def show(self, event: Event) -> None:
        """Move the bars."""
        if event.kind == "stage":
            if event.stage not in self._tasks:
                self._add(event.stage)
            self._move(event)
        if self._whole is not None and self.estimate.is_predictable:
            self._bars.update(self._whole, completed=self.estimate.share)

    def close(self) -> None:
        """Leave the bars as they are."""
        self._bars.stop()

    def _add(self, stage: str) -> None:
        """Add a bar for a stage, and put that for all, if anything is known of it, under it."""
        self._started[stage] = time.monotonic()
        self._tasks[stage] = self._bars.add_task(stage, total=None, told="")
        if self._whole is not None:
            self._bars.remove_task(self._whole)
        if self.estimate.is_working:
            total = 1.0 if self.estimate.is_predictable else None
            self._whole = self._bars.add_task(self._name, total=total, told=Live(lambda: format_times(self.estimate)))

    def _move(self, event: Event) -> None:
        """Move the bar of a stage."""
        task, now = self._tasks[event.stage], time.monotonic()
        if event.done >= 1:
            self._ended.add(event.stage)
            told = _ending(self.estimate.is_cached(event), now - self._started[event.stage])
            self._bars.update(task, total=1.0, completed=1.0, told=told)
            return
        if event.stage in self._ended:  # another speaker's
            self._ended.remove(event.stage)
            self._started[event.stage] = now
        if event.done > 0:
            self._bars.update(task, total=1.0, completed=event.done, told=format_position(event))


def _ending(found: bool, seconds: Seconds) -> str:
    """What to say of a stage that is done."""
    return "is there from an earlier run" if found else f"done in {seconds:.1f} s"
