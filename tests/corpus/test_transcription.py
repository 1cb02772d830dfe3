"""The recording that comes next is made ready while this one runs, and no longer."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from meetscribe.corpus import Event, Task
from meetscribe.corpus.transcription import _Hand
from meetscribe.errors import IncompleteRunError
from meetscribe.pipeline import Session, StageProgress
from meetscribe.testing import synthetic_meeting
from tests.support.notices import notices


class FakeSession:
    """One that never has a recording ready, and runs it at once."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.ready: list[Any] = []
        self.ran: list[Any] = []
        self.begun, self.ended = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def open(self, path: Path) -> Any:
        self.opened.append(path.name)
        return SimpleNamespace(path=path, hash="sha256:0", duration=1.0)

    def prepare(self, recording: Any, progress: StageProgress) -> None:
        self.begun.set()
        self.ready.append(recording)
        try:
            while True:
                progress("speech", 0.5)
                time.sleep(0.001)
        finally:
            self.ended.set()

    def run(self, recording: Any, progress: StageProgress) -> Any:
        progress("speech", 0.0)
        self.ran.append(recording)
        if self.error is not None:
            raise self.error
        return SimpleNamespace(duration=1.0, meta=SimpleNamespace(warnings=("music",)))


def test_warnings_of_a_transcript_are_reported() -> None:
    """Each is an event of its own before the recording ends; what the error says already is not repeated."""
    session, told = FakeSession(), list[Event]()
    hand = _Hand(cast(Session, session), lambda task, transcript: ())
    assert hand(Task(Path("a.wav"), Path("a")), None, told.append).status == "done"
    assert [event.notice for event in told if event.kind == "notice"] == ["music"]
    told.clear()
    transcript = synthetic_meeting().transcript.with_notices(*notices("music", "diarization failed: no memory"))
    session.error = IncompleteRunError("diarization failed: no memory", "Try again.", transcript)
    assert hand(Task(Path("a.wav"), Path("a")), None, told.append).status == "incomplete"
    assert [event.notice for event in told if event.kind == "notice"] == ["music"]


def test_what_is_made_ready_ends_when_its_turn_comes() -> None:
    session = FakeSession()
    hand = _Hand(cast(Session, session), lambda task, transcript: ())
    tasks = [Task(Path(name), Path(name)) for name in ("a.wav", "b.wav")]
    hand(tasks[0], tasks[1], lambda event: None)
    assert session.begun.wait(10) and not session.ended.is_set()
    hand(tasks[1], None, lambda event: None)
    assert session.ended.wait(10)
    assert session.opened == ["a.wav", "b.wav"] and session.ran[1:] == session.ready
