"""The queue of jobs: one thread per parallel job, each with an executor of one worker process."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from meetscribe.corpus.estimates import ProgressEstimate
from meetscribe.corpus.events import Event, Task
from meetscribe.corpus.executors import Executor
from meetscribe.errors import BusyError, InputError, MeetscribeError, OutputError, os_reason
from meetscribe.server.jobs.feed import Feed
from meetscribe.server.jobs.files import ServerFiles, forget_results
from meetscribe.server.jobs.store import JobStore
from meetscribe.server.jobs.values import ENDED, Failure, Job, JobOptions, Progress
from meetscribe.server.jobs.worker import write_options
from meetscribe.server.logs import logger
from meetscribe.timeline import Seconds

MAX_TRIES = 3
"""The number of attempts after which a job fails, if the server was killed during each of them."""

_POLL: Seconds = 0.2  # the interval of checks for events, cancellation and the end of a job
_KILL_AFTER: Seconds = 20.0  # an interrupted worker is killed after this time
_ANNOUNCE_INTERVAL: Seconds = 0.5  # the minimum interval between announcements of progress

CODES = {2: "settings", 3: "input", 4: "weights", 5: "no-speech", 6: "incomplete"}
"""The code of a failure by the exit code of its error; "unexpected" for others."""

_REMEDIES = {"no-speech": "Check that the recording has sound."}
"""Remedies by the code of a failure, in place of those for the command line."""


@dataclass(slots=True)
class _Running:
    """A running job: its estimate, its latest progress, and whether it was cancelled.

    `announced` is the time of the last announcement of progress, by the monotonic clock.
    """

    estimate: ProgressEstimate
    progress: Progress = Progress()
    notices: tuple[str, ...] = ()
    cancelled: bool = False
    announced: float = 0.0


class JobQueue:
    """Runs the jobs of a store, the oldest first, and announces changes on `feed`.

    `parallel` jobs run at a time, each on an executor that `executor` creates; while `limit` jobs are uploading,
    queued or running (live sessions do not count), no job can be created. Since the start of the server, `runs` counts
    the runs of jobs by their resulting state ("queued" if the end of the server interrupted the run), and `run_seconds`
    sums the time of these runs in seconds.
    """

    def __init__(
        self, store: JobStore, files: ServerFiles, executor: Callable[[], Executor], *, parallel: int, limit: int
    ) -> None:
        self.store, self.files, self.feed = store, files, Feed()
        self.runs: Counter[str] = Counter()
        self.run_seconds: defaultdict[str, Seconds] = defaultdict(float)
        self._executor = executor
        self._limit = limit
        self._running: dict[str, _Running] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._threads = [threading.Thread(target=self._work, name=f"job-{number}") for number in range(parallel)]

    def start(self) -> None:
        """Queue the unfinished jobs of a previous server, and start the threads.

        An interrupted hidden job is deleted, since its client is gone; another fails after `MAX_TRIES` attempts.
        """
        for job in self.store.in_state("live"):
            self.store.update(job.id, state="queued")
        for job in self.store.in_state("running"):
            if job.hidden:
                self.delete(job.id)
            elif job.tries >= MAX_TRIES:
                text = f"the server was stopped {job.tries} times while it transcribed this recording"
                self.store.update(job.id, state="failed", ended=time.time(), failure=Failure("unexpected", text))
            else:
                self.store.update(job.id, state="queued")
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Interrupt the running jobs, which return to the queue, and end the workers."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    @property
    def is_working(self) -> bool:
        """Whether all threads that run jobs are alive."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def create(
        self,
        name: str,
        options: JobOptions,
        *,
        path: Path | None = None,
        size: int = 0,
        hidden: bool = False,
        live: bool = False,
    ) -> Job:
        """Create a job and return it; a recording at `path` is queued immediately, an upload or live session later.

        Raises BusyError if there are too many unfinished jobs, OutputError if the job cannot be stored.
        """
        if self.store.count("uploading", "queued", "running") >= self._limit:
            raise BusyError("the server has too many unfinished jobs", "Try again later.")
        job = Job(
            secrets.token_hex(8),
            name,
            "live" if live else "uploading",
            options,
            str(path) if path else None,
            size,
            time.time(),
            hidden=hidden,
        )
        files = self.files.create(job.id, name if path is None else path.name)
        try:
            write_options(files, name, options)
            if path is not None:
                files.recording.symlink_to(path)
        except OSError as error:
            self.files.delete(job.id)
            raise OutputError(f"the job cannot be stored: {os_reason(error)}", "Free space on the server.") from error
        self.store.add(job)
        return self.enqueue(job.id) if path is not None else job

    def enqueue(self, id: str) -> Job:
        """Queue a job for the workers, unless it was cancelled; raises InputError if it does not exist."""
        with self._changed:
            job = self.store.find(id)
            if job is not None and job.state not in ENDED:
                job = self.store.update(id, state="queued")
            if job is None:
                raise InputError("there is no such job", "It may have been deleted.")
            self._changed.notify()
        self.feed.publish(id)
        return job

    def cancel(self, id: str) -> None:
        """Cancel a job; a running job is interrupted, and an ended job is unchanged.

        A live session continues, but the pipeline does not run over its recording when it ends.
        """
        with self._changed:
            running = self._running.get(id)
            if running is not None:
                running.cancelled = True
                return
            job = self.store.find(id)
            if job is not None and job.state not in ENDED:
                self.store.update(id, state="cancelled", ended=time.time())
                logger.info("job %s cancelled", id)
        self.feed.publish(id)

    def delete(self, id: str) -> None:
        """Delete a job with its files; a running job is cancelled first, and the call waits until it has ended.

        The cached stage results of an uploaded recording are deleted too.
        """
        self.cancel(id)
        while id in self._running:
            time.sleep(_POLL)
        job = self.store.find(id)
        if job is not None and job.path is None:
            forget_results(self._task(job).path)
        self.store.delete(id)
        self.files.delete(id)
        if job is not None:
            logger.info("job %s deleted", id)
        self.feed.publish(id)

    def progress(self, id: str) -> Progress | None:
        """Return the progress of a running job, None for other jobs."""
        running = self._running.get(id)
        return running.progress if running else None

    def _work(self) -> None:
        """Run jobs until the queue is closed."""
        with self._executor() as executor:
            while not self._closing:
                with self._changed:
                    job = self.store.claim()
                    if job is None:
                        self._changed.wait(1.0)
                        continue
                    path = self._task(job).path
                    self._running[job.id] = _Running(ProgressEstimate({path: max(1, job.size)}))
                self.feed.publish(job.id)
                logger.info("job %s started", job.id)
                try:
                    self._run(job, executor)
                finally:
                    self._running.pop(job.id, None)
                    self.feed.publish(job.id)

    def _task(self, job: Job) -> Task:
        """Return the task of a job: its recording, and the name of the output."""
        name = job.name if job.path is None else Path(job.path).name
        return Task(self.files.job(job.id, name).recording, PurePath("transcript"))

    def _with_client_name(self, job: Job, text: str) -> str:
        """Return a message with the stored name of the recording replaced by the client's name."""
        return text.replace(self._task(job).recording.name, job.name)

    def _run(self, job: Job, executor: Executor) -> None:
        """Run a job on the executor and store its result."""
        running = self._running[job.id]
        executor.submit(self._task(job))
        interrupted: float | None = None
        while True:
            for event in executor.receive(_POLL):
                if event.kind == "end":
                    self._end(job, running, event)
                    return
                self._follow(job, running, event)
            if (running.cancelled or self._closing) and interrupted is None:
                interrupted = time.monotonic()
                executor.stop(gently=True)
            elif interrupted is not None and time.monotonic() > interrupted + _KILL_AFTER:
                executor.stop(gently=False)
                self._end(job, running, Event("end", self._task(job).recording))
                return

    def _follow(self, job: Job, running: _Running, event: Event) -> None:
        """Update the progress of a running job with an event."""
        running.estimate.update(event)
        if event.notice is not None:
            running.notices += (self._with_client_name(job, event.notice.text),)
        if event.kind == "stage":
            if event.duration is not None and event.duration != job.duration:
                self.store.update(job.id, duration=event.duration)
            running.progress = Progress(event.stage, running.estimate.share, running.estimate.remaining)
            if time.monotonic() >= running.announced + _ANNOUNCE_INTERVAL:
                running.announced = time.monotonic()
                self.feed.publish(job.id)

    def _end(self, job: Job, running: _Running, event: Event) -> None:
        """Store the result of a job; if the end of the server interrupted it, queue it again."""
        changes: dict[str, object] = {"ended": time.time(), "notices": running.notices}
        if event.duration is not None:
            changes["duration"] = event.duration
        if event.error:
            message, _, remedy = self._with_client_name(job, event.error).partition("\n")
            code = CODES.get(event.code, "unexpected")
            changes["failure"] = Failure(code, message, _REMEDIES.get(code, remedy))
        if event.status is not None:
            changes["state"] = event.status
        elif running.cancelled:
            changes["state"] = "cancelled"
        else:
            changes = {"state": "queued", "tries": job.tries - 1}
        self.store.update(job.id, **changes)
        state, seconds = str(changes["state"]), time.time() - (job.began or time.time())
        self.runs[state] += 1
        self.run_seconds[state] += seconds
        logger.info("job %s: %s after %.1f s%s", job.id, state, seconds, _failure_class(event))


def _failure_class(event: Event) -> str:
    """Return the class of a failure in parentheses, "" without a failure."""
    return f" ({event.failure or CODES.get(event.code, 'unexpected')})" if event.error else ""


def clean_up(queue: JobQueue, keep: Seconds, unfinished: Seconds) -> None:
    """Delete jobs that ended over `keep` seconds ago (0 keeps all), and uploads older than `unfinished` seconds."""
    now = time.time()
    ended = queue.store.ended_before(now - keep) if keep else []
    abandoned = [job for job in queue.store.in_state("uploading") if job.created < now - unfinished]
    for job in (*ended, *abandoned):
        try:
            queue.delete(job.id)
        except MeetscribeError as error:
            logger.warning("%s was not deleted: %s", job.id, error)
