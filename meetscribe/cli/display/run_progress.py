"""Progress of a single recording on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meetscribe.cli.display import messages
from meetscribe.cli.display.progress import LINE_INTERVAL, JsonLines, ProgressDisplay, display_kind, stage_result
from meetscribe.corpus.estimates import format_position, format_times
from meetscribe.corpus.events import Event
from meetscribe.corpus.remote.files import Location
from meetscribe.errors import IncompleteError, MeetscribeError
from meetscribe.timeline import Seconds

_CACHED = "run the same command again to continue from here"
_NOT_CACHED = "nothing was stored; the same command starts from the beginning"


class RunProgress:
    """Receives the progress of the stages of one recording and passes it to a display.

    `duration` returns the duration of the recording, None until it is known. `outputs` are the files written.
    """

    def __init__(self, display: ProgressDisplay, recording: Path) -> None:
        self._display = display
        self._recording = recording
        self.duration: Callable[[], Seconds | None] = lambda: None
        self.outputs: tuple[str, ...] = ()

    def __call__(self, stage: str, done: float) -> None:
        """Show that a stage has completed the share `done`."""
        self._show("stage", stage=stage, done=done, duration=self.duration())

    def stop(self) -> None:
        """Stop all animation, so that later output comes after the bars."""
        self._display.close()

    def end(self, **result: Any) -> None:
        """Show the result of the recording."""
        self._show("end", outputs=self.outputs, duration=self.duration(), **result)

    def _show(self, kind: str, **values: Any) -> None:
        self._display(Event(kind, self._recording, **values))  # type: ignore[arg-type]


@contextmanager
def run_progress(
    given: Mapping[str, Any], recording: str | Path, *, cached: bool = True, predictable: bool = True
) -> Iterator[RunProgress]:
    """Yield a progress callback for a recording, with the display selected by the options; show the result at the end.

    `cached`: the results of the stages are stored for the next run. `predictable`: each stage runs once.
    """
    messages.set_interruption_note(_CACHED if cached else _NOT_CACHED)
    path, started = Path(recording), time.monotonic()
    display = _display(display_kind(given))({path: 1})
    display.estimate.is_predictable = predictable
    progress = RunProgress(display, path)
    result: dict[str, Any] = {"status": None}
    try:
        yield progress
        result = {"status": "done"}
    except MeetscribeError as error:
        status = "incomplete" if isinstance(error, IncompleteError) else "failed"
        result = {"status": status, "error": str(error), "code": error.exit_code}
        raise
    finally:
        progress.stop()
        progress.end(seconds=time.monotonic() - started, **result)


class NoDisplay(ProgressDisplay):
    """Shows nothing; the command prints the error."""

    def show(self, event: Event) -> None:
        """Ignore an event."""


class StageLines(ProgressDisplay):
    """A line when a stage starts, every 30 seconds during a long stage, and when it ends."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self._started: dict[str, float] = {}
        self._printed: dict[str, float] = {}
        self._ended: set[str] = set()

    def show(self, event: Event) -> None:
        """Print a stage event; the command prints the result of the recording."""
        stage, now = event.stage, time.monotonic()
        if event.done < 1 and stage in self._ended:  # the stage runs again for another speaker
            self._ended.remove(stage)
            del self._started[stage]
        if event.kind != "stage" or stage in self._ended:
            return
        if event.done >= 1:
            self._ended.add(stage)
            seconds = now - self._started.setdefault(stage, now)
            messages.info(f"{stage} {stage_result(self.estimate.is_cached(event), seconds)}")
        elif stage not in self._started:
            self._started[stage] = self._printed[stage] = now
            messages.info(f"{stage} …")
        elif now - self._printed[stage] > LINE_INTERVAL:
            self._printed[stage] = now
            messages.info(f"{stage} {format_position(event)}, {format_times(self.estimate)}")


def _display(kind: str) -> type[ProgressDisplay]:
    """Return the class for a kind of display; rich is imported only for bars."""
    if kind == "bars":
        from meetscribe.cli.display.bars import StageBars

        return StageBars
    return {"none": NoDisplay, "json": JsonLines, "lines": StageLines}[kind]
