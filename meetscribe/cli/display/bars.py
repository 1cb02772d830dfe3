"""Progress bars on a terminal, for a batch and for a single recording."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from meetscribe.cli.display.progress import ProgressDisplay, stage_result
from meetscribe.corpus.estimates import format_position, format_times
from meetscribe.corpus.events import Event
from meetscribe.corpus.remote.files import Location
from meetscribe.text.whitespace import one_line

_STAGE_WIDTH, _NAME_WIDTH, _STATUS_WIDTH = 13, 24, 48  # characters of the longest stage, of a name, of a status
_LABEL_WIDTH = len("interrupted ")
_MIN_BAR_WIDTH, _MAX_BAR_WIDTH = 6, 40
_COLORS = {"done": "green", "failed": "red"}


class _Bars(ProgressDisplay):
    """Bars with a name before them and a status after them."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self.console = Console(stderr=True)
        self.bars = Progress(*bar_columns(self.console.width), console=self.console, redirect_stdout=False)
        self.bars.start()

    def close(self) -> None:
        """Stop the animation and leave the bars on the terminal."""
        self.bars.stop()


class BatchBars(_Bars):
    """A bar for the batch and one for each running recording; ended recordings become lines above the bars."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self._tasks: dict[Location, TaskID] = {}
        status = LazyText(lambda: f"{self.estimate.ended} of {self.count}, {format_times(self.estimate)}")
        self._total = self.bars.add_task("all", total=1.0, status=status)

    def show(self, event: Event) -> None:
        """Move the bars."""
        if event.kind == "begin":
            name = one_line(event.recording.name)
            self._tasks[event.recording] = self.bars.add_task(name, total=1.0, status="")
        elif event.kind == "stage" and event.recording in self._tasks:
            share = self.estimate.shares.get(event.recording, 0.0)
            status = f"{event.stage} {format_position(event)}"
            self.bars.update(self._tasks[event.recording], completed=share, status=status)
        elif event.notice is not None:
            self._print("warning", f"{one_line(str(event.recording))}: {one_line(str(event.notice))}")
        elif event.kind in ("end", "retry") and event.recording in self._tasks:
            self.bars.remove_task(self._tasks.pop(event.recording))
            self._print_end(event)
        self.bars.update(self._total, completed=self.estimate.share)

    def _print_end(self, event: Event) -> None:
        """Print the result of a recording, and its error."""
        text = f"{one_line(str(event.recording))} ({event.seconds:.1f} s)"
        if event.error:
            text = f"{text}\n{'':<{_LABEL_WIDTH}}{one_line(event.error.splitlines()[0])}"
        self._print("retry" if event.kind == "retry" else event.status or "interrupted", text)

    def _print(self, status: str, text: str) -> None:
        """Print a line above the bars."""
        line = Text(f"{status:<{_LABEL_WIDTH}}", _COLORS.get(status, "yellow"))
        self.console.print(line.append(text, "default"))


class StageBars(_Bars):
    """A bar for each stage of one recording, indeterminate until the stage reports progress, and one for the total."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self._name = one_line(next(iter(recordings)).name)
        self._tasks: dict[str, TaskID] = {}
        self._total: TaskID | None = None
        self._started: dict[str, float] = {}
        self._ended: set[str] = set()

    def show(self, event: Event) -> None:
        """Move the bars."""
        if event.kind == "stage":
            if event.stage not in self._tasks:
                self._add(event.stage)
            self._update(event)
        if self._total is not None and self.estimate.is_predictable:
            self.bars.update(self._total, completed=self.estimate.share)

    def _add(self, stage: str) -> None:
        """Add a bar for a stage, and move the total below it."""
        self._started[stage] = time.monotonic()
        self._tasks[stage] = self.bars.add_task(stage, total=None, status="")
        if self._total is not None:
            self.bars.remove_task(self._total)
        if self.estimate.is_working:
            total = 1.0 if self.estimate.is_predictable else None
            status = LazyText(lambda: format_times(self.estimate))
            self._total = self.bars.add_task(self._name, total=total, status=status)

    def _update(self, event: Event) -> None:
        """Move the bar of a stage."""
        task, now = self._tasks[event.stage], time.monotonic()
        if event.done >= 1:
            self._ended.add(event.stage)
            status = stage_result(self.estimate.is_cached(event), now - self._started[event.stage])
            self.bars.update(task, total=1.0, completed=1.0, status=status)
            return
        if event.stage in self._ended:  # the stage runs again for another speaker
            self._ended.remove(event.stage)
            self._started[event.stage] = now
        if event.done > 0:
            self.bars.update(task, total=1.0, completed=event.done, status=format_position(event))


class LazyText:
    """Text that is computed each time it is displayed."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text()


def bar_columns(width: int) -> tuple[ProgressColumn, ...]:
    """Return the columns for a terminal of this width: a name, a bar if there is room, and a status."""
    short = Column(no_wrap=True, overflow="ellipsis", min_width=_STAGE_WIDTH, max_width=_NAME_WIDTH)
    name = TextColumn("{task.description}", markup=False, table_column=short)
    status = TextColumn("{task.fields[status]}", markup=False)
    room = width - _NAME_WIDTH - _STATUS_WIDTH
    if room < _MIN_BAR_WIDTH:
        return name, status
    return name, BarColumn(min(_MAX_BAR_WIDTH, room)), status
