"""The recording that comes next is made ready while this one runs, and no longer."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from meetscribe.corpus import Task
from meetscribe.corpus.transcription import _Hand
from meetscribe.pipeline import Session, StageProgress


class FakeSession:
    """One that never has a recording ready, and runs it at once."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.ready: list[Any] = []
        self.ran: list[Any] = []
        self.begun, self.ended = threading.Event(), threading.Event()

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
        return SimpleNamespace(duration=1.0)


def test_what_is_made_ready_ends_when_its_turn_comes() -> None:
    session = FakeSession()
    hand = _Hand(cast(Session, session), lambda task, transcript: ())
    tasks = [Task(Path(name), Path(name)) for name in ("a.wav", "b.wav")]
    hand(tasks[0], tasks[1], lambda event: None)
    assert session.begun.wait(10) and not session.ended.is_set()
    hand(tasks[1], None, lambda event: None)
    assert session.ended.wait(10)
    assert session.opened == ["a.wav", "b.wav"] and session.ran[1:] == session.ready
