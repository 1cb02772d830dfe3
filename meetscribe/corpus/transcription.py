"""A hand that makes transcripts: one session for all recordings, the next one made ready while this one runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.corpus.processes import Event, Hand, Task, Tell
from meetscribe.errors import IncompleteError, IncompleteRunError, MeetscribeError
from meetscribe.settings import Settings

if TYPE_CHECKING:
    from meetscribe.audio import Recording
    from meetscribe.pipeline import Session
    from meetscribe.transcript import Transcript

Deliver: TypeAlias = "Callable[[Task, Transcript], tuple[str, ...]]"
"""Writes a transcript's files and says which; raises OutputError, and IncompleteError if only some were written."""


@dataclass(frozen=True, slots=True)
class Transcribing:
    """Hires a hand that transcribes with these settings, and has its transcripts delivered."""

    settings: Settings
    deliver: Deliver

    @contextmanager
    def _ready(self) -> Iterator[Hand]:
        from meetscribe.pipeline import Session

        with Session(self.settings) as session:
            yield _Hand(session, self.deliver)

    def __call__(self) -> AbstractContextManager[Hand]:
        """The hand, made ready as a context manager."""
        return self._ready()


class _ItsTurn(Exception):
    """A recording that was being made ready is run now."""


class _Hand:
    """A session at work, with the recording that comes next."""

    def __init__(self, session: Session, deliver: Deliver) -> None:
        self._session = session
        self._deliver = deliver
        self._next: tuple[Path, Recording] | None = None

    def __call__(self, task: Task, following: Task | None, tell: Tell) -> Event:
        recording = self._open(task)
        ahead = following and threading.Thread(target=self._prepare, args=(following,), daemon=True)

        def progress(stage: str, done: float) -> None:
            nonlocal ahead
            if ahead and stage not in ("weights", "audio"):
                ahead.start()
                ahead = None
            tell(Event("stage", task.recording, stage, done, recording.duration))

        missing: IncompleteError | None = None
        try:
            transcript = self._session.run(recording, progress)
        except IncompleteRunError as error:
            transcript, missing = error.transcript, error
        stated = missing.message.splitlines() if missing else []
        for text in transcript.meta.warnings:
            if text not in stated:
                tell(Event("notice", task.recording, notice=text))
        outputs = self._deliver(task, transcript)
        return Event(
            "end",
            task.recording,
            duration=transcript.duration,
            status="incomplete" if missing else "done",
            outputs=outputs,
            hash=recording.hash,
            error=str(missing) if missing else None,
            code=missing.exit_code if missing else 0,
        )

    def _open(self, task: Task) -> Recording:
        """The recording, decoded already if it was foreseen."""
        foreseen, self._next = self._next, None
        if foreseen and foreseen[0] == task.recording:
            return foreseen[1]
        return self._session.open(task.recording)

    def _prepare(self, task: Task) -> None:
        """Make ready what comes next, until its turn comes; what goes wrong with it is told then."""
        recording: Recording | None = None

        def until_its_turn(stage: str, done: float) -> None:
            if self._next is None or self._next[1] is not recording:
                raise _ItsTurn

        with suppress(MeetscribeError, OSError, RuntimeError, MemoryError, _ItsTurn):
            recording = self._session.open(task.recording)
            self._next = task.recording, recording
            self._session.prepare(recording, until_its_turn)
