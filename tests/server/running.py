"""A real server on loopback, in a thread, whose jobs are done by a fake worker."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from meetscribe.corpus.events import Event, OnEvent, Task
from meetscribe.corpus.executors import Executor, Worker
from meetscribe.errors import InputError, NoSpeechError, Notice
from meetscribe.server.application import create_app
from meetscribe.server.jobs.files import JobFiles
from meetscribe.server.jobs.worker import read_options
from meetscribe.server.live.models import LiveModels
from meetscribe.server.settings import ServerSettings
from meetscribe.server.transcript_view import write_view
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.executors import InProcessExecutor
from meetscribe.transcript import RecordingFile
from meetscribe.transcript.word_ids import with_word_ids
from tests.conftest import SAMPLES

SLOW, CRASH, BAD, SILENT, LONG = b"slow", b"crash", b"bad", b"silent", b"long"
"""Contents of recordings: one takes until it is interrupted, one ends its worker, one cannot be read, one has no
speech, and one has 100,000 words."""


class FakeJobs:
    """A worker that writes the transcript of a synthetic meeting; the content of the recording chooses what happens."""

    def __enter__(self) -> Worker:
        return self.run

    def __exit__(self, *exception: object) -> None:
        pass

    def run(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        """Process a job."""
        files = JobFiles(task.path.parent, task.path.suffix)
        name, options = read_options(files)
        content = b"live" if task.path.is_dir() else task.path.read_bytes()
        emit(Event("stage", task.recording, "transcription", 0.5, 60.0))
        while content.startswith(SLOW):
            time.sleep(0.02)
            emit(Event("stage", task.recording, "transcription", 0.5, 60.0))
        if content.startswith(CRASH):
            raise SystemExit(9)
        if content.startswith(BAD):
            raise InputError(f"{task.recording.name} is not a recording that can be read", "Check the file.")
        if content.startswith(SILENT):
            remedy = "Check that it has sound, or use --allow-empty for an empty transcript."
            raise NoSpeechError(f"there is no speech in {task.recording.name}", remedy)
        emit(Event("notice", task.recording, notice=Notice("other", "one track was read")))
        turns = 17_000 if content.startswith(LONG) else 12
        meeting = synthetic_meeting(speakers=options.speakers or 2, turns=turns, seed=len(content))
        transcript = meeting.transcript.with_meta(recording=RecordingFile(name))
        transcript = with_word_ids(transcript)
        transcript.save(files.transcript, "json", force=True)
        write_view(files.transcript, transcript)
        return Event(
            "end", task.recording, status="done", duration=transcript.duration, outputs=(str(files.transcript),)
        )


def fake_executor() -> Executor:
    """Return an executor whose worker is the fake."""
    return InProcessExecutor(FakeJobs)


@dataclass(frozen=True)
class RunningServer:
    """A server that answers at `url`."""

    url: str
    client: httpx.Client

    def post(self, content: bytes, name: str = "talk.wav", options: str = "{}") -> str:
        """Upload a recording and return the id of its job."""
        answer = self.client.post("/api/jobs", files={"file": (name, content)}, data={"options": options})
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    def wait(self, id: str, *states: str, timeout: float = 30) -> dict[str, object]:
        """Return a job once it is in one of the states, by default once it has ended."""
        wanted = states or ("done", "incomplete", "failed", "cancelled")
        deadline = time.monotonic() + timeout
        while (job := self.client.get(f"/api/jobs/{id}").json())["state"] not in wanted:
            assert time.monotonic() < deadline, job
            time.sleep(0.02)
        found: dict[str, object] = job
        return found

    def done(self, content: bytes = b"sound", **given: str) -> str:
        """Return the id of a job that is done."""
        id = self.post(content, **given)
        assert self.wait(id)["state"] == "done"
        return id


@contextmanager
def running_server(
    server: ServerSettings,
    settings: Settings | None = None,
    executor: Callable[[], Executor] | None = fake_executor,
    models: LiveModels | None = None,
) -> Iterator[RunningServer]:
    """Run a server on a free port of loopback; without `executor`, with real workers."""
    app = create_app(server, settings or Settings(), executor, models)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="critical",
        ws="websockets-sansio",
        access_log=False,
        timeout_graceful_shutdown=2,  # a test that fails leaves connections open
    )
    runner = uvicorn.Server(config)
    thread = threading.Thread(target=runner.run)
    thread.start()
    while not runner.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = runner.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    headers = {"Authorization": f"Bearer {server.token}"} if server.token else {}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            yield RunningServer(url, client)
    finally:
        runner.should_exit = True
        thread.join()


def local_settings(folder: Path, **changes: object) -> ServerSettings:
    """Return the settings of a server with its data in a folder."""
    return ServerSettings(folder=str(folder), **changes)  # type: ignore[arg-type]


def sample_clip(name: str, start: float, seconds: float) -> bytes:
    """Return a part of a sample as a WAV file of 16-bit samples."""
    import soundfile

    samples, rate = soundfile.read(
        SAMPLES / f"{name}.flac", start=round(16_000 * start), frames=round(16_000 * seconds)
    )
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
