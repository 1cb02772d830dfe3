"""Progress of a batch on stderr, and its summary."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from meetscribe.cli.display import messages
from meetscribe.cli.display.progress import LINE_INTERVAL, JsonLines, ProgressDisplay, print_event
from meetscribe.corpus.batch import Summary
from meetscribe.corpus.estimates import ProgressEstimate, format_duration, format_position, format_times
from meetscribe.corpus.events import Event
from meetscribe.corpus.remote.files import Location
from meetscribe.text.counting import counted
from meetscribe.timeline import Seconds

_CLUSTER_INTERVAL: Seconds = 10.0

REASONS: Mapping[str, str] = {
    "input": "unreadable",
    "no-speech": "no speech",
    "output": "output not writable",
    "settings": "invalid settings",
    "weights": "weights missing",
    "disk-full": "disk full",
    "out-of-memory": "out of memory",
    "not-visible": "folder not shared",
    "unreachable": "storage unreachable",
    "worker-died": "worker died",
    "other": "other error",
}
"""The printed names of the classes of failures (`events.Failure`)."""


class BatchLines(ProgressDisplay):
    """A line when a recording ends and, for a recording that takes longer, every 30 seconds before."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self._printed: dict[Location, float] = {}  # when its last line was printed, or its first stage began

    def show(self, event: Event) -> None:
        """Print an event."""
        super().show(event)
        prefix = f"[{self.estimate.ended}/{self.count}] {event.recording}"
        if event.kind == "stage":
            if time.monotonic() - self._printed.setdefault(event.recording, time.monotonic()) > LINE_INTERVAL:
                self._printed[event.recording] = time.monotonic()
                messages.info(f"{prefix}: {event.stage} {format_position(event)}, {format_times(self.estimate)}")
        elif event.kind == "end":
            self._printed.pop(event.recording, None)
            result = f"{event.status or 'interrupted'} after {event.seconds:.1f} s"
            messages.info(f"{prefix}: {result}, {format_times(self.estimate)}")


class ClusterLines(ProgressDisplay):
    """A line about the whole batch every ten seconds: many recordings run at once on a cluster."""

    def __init__(self, recordings: Mapping[Location, int]) -> None:
        super().__init__(recordings)
        self._next = time.monotonic()

    def show(self, event: Event) -> None:
        """Print an error or a notice, and the state of the batch every ten seconds."""
        super().show(event)
        is_last = event.kind == "end" and self.estimate.ended == self.count
        if event.kind != "skip" and (is_last or time.monotonic() >= self._next):
            self._next = time.monotonic() + _CLUSTER_INTERVAL
            messages.info(f"[{self.estimate.ended}/{self.count}] {_state(self.estimate)}")


@contextmanager
def batch_display(kind: str, recordings: Mapping[Location, int], on_cluster: bool = False) -> Iterator[ProgressDisplay]:
    """Yield the display for a batch; `recordings` maps each recording to its size in bytes."""
    display = ClusterLines(recordings) if on_cluster and kind in ("bars", "lines") else _display(kind)(recordings)
    try:
        yield display
    finally:
        display.close()


def print_other_files(counts: Mapping[str, int], kind: str) -> None:
    """Print the number of files that are left out because they are not recordings; `counts` has it by suffix.

    `kind` is the kind of display (see `display_kind`), also in the functions below; "json" prints objects.
    """
    if not (total := sum(counts.values())):
        return
    if kind == "json":
        print_event("left-out", {"files": total, "suffixes": dict(counts)})
    else:
        noun = "file that is not a recording" if total == 1 else "files that are not recordings"
        suffixes = ", ".join(f"{count} {suffix or 'without suffix'}" for suffix, count in counts.items())
        messages.info(f"left out {total} {noun}: {suffixes}")


def _state(estimate: ProgressEstimate) -> str:
    """Return a line about a batch: running recordings, audio done, speed, failures and time left."""
    speed = "" if not estimate.speed else f" ({estimate.speed:.1f} times real time)"
    parts = [f"{estimate.running} running", f"{format_duration(estimate.audio)} of audio done{speed}"]
    parts += [text for text in (format_failures(estimate.failures),) if text]
    if estimate.retries:
        parts.append(f"{estimate.retries} processed again")
    return ", ".join([*parts, format_times(estimate)])


