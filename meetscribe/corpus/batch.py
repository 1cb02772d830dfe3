"""Recordings done one after the other by one or more workers, each try noted; what is done already is left out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from meetscribe.corpus.manifest import Entry, Manifest
from meetscribe.corpus.processes import Event, Hire, Task, Tell, Worker
from meetscribe.errors import WeightsError
from meetscribe.timeline import Seconds

_PATIENCE: Seconds = 0.2  # between two looks at whether to stop


@dataclass(slots=True)
class Summary:
    """How a batch went: recordings by how they ended, seconds of sound that were done, and seconds that it took."""

    done: int = 0
    incomplete: int = 0
    failed: int = 0
    skipped: int = 0
    sound: Seconds = 0.0
    seconds: Seconds = 0.0
    interrupted: bool = False
    hopeless: str | None = None  # what every other recording would fail with too

    def count(self, event: Event) -> None:
        """Add the end of a recording."""
        if event.status is not None:
            setattr(self, event.status, getattr(self, event.status) + 1)
            self.sound += event.duration or 0.0
            if event.code == WeightsError.exit_code:
                self.hopeless = event.error


@dataclass(frozen=True, slots=True)
class Plan:
    """How a batch is run: who works, on how many recordings at once, and what of them counts as done.

    `stop` is asked often: once it says yes, nothing is begun, and what runs ends where nothing is lost.
    """

    hire: Hire
    made_for: str
    jobs: int = 1
    force: bool = False
    only_failed: bool = False
    stop: Callable[[], bool] = lambda: False


def run_batch(tasks: Sequence[Task], plan: Plan, manifest: Manifest, tell: Tell) -> Summary:
    """How it went; each recording's end is in the manifest before it is told.

    A failure of one is told and noted, and stops no other, unless weights are missing. KeyboardInterrupt ends
    the workers at once.
    """
    started, summary = time.monotonic(), Summary()
    waiting: deque[Task] = deque()
    for task in tasks:
        if _is_wanted(task.recording, plan, manifest):
            waiting.append(task)
        else:
            summary.skipped += 1
            tell(Event("skip", task.recording))
    workers = [Worker(plan.hire) for _ in range(max(1, min(plan.jobs, len(waiting))))] if waiting else []
    gently = False
    try:
        stop = plan.stop
        plan = replace(plan, stop=lambda: summary.hopeless is not None or stop())
        notices: dict[Path, list[str]] = {}
        _work(waiting, workers, plan, lambda event: _noted(event, plan, manifest, summary, notices, tell))
        gently = True
    finally:
        for worker in workers:
            worker.dismiss(at_once=not gently)
    summary.interrupted = plan.stop() and summary.hopeless is None
    summary.seconds = time.monotonic() - started
    return summary


def _is_wanted(recording: Path, plan: Plan, manifest: Manifest) -> bool:
    """Whether there is something to do."""
    if plan.force:
        return True
    last = manifest.last(recording)
    if plan.only_failed:
        return last is not None and last.status != "done"
    return not manifest.is_done(recording, plan.made_for)


def _work(waiting: deque[Task], workers: Sequence[Worker], plan: Plan, tell: Tell) -> None:
    """Have all that waits worked on, until it is done or to be stopped."""
    told_to_stop = False
    while True:
        if not plan.stop():
            for worker in workers:
                if worker.task is None and waiting:
                    task = waiting.popleft()
                    tell(Event("begin", task.recording))
                    worker.begin(task, waiting[0] if waiting and len(workers) == 1 else None)
        busy = [worker for worker in workers if worker.task is not None]
        if plan.stop() and not told_to_stop:
            told_to_stop = True
            for worker in busy:
                worker.stop()
        if not busy:
            return
        ready = wait([worker.line for worker in busy], timeout=_PATIENCE)
        for worker in busy:
            if worker.line in ready:
                tell(worker.hear())


def _noted(
    event: Event, plan: Plan, manifest: Manifest, summary: Summary, notices: dict[Path, list[str]], tell: Tell
) -> None:
    """Tell an event, after noting it if it is the end of a recording that was not interrupted."""
    if event.kind == "notice":
        notices.setdefault(event.recording, []).append(event.notice)
    if event.kind == "end" and event.status is not None:
        summary.count(event)
        size, mtime_ns = _looks(event.recording)
        manifest.add(
            Entry(
                str(event.recording.absolute()),
                size,
                mtime_ns,
                event.hash,
                event.outputs,
                round(event.seconds, 3),
                event.duration,
                event.status,
                event.error,
                event.code,
                plan.made_for,
                tuple(notices.pop(event.recording, ())),
            )
        )
    tell(event)


def _looks(recording: Path) -> tuple[int, int]:
    """Size and time of a file; zeros if it is not there."""
    try:
        found = recording.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
