"""All live sessions of a server: opening, finding and finishing, also after clients have disconnected."""

from __future__ import annotations

import threading

from meetscribe.audio import AudioSettings
from meetscribe.errors import BusyError, InputError, MeetscribeError
from meetscribe.live import Session
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.server.jobs.queue import JobQueue
from meetscribe.server.jobs.values import Job, JobOptions
from meetscribe.server.live.models import LiveModels
from meetscribe.server.live.session import LiveSession
from meetscribe.server.logs import logger
from meetscribe.timeline import Seconds


class LiveSessions:
    """The sessions by the id of their job. The methods are thread-safe, and may block while models are loaded."""

    def __init__(
        self, queue: JobQueue, models: LiveModels, audio: AudioSettings, *, limit: int, grace: Seconds
    ) -> None:
        self._queue, self._models, self._audio = queue, models, audio
        self._limit, self._grace = limit, grace
        self._lock = threading.Lock()
        self._sessions: dict[str, LiveSession] = {}
        self._opening = 0

    def open(self, name: str, options: JobOptions) -> LiveSession:
        """Start a session; the first one loads the models.

        Raises BusyError if there are too many sessions, and the errors of loading the models.
        """
        with self._lock:
            if len(self._sessions) + self._opening >= self._limit:
                logger.info("live session refused: server.max_live is %d", self._limit)
                remedy = f"Try again later. The limit is {self._limit} (server.max_live)."
                raise BusyError("the server has too many live sessions", remedy)
            self._opening += 1
        try:
            session = self._open(name, options)
            with self._lock:
                self._sessions[session.id] = session
        finally:
            with self._lock:
                self._opening -= 1
        logger.info("live session %s started", session.id)
        return session

    def find(self, id: str) -> LiveSession | None:
        """Return a session that has not ended, None if there is none with this id."""
        with self._lock:
            return self._sessions.get(id)

    def all(self) -> list[LiveSession]:
        """Return the sessions that have not ended."""
        with self._lock:
            return list(self._sessions.values())

    def finish(self, id: str) -> Job | None:
        """End a session, write its live transcript, and return its job, queued for the pipeline.

        A session without a recording is deleted, and None is returned. A second call has no effect.
        """
        with self._lock:
            session = self._sessions.pop(id, None)
        if session is None:
            return self._queue.store.find(id)
        try:
            return self._finish(session)
        finally:
            session.end()
            logger.info("live session %s ended after %.1f s of audio", session.id, session.received)

    def end_abandoned(self) -> None:
        """Finish the sessions whose clients have not reconnected within the grace period."""
        for session in self.all():
            if session.idle > self._grace:
                self.finish(session.id)

    def close(self) -> None:
        """Interrupt all sessions; their recordings are transcribed after the next start of a server."""
        with self._lock:
            sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            session.interrupt()
            logger.info("live session %s interrupted after %.1f s of audio", session.id, session.received)

    def _finish(self, session: LiveSession) -> Job | None:
        try:
            session.finish()
        except InputError:
            self._queue.delete(session.id)
            return None
        except Exception:  # the boundary of a request: the pipeline transcribes the recording
            logger.exception("the live session %s failed", session.id)
        return self._queue.enqueue(session.id)

    def _open(self, name: str, options: JobOptions) -> LiveSession:
        recogniser = self._models.recogniser()
        settings, parts = self._models.session_settings()
        job = self._queue.create(name, options, live=True)
        files = self._queue.files.job(job.id, job.name)
        try:
            recorder = FolderRecorder.start(
                files.recording, channels=1, source=name, language=options.language, title=name
            )
            tracker = self._models.tracker(recorder)
            session = Session(recogniser, settings, recorder=recorder, tracker=tracker, parts=parts)
        except MeetscribeError:
            self._queue.delete(job.id)
            raise
        return LiveSession(job.id, files, session, recorder, self._audio)