def format_failures(failures: Mapping[str, int]) -> str:
    """Return the number of failed recordings and the reasons, "" if none failed.

    >>> format_failures({"input": 3, "worker-died": 1})
    '4 failed (3 unreadable, 1 worker died)'
    >>> format_failures({"other": 1})
    '1 failed'
    """
    counts = sorted(failures.items(), key=lambda entry: -entry[1])
    known = set(failures) - {"other"}
    reasons = ", ".join(f"{count} {REASONS.get(name, name)}" for name, count in counts) if known else ""
    total = sum(failures.values())
    return f"{total} failed" + (f" ({reasons})" if reasons else "") if total else ""


def print_costs(summary: Summary, prices: Mapping[str, float], kind: str) -> None:
    """Print the worker hours per hour of audio, by device, and their cost if there are `prices` per worker hour."""
    if not summary.duration:
        return
    rates = {
        device or "worker": seconds / summary.duration for device, seconds in summary.work_seconds.items() if seconds
    }
    cost = sum(rate * prices.get(device, 0.0) for device, rate in rates.items())
    if kind == "json":
        print_event("costs", {"worker_hours_per_hour": rates, "cost_per_hour": cost if prices else None})
        return
    shown = " and ".join(f"{rate:.3g} {device} hours" for device, rate in sorted(rates.items()))
    text = f"{shown} per hour of audio"
    if prices:
        text += f", which cost {cost:.4g}"
    messages.info(text)


def print_summary(summary: Summary, manifest: Path, kind: str, *, retries: bool = True, force: bool = False) -> None:
    """Print the number of recordings by result, and the speed.

    With `retries`, also print how to retry only those that failed, unless the batch was stopped before the others were
    processed; `force` states that --force was given.
    """
    counts = {name: getattr(summary, name) for name in ("done", "incomplete", "failed", "skipped")}
    if kind == "json":
        print_event("summary", {**counts, **_totals(summary), "manifest": str(manifest)})
    else:
        again = "without --force" if force else "again"
        retry = f" Run the same command {again} to retry only these recordings."
        was_stopped = summary.interrupted or summary.fatal_error
        _print_results(summary, counts, manifest, retry if retries and not was_stopped else "")


def _totals(summary: Summary) -> dict[str, object]:
    """Return the other values of a summary for JSON; times are in seconds."""
    speed = summary.duration / summary.elapsed if summary.duration and summary.elapsed else None
    return {
        "failures": dict(summary.failures),
        "interrupted": summary.interrupted,
        "retries": summary.retries,
        "damaged": summary.damaged,
        "audio": round(summary.duration, 1),
        "elapsed": round(summary.elapsed, 1),
        "speed": None if speed is None else round(speed, 2),
    }


def _print_results(summary: Summary, counts: Mapping[str, int], manifest: Path, retry: str) -> None:
    """Print the counts, the speed, the file that contains the errors, and the sentence `retry`."""
    shown = {name: f"{count} {name}" for name, count in counts.items() if count}
    if summary.failures:
        shown["failed"] = format_failures(summary.failures)
    text = ", ".join(shown.values())
    text = text or ("nothing done yet" if summary.interrupted else "nothing to do")
    if summary.duration and summary.elapsed:
        speed = summary.duration / summary.elapsed
        audio, elapsed = format_duration(summary.duration), format_duration(summary.elapsed)
        text += f"; {audio} of audio in {elapsed} ({speed:.1f} times real time)"
    messages.info(text)
    if summary.damaged:
        messages.info(f"{counted(summary.damaged, 'recording')} truncated or damaged; the notices are in {manifest}.")
    if summary.failed or summary.incomplete:
        messages.info(f"The errors are in {manifest}.{retry}")


def _display(kind: str) -> type[ProgressDisplay]:
    """Return the class for a kind of display; rich is imported only for bars."""
    if kind == "bars":
        from meetscribe.cli.display.bars import BatchBars

        return BatchBars
    return {"none": ProgressDisplay, "json": JsonLines, "lines": BatchLines}[kind]
