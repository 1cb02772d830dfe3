"""Opening the recording of a task, also one at an address, while another one runs."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from meetscribe.corpus import DeliveryResult, Event, Task
from meetscribe.corpus.preparation import Preparation, open_task
from meetscribe.corpus.remote import RemoteFile
from meetscribe.corpus.remote import copies as fetching
from meetscribe.corpus.transcription import TranscriptionWorker
from meetscribe.errors import InputError
from meetscribe.pipeline import Session, StageProgress
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript

A, B = (Task(RemoteFile(f"s3://bucket/talks/{name}.wav"), Path(name)) for name in "ab")


class FakeRecording:
    hash = "sha256:" + "0" * 64
    duration = 1.0

    def __init__(self, path: Path) -> None:
        self.path, self.content = path, path.read_bytes()


class FakeSession:
    """A session whose runs check that the recording is there; "damaged" is an error that names the file."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def open(self, path: Path) -> Any:
        if path.read_bytes() == b"damaged":
            raise InputError(f"{path} is not a recording", "Copy it again.")
        return FakeRecording(path)

    def prepare(self, recording: Any, progress: StageProgress) -> None:
        progress("speech", 0.5)

    def run(self, recording: Any, progress: StageProgress) -> Transcript:
        assert recording.path.exists()
        self.ran.append(recording.content.decode())
        progress("speech", 0.0)
        return synthetic_meeting(turns=1).transcript


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, which is empty in the end, and a store that answers with the name of a file."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(fetching, "fetch", lambda file, target, progress: target.write_bytes(file.name.encode()))
    yield tmp_path
    deadline = time.monotonic() + 10
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:  # the thread of a preparation ends after `drop`
        time.sleep(0.01)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_at_an_address(temporary: Path) -> None:
    """Its transcript names the address, and its copy exists until the files are delivered."""
    delivered: list[tuple[Task, Transcript]] = []

    def deliver(task: Task, transcript: Transcript) -> DeliveryResult:
        assert task.path.exists() and task.path != temporary
        delivered.append((task, transcript))
        return DeliveryResult(transcript, ())

    end = TranscriptionWorker(cast(Session, FakeSession()), deliver)(A, None, lambda event: None)
    ((task, transcript),) = delivered
    assert (end.recording, task.recording, end.hash) == (A.recording, A.recording, FakeRecording.hash)
    assert transcript.recording is not None and transcript.recording.path == "s3://bucket/talks/a.wav"
    assert not task.path.exists()


def test_the_next_one_is_fetched_while_one_runs() -> None:
    """Its own task takes it over; a worker that is closed removes what it has prepared."""
    session = FakeSession()
    worker = TranscriptionWorker(cast(Session, session), lambda task, transcript: DeliveryResult(transcript, ()))
    worker(A, B, lambda event: None)
    events: list[Event] = []
    worker(B, A, events.append)
    assert session.ran == ["a.wav", "b.wav"] and "download" not in {event.stage for event in events}
    worker.close()


def test_a_task_may_be_interrupted_while_its_recording_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def slow(file: RemoteFile, target: Path, progress: Any) -> None:
        while not release.wait(0.01):
            progress(0.5)

    monkeypatch.setattr(fetching, "fetch", slow)
    preparation = Preparation(A, cast(Session, FakeSession()))
    preparation.start()

    def interrupt(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preparation.take(interrupt)
    assert preparation._thread is not None
    preparation._thread.join(10)
    assert not preparation._thread.is_alive()


def test_what_is_not_needed_is_dropped() -> None:
    """Another task begins: the copy of the one that was prepared is removed."""
    preparation = Preparation(B, cast(Session, FakeSession()))
    preparation.start()
    time.sleep(0.05)
    preparation.drop()
    assert preparation._thread is not None
    preparation._thread.join(10)
    assert Preparation(A, cast(Session, FakeSession())).take(lambda done: None) is None


def test_errors_name_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the copy, which is removed."""
    monkeypatch.setattr(fetching, "fetch", lambda file, target, progress: target.write_bytes(b"damaged"))
    with pytest.raises(InputError, match=r"^s3://bucket/talks/a.wav is not a recording"):
        open_task(A, cast(Session, FakeSession()))
