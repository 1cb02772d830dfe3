"""The transcription worker: one session for all recordings, the next one prepared while one runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from meetscribe.audio import Recording
from meetscribe.corpus.batch import BatchOptions
from meetscribe.corpus.delivery import Deliver, Delivery, settings_digest
from meetscribe.corpus.events import Event, OnEvent, Task
from meetscribe.corpus.executors import ProcessExecutor, Worker
from meetscribe.errors import IncompleteRunError, MeetscribeError, Notice
from meetscribe.pipeline import Session
from meetscribe.settings import Settings
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class TranscriptionFactory:
    """Creates workers that transcribe with these settings and have `deliver` write the files.

    With `load`, models are loaded when the worker is created, and not with its first recording.
    """

    settings: Settings
    deliver: Deliver
    load: bool = False

    @property
    def settings_digest(self) -> str:
        """The digest of the settings and of a `Delivery`, "" for another function."""
        return settings_digest(self.settings, self.deliver) if isinstance(self.deliver, Delivery) else ""

    def __call__(self) -> AbstractContextManager[Worker]:
        """Return a context manager that opens a session and yields its worker."""
        return self._worker()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        with Session(self.settings) as session:
            if self.load:
                session.load()
            yield TranscriptionWorker(session, self.deliver)


def transcription_options(settings: Settings, delivery: Delivery) -> BatchOptions:
    """Return the options of a batch that transcribes in processes of this machine."""
    executor = partial(ProcessExecutor, TranscriptionFactory(settings, delivery))
    return BatchOptions(executor, settings_digest(settings, delivery))


class _Superseded(Exception):
    """The preparation of a recording ends because its task has begun."""


class TranscriptionWorker:
    """A session and the recording that it has prepared."""

    def __init__(self, session: Session, deliver: Deliver) -> None:
        self._session = session
        self._deliver = deliver
        self._prepared: tuple[Path, Recording] | None = None

    def __call__(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        """Transcribe a recording and write its files; raises the errors of `Session.run` and `deliver`."""
        recording = self._open(task)
        transcript, missing = self._run(task, recording, upcoming, emit)
        _notify(task, transcript.meta.notices, emit)
        delivered = self._deliver(task, transcript)
        added = [notice for notice in delivered.transcript.meta.notices if notice not in transcript.meta.notices]
        _notify(task, added, emit)
        return Event(
            "end",
            task.recording,
            duration=transcript.duration,
            status="incomplete" if missing else "done",
            outputs=delivered.outputs,
            hash=recording.hash,
            error=str(missing) if missing else None,
            code=missing.exit_code if missing else 0,
        )

    def _open(self, task: Task) -> Recording:
        """Return the recording, already decoded if it was prepared."""
        prepared, self._prepared = self._prepared, None
        if prepared and prepared[0] == task.recording:
            return prepared[1]
        return self._session.open(task.recording)

    def _run(
        self, task: Task, recording: Recording, upcoming: Task | None, emit: OnEvent
    ) -> tuple[Transcript, IncompleteRunError | None]:
        """Transcribe the recording and start to prepare the next one; return also the error of a failed stage."""
        ahead = upcoming and threading.Thread(target=self._prepare, args=(upcoming,), daemon=True)

        def progress(stage: str, done: float) -> None:
            nonlocal ahead
            if ahead and stage not in ("weights", "audio"):
                ahead.start()
                ahead = None
            emit(Event("stage", task.recording, stage, done, recording.duration))

        try:
            return self._session.run(recording, progress), None
        except IncompleteRunError as error:
            return error.transcript, error

    def _prepare(self, task: Task) -> None:
        """Prepare a recording until its task begins; its errors are raised again by the task."""
        recording: Recording | None = None

        def check(stage: str, done: float) -> None:
            if self._prepared is None or self._prepared[1] is not recording:
                raise _Superseded

        with suppress(MeetscribeError, OSError, RuntimeError, MemoryError, _Superseded):
            recording = self._session.open(task.recording)
            self._prepared = task.recording, recording
            self._session.prepare(recording, check)


def _notify(task: Task, notices: Iterable[Notice], emit: OnEvent) -> None:
    """Emit the notices about a recording, except those of failed stages, which are the error of its end."""
    for notice in notices:
        if notice.code != "run.stage-failed":
            emit(Event("notice", task.recording, notice=notice))
