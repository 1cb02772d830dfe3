"""Process many recordings: select the pending ones, submit them to an executor, and record each result.

The batch is the only writer of the manifest. It decides the order of the tasks and how many run at once; with `jobs`
None, it submits all tasks, and the executor decides both.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from meetscribe.corpus.events import RETRIED, Event, OnEvent, Task
from meetscribe.corpus.executors import Executor
from meetscribe.corpus.manifest import Entry, Manifest
from meetscribe.corpus.remote.files import Location
from meetscribe.corpus.remote.stores import forget_listings
from meetscribe.errors import Notice, WeightsError
from meetscribe.timeline import Seconds

_POLL_INTERVAL: Seconds = 0.2  # between calls of `BatchOptions.stop`
_DAMAGED = ("audio.truncated", "audio.damaged")
"""The codes of notices about recordings that were read in part."""


@dataclass(slots=True)
class Summary:
    """The result of a batch: the number of recordings by status, and the total duration of those transcribed.

    `elapsed` is the time taken. `damaged` counts the transcribed recordings that are truncated or lack packets.
    `failures` counts failed recordings by class, `retries` repeated attempts. `work_seconds` maps each device to its
    seconds of work ("" if the executor does not report devices). `fatal_error` is an error that every other recording
    would have as well.
    """

    done: int = 0
    incomplete: int = 0
    failed: int = 0
    skipped: int = 0
    duration: Seconds = 0.0
    elapsed: Seconds = 0.0
    interrupted: bool = False
    fatal_error: str | None = None
    retries: int = 0
    damaged: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    work_seconds: Counter[str] = field(default_factory=Counter)

    def count(self, event: Event) -> None:
        """Add the end of a recording or of one attempt."""
        self.work_seconds[event.device] += event.seconds  # type: ignore[assignment]
        self.retries += event.kind == "retry"
        if event.kind == "end" and event.status is not None:
            if event.status == "failed":
                self.failures[event.failure or "other"] += 1
            setattr(self, event.status, getattr(self, event.status) + 1)
            self.duration += event.duration or 0.0
            if event.code == WeightsError.exit_code:
                self.fatal_error = event.error


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """The options of a batch: how it runs, and the recordings that it skips.

    `executor` creates the executor. `settings_digest` identifies the settings: recordings done with other settings are
    processed again. At most `jobs` tasks run at once; with None, all tasks are submitted, and the executor decides
    which run. Unless `jobs` is 1, the longest recordings come first. A recording with a failure of
    `events.RETRIED` is attempted up to `tries` times; attempts that end with "node-lost" are repeated and not
    counted. With `force`, nothing is skipped; with `only_failed`, all but failed and incomplete recordings are. `stop`
    is polled: once it returns true, no task is started and running tasks are interrupted.
    """

    executor: Callable[[], Executor]
    settings_digest: str
    jobs: int | None = 1
    tries: int = 3
    force: bool = False
    only_failed: bool = False
    stop: Callable[[], bool] = lambda: False


def run_batch(tasks: Sequence[Task], options: BatchOptions, manifest: Manifest, on_event: OnEvent) -> Summary:
    """Process the tasks and return the summary.

    The result of a recording is in the manifest before `on_event` receives its end. An error in one recording does not
    stop the others, unless weights are missing. KeyboardInterrupt kills the workers. Raises OutputError if the manifest
    cannot be written.
    """
    return _Batch(options, manifest, on_event).run(tasks)


def is_pending(recording: Location, options: BatchOptions, manifest: Manifest) -> bool:
    """Return whether a recording must be processed, not skipped."""
    if options.force:
        return True
    if options.only_failed:
        last = manifest.last(recording)
        return last is not None and last.status != "done"
    return not manifest.is_done(recording, options.settings_digest)


@dataclass(slots=True)
class _Batch:
    """The state of a running batch.

    `submitted` holds the tasks given to the executor, `begun` the recordings that a worker has begun, `tries` the
    failed attempts that count, and `notices` the notices about each running recording.
    """

    options: BatchOptions
    manifest: Manifest
    on_event: OnEvent
    summary: Summary = field(default_factory=Summary)
    queue: deque[Task] = field(default_factory=deque)
    running: int = 0
    submitted: dict[Location, Task] = field(default_factory=dict)
    begun: set[Location] = field(default_factory=set)
    tries: Counter[Location] = field(default_factory=Counter)
    notices: dict[Location, list[Notice]] = field(default_factory=dict)

    def run(self, tasks: Sequence[Task]) -> Summary:
        started = time.monotonic()
        self._select(tasks)
        with self.options.executor() as executor:
            self._process(executor)
        self.summary.interrupted = self.options.stop() and self.summary.fatal_error is None
        self.summary.elapsed = time.monotonic() - started
        return self.summary

    def _select(self, tasks: Sequence[Task]) -> None:
        """Fill the queue, longest first unless there is a single worker, and report skipped recordings."""
        forget_listings()
        if self.options.jobs != 1:
            tasks = sorted(tasks, key=lambda task: -task.length)
        for task in tasks:
            if is_pending(task.recording, self.options, self.manifest):
                self.queue.append(task)
            else:
                self.summary.skipped += 1
                self.on_event(Event("skip", task.recording))

    def _process(self, executor: Executor) -> None:
        """Run the queue until it is empty, or until all running tasks have been interrupted."""
        is_stopping = False
        while True:
            if not is_stopping and self._must_stop():
                is_stopping = True
                executor.stop(gently=True)
            if not is_stopping:
                self._fill(executor)
            if not self.running:
                return
            for event in executor.receive(_POLL_INTERVAL):
                self._handle(event, is_stopping)

    def _must_stop(self) -> bool:
        return self.summary.fatal_error is not None or self.options.stop()

    def _fill(self, executor: Executor) -> None:
        """Submit tasks up to the number of jobs; a single worker also receives the next task to prepare."""
        jobs = self.options.jobs
        while self.queue and (jobs is None or self.running < jobs):
            task = self.queue.popleft()
            executor.submit(task, self.queue[0] if self.queue and jobs == 1 else None)
            self.submitted[task.recording] = task
            self.running += 1

    def _handle(self, event: Event, is_stopping: bool) -> None:
        """Record an event and pass it on."""
        if event.kind == "begin":
            self.begun.add(event.recording)
        if event.notice is not None:
            self.notices.setdefault(event.recording, []).append(event.notice)
        if event.kind == "end":
            event = self._end(event, is_stopping)
            if event.recording not in self.begun:
                return  # still queued when the executor was stopped
            self.begun.discard(event.recording)
            self.summary.count(event)
        self.on_event(event)

    def _end(self, event: Event, is_stopping: bool) -> Event:
        """Record the end of a task; return its event, or a "retry" in its place if the task is queued again.

        If the batch is stopping, a task that would be retried counts as interrupted.
        """
        self.running -= 1
        task = self.submitted.pop(event.recording)
        notices = tuple(self.notices.pop(event.recording, ()))
        self.tries[event.recording] += event.failure in RETRIED
        tries = self.tries[event.recording]
        if event.failure == "node-lost" or (event.failure in RETRIED and tries < self.options.tries):
            if is_stopping:
                return replace(event, status=None, error=None, code=0)
            self.queue.append(task)
            return replace(event, kind="retry", status=None)
        if tries > 1 and event.failure in RETRIED:
            event = replace(event, error=f"{event.error} (after {tries} tries)")
        if event.status is not None:
            self.manifest.add(Entry.of(event, self.options.settings_digest, notices))
        if event.status in ("done", "incomplete"):
            self.summary.damaged += any(notice.code in _DAMAGED for notice in notices)
        return event
