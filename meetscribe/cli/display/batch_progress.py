"""Progress of a batch on stderr, and its summary."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from meetscribe.cli.display import messages
from meetscribe.cli.display.progress import LINE_INTERVAL, JsonLines, ProgressDisplay
from meetscribe.corpus.batch import Summary
from meetscribe.corpus.estimates import format_duration, format_position, format_times
from meetscribe.corpus.events import Event


class BatchLines(ProgressDisplay):
    """A line when a stage starts, every 30 seconds during a long stage, and when a recording ends."""

    def __init__(self, recordings: Mapping[Path, int]) -> None:
        super().__init__(recordings)
        self._printed: dict[Path, tuple[str, float]] = {}

    def show(self, event: Event) -> None:
        """Print an event."""
        super().show(event)
        prefix = f"[{self.estimate.ended}/{self.count}] {event.recording}"
        if event.kind == "stage":
            stage, when = self._printed.get(event.recording, ("", 0.0))
            if stage != event.stage or time.monotonic() - when > LINE_INTERVAL:
                self._printed[event.recording] = event.stage, time.monotonic()
                messages.info(f"{prefix}: {event.stage} {format_position(event)}, {format_times(self.estimate)}")
        elif event.kind == "end":
            messages.info(f"{prefix}: {event.status or 'interrupted'} after {event.seconds:.1f} s")


@contextmanager
def batch_display(kind: str, recordings: Mapping[Path, int]) -> Iterator[ProgressDisplay]:
    """Yield the display for a batch; `recordings` maps each recording to its size in bytes."""
    display = _display(kind)(recordings)
    try:
        yield display
    finally:
        display.close()


def print_other_files(counts: Mapping[str, int]) -> None:
    """Print the number of files, given by suffix, that are left out because they are not recordings."""
    if total := sum(counts.values()):
        noun = "file that is not a recording" if total == 1 else "files that are not recordings"
        suffixes = ", ".join(f"{count} {suffix or 'without suffix'}" for suffix, count in counts.items())
        messages.info(f"left out {total} {noun}: {suffixes}")


def print_summary(summary: Summary, manifest: Path) -> None:
    """Print the number of recordings by result, and the speed."""
    counts = ((getattr(summary, name), name) for name in ("done", "incomplete", "failed", "skipped"))
    text = ", ".join(f"{count} {name}" for count, name in counts if count)
    text = text or ("nothing is done yet" if summary.interrupted else "nothing to do")
    if summary.duration and summary.elapsed:
        speed = summary.duration / summary.elapsed
        audio, elapsed = format_duration(summary.duration), format_duration(summary.elapsed)
        text += f"; {audio} of audio in {elapsed} ({speed:.1f} times real time)"
    messages.info(text)
    if summary.failed or summary.incomplete:
        messages.info(f"The errors are in {manifest}. Run the same command again to retry only these recordings.")


def _display(kind: str) -> type[ProgressDisplay]:
    """Return the class of a kind of display; rich is imported only for bars."""
    if kind == "bars":
        from meetscribe.cli.display.bars import BatchBars

        return BatchBars
    return {"none": ProgressDisplay, "json": JsonLines, "lines": BatchLines}[kind]
