"""The transcription worker: one session for all recordings; the next recording is prepared while one runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial

from meetscribe.corpus.batch import BatchOptions
from meetscribe.corpus.delivery import Deliver, Delivery, settings_digest
from meetscribe.corpus.events import Event, OnEvent, Task
from meetscribe.corpus.executors import ProcessExecutor, Worker
from meetscribe.corpus.preparation import OpenedRecording, Preparation, open_task
from meetscribe.errors import IncompleteRunError, MeetscribeError, Notice
from meetscribe.pipeline import Session
from meetscribe.runtime.progress import Progress
from meetscribe.settings import Settings
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class TranscriptionFactory:
    """Creates workers that transcribe with these settings and call `deliver` to write the files.

    With `load`, models are loaded when the worker is created, not with its first recording.
    """

    settings: Settings
    deliver: Deliver
    load: bool = False

    @property
    def settings_digest(self) -> str:
        """The digest of the settings and of `deliver`, "" if `deliver` is not a `Delivery`."""
        return settings_digest(self.settings, self.deliver) if isinstance(self.deliver, Delivery) else ""

    def __call__(self) -> AbstractContextManager[Worker]:
        """Return a context manager that opens a session and yields its worker."""
        return self._worker()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        with Session(self.settings) as session:
            if self.load:
                session.load()
            with closing(TranscriptionWorker(session, self.deliver)) as worker:
                yield worker


def transcription_options(settings: Settings, delivery: Delivery) -> BatchOptions:
    """Return the options of a batch that transcribes in processes of this machine."""
    executor = partial(ProcessExecutor, TranscriptionFactory(settings, delivery))
    return BatchOptions(executor, settings_digest(settings, delivery))


class TranscriptionWorker:
    """A session, and the recording that is being prepared."""

    def __init__(self, session: Session, deliver: Deliver) -> None:
        self._session = session
        self._deliver = deliver
        self._prepared: Preparation | None = None

    def __call__(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        """Transcribe a recording and write its files; a remote recording is fetched first, and its copy removed.

        If a stage after transcription fails, the recording is incomplete. Raises the other errors of `Session.run`, and
        those of `deliver`.
        """
        opened = self._open(task, emit)
        try:
            return self._transcribe(opened, upcoming, emit)
        except MeetscribeError as error:
            error.message = opened.with_address(error.message)
            raise
        finally:
            opened.close()

    def close(self) -> None:
        """Stop the preparation of the next recording, and remove its copy."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            prepared.drop()

    def _transcribe(self, opened: OpenedRecording, upcoming: Task | None, emit: OnEvent) -> Event:
        """Transcribe an opened recording and return the end of its task."""
        task = opened.task
        transcript, incomplete = self._run(opened, upcoming, emit)
        _notify(task, transcript.meta.notices, emit)
        delivered = self._deliver(task, transcript)
        added = [notice for notice in delivered.transcript.meta.notices if notice not in transcript.meta.notices]
        _notify(task, added, emit)
        return Event(
            "end",
            task.recording,
            duration=transcript.duration,
            status="incomplete" if incomplete else "done",
            outputs=delivered.outputs,
            hash=opened.recording.hash,
            error=str(incomplete) if incomplete else None,
            code=incomplete.exit_code if incomplete else 0,
        )

    def _open(self, task: Task, emit: OnEvent) -> OpenedRecording:
        """Return the opened recording; it may already be decoded if it was prepared."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            if prepared.task.recording == task.recording and (opened := prepared.take(_fetching(task, emit))):
                return opened
            prepared.drop()
        return open_task(task, self._session, _fetching(task, emit))

    def _run(
        self, opened: OpenedRecording, upcoming: Task | None, emit: OnEvent
    ) -> tuple[Transcript, IncompleteRunError | None]:
        """Transcribe the recording and start preparing the next one; also return the error of a failed stage."""
        recording = opened.recording
        self._prepared = Preparation(upcoming, self._session) if upcoming else None

        def progress(stage: str, done: float) -> None:
            if self._prepared is not None and stage not in ("weights", "audio"):
                self._prepared.start()
            emit(Event("stage", opened.task.recording, stage, done, recording.duration))

        try:
            return opened.addressed(self._session.run(recording, progress)), None
        except IncompleteRunError as error:
            return opened.addressed(error.transcript), error


def _fetching(task: Task, emit: OnEvent) -> Progress:
    """Return a progress function for fetching a recording."""
    return lambda done: emit(Event("stage", task.recording, "download", done))


def _notify(task: Task, notices: Iterable[Notice], emit: OnEvent) -> None:
    """Emit the notices about a recording, except for failed stages, which its end event reports as the error."""
    for notice in notices:
        if notice.code != "run.stage-failed":
            emit(Event("notice", task.recording, notice=notice))
