"""The transcription worker: preparation of the next recording, notices, and unfinished transcripts."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from meetscribe.corpus import DeliveryResult, Event, Task
from meetscribe.corpus.transcription import TranscriptionWorker
from meetscribe.errors import IncompleteRunError, Notice
from meetscribe.pipeline import Session, StageProgress
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript
from tests.support.notices import notices

CORRECTION = Notice("edits.not-applied", "a correction does not apply", {})
TRANSCRIPT = synthetic_meeting(turns=1).transcript


class FakeSession:
    """A session whose preparation never ends by itself, and whose runs end at once."""

    def __init__(self, error: Exception | None = None, warnings: tuple[str, ...] = ()) -> None:
        self.error = error
        self.transcript = TRANSCRIPT.with_notices(*notices(*warnings))
        self.opened: list[str] = []
        self.prepared: list[Any] = []
        self.ran: list[Any] = []
        self.begun, self.ended = threading.Event(), threading.Event()

    def open(self, path: Path) -> Any:
        self.opened.append(path.name)
        return SimpleNamespace(path=path, hash="sha256:0", duration=1.0)

    def prepare(self, recording: Any, progress: StageProgress) -> None:
        self.begun.set()
        self.prepared.append(recording)
        try:
            while True:
                progress("speech", 0.5)
                time.sleep(0.001)
        finally:
            self.ended.set()

    def run(self, recording: Any, progress: StageProgress) -> Transcript:
        progress("speech", 0.0)
        self.ran.append(recording)
        if self.error is not None:
            raise self.error
        return self.transcript


def deliver(task: Task, transcript: Transcript) -> DeliveryResult:
    """Report a correction that does not apply."""
    return DeliveryResult(transcript.with_notices(CORRECTION), (f"{task.stem}.json",))


def task(name: str) -> Task:
    return Task(Path(name), Path(name).with_suffix(""))


def test_preparation_ends_when_the_task_begins() -> None:
    """The next recording is prepared while one runs; its own task takes it over."""
    session = FakeSession()
    worker = TranscriptionWorker(cast(Session, session), deliver)
    worker(task("a.wav"), task("b.wav"), lambda event: None)
    assert session.begun.wait(10) and not session.ended.is_set()
    worker(task("b.wav"), None, lambda event: None)
    assert session.ended.wait(10)
    assert session.opened == ["a.wav", "b.wav"] and session.ran[1:] == session.prepared


def test_notices_are_events() -> None:
    """Each warning of the transcript and of its delivery is an event, once."""
    events: list[Event] = []
    worker = TranscriptionWorker(cast(Session, FakeSession(warnings=("music", "noise"))), deliver)
    end = worker(task("a.wav"), None, events.append)
    assert (end.status, end.outputs, end.code) == ("done", ("a.json",), 0)
    assert [event.notice for event in events if event.kind == "notice"] == [*notices("music", "noise"), CORRECTION]


def test_an_unfinished_transcript_is_delivered() -> None:
    """A recording without a stage is incomplete, has its files, and its failure is not repeated as a notice."""
    events: list[Event] = []
    failure = "diarization failed: no memory"
    transcript = TRANSCRIPT.with_notices(
        *notices("music"), Notice("run.stage-failed", failure, {"stage": "diarization"})
    )
    session = FakeSession(IncompleteRunError(failure, "Try again.", transcript))
    end = TranscriptionWorker(cast(Session, session), deliver)(task("a.wav"), None, events.append)
    assert (end.status, end.error, end.code) == ("incomplete", f"{failure}\nTry again.", 6)
    assert end.outputs == ("a.json",)
    assert [event.notice for event in events if event.kind == "notice"] == [*notices("music"), CORRECTION]
