"""Opening the recording of a task, and preparing the next one in the background."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace

from meetscribe.audio import Recording
from meetscribe.corpus.events import Task
from meetscribe.corpus.remote.copies import TemporaryCopy
from meetscribe.corpus.remote.files import RemoteFile
from meetscribe.errors import MeetscribeError
from meetscribe.pipeline import Session
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds
from meetscribe.transcript import RecordingFile, Transcript

_POLL_INTERVAL: Seconds = 0.2  # between checks whether a recording has been fetched


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """The recording of a task, and the temporary copy of a remote recording."""

    task: Task
    recording: Recording
    copy: TemporaryCopy | None = None

    def close(self) -> None:
        """Remove the copy."""
        if self.copy is not None:
            self.copy.close()

    def with_address(self, text: str) -> str:
        """Return a text with the path of the copy replaced by the address."""
        return text if self.copy is None else text.replace(str(self.copy.path), str(self.task.recording))

    def addressed(self, transcript: Transcript) -> Transcript:
        """Return the transcript with the address of a remote recording."""
        if self.copy is None:
            return transcript
        return transcript.with_meta(recording=RecordingFile(str(self.task.recording), self.recording.hash))


def open_task(task: Task, session: Session, progress: Progress = ignore_progress) -> OpenedRecording:
    """Open the recording of a task; a remote one is fetched first.

    An exception raised by `progress` stops fetching and is passed on.

    Raises InputError; for a remote recording also UnreachableError, SettingsError and OutputError.
    """
    if not isinstance(task.recording, RemoteFile):
        return OpenedRecording(task, session.open(task.recording))
    copy = TemporaryCopy(task.recording, progress)
    try:
        return OpenedRecording(replace(task, copy=copy.path), session.open(copy.path), copy)
    except MeetscribeError as error:
        copy.close()
        error.message = error.message.replace(str(copy.path), str(task.recording))
        raise


class _Ended(Exception):
    """Stops the thread of a preparation after `take` or `drop`."""


class Preparation:
    """Opens and decodes the recording of a task in a thread, until `take` or `drop` is called.

    Its speech is detected, too, if the result can be cached. A decoding that has begun is completed: the recording is
    decoded only once, and the run waits for it.
    """

    def __init__(self, task: Task, session: Session) -> None:
        self.task = task
        self._session = session
        self._thread: threading.Thread | None = None
        self._opening_ended = threading.Event()  # also set if opening failed
        self._opened: OpenedRecording | None = None
        self._is_ended = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the thread, unless it has been started."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._prepare, daemon=True)
            self._thread.start()

    def take(self, progress: Progress) -> OpenedRecording | None:
        """Wait until the recording is open, end its preparation, and return it; None if it was not started or failed.

        `progress` is called while waiting; an exception that it raises drops the recording and is passed on.
        """
        if self._thread is None:
            return None
        try:
            while not self._opening_ended.wait(_POLL_INTERVAL):
                progress(0.0)
        except BaseException:
            self.drop()
            raise
        with self._lock:
            self._is_ended = True
            return self._opened

    def drop(self) -> None:
        """Stop, and close the recording."""
        with self._lock:
            self._is_ended = True
            if self._opened is not None:
                self._opened.close()

    def _prepare(self) -> None:
        """Open, decode and detect speech; errors are ignored here, since the task raises them again."""
        with suppress(MeetscribeError, OSError, RuntimeError, MemoryError, _Ended):
            try:
                opened = open_task(self.task, self._session, self._check)
                with self._lock:
                    if self._is_ended:
                        opened.close()
                        return
                    self._opened = opened
            finally:
                self._opening_ended.set()
            self._session.prepare(opened.recording, lambda stage, done: self._check(done))

    def _check(self, done: float) -> None:
        if self._is_ended:
            raise _Ended
