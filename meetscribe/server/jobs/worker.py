"""The worker of the server's jobs, whose models stay loaded while consecutive jobs have the same settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from meetscribe.corpus.delivery import DeliveryResult
from meetscribe.corpus.events import Event, OnEvent, Task
from meetscribe.corpus.executors import Worker
from meetscribe.corpus.transcription import TranscriptionWorker
from meetscribe.errors import InputError
from meetscribe.formats import load
from meetscribe.live.recording.live_version import LIVE_FILE
from meetscribe.pipeline import Session
from meetscribe.publishing.corrections import carry_corrections
from meetscribe.server.jobs.files import JobFiles
from meetscribe.server.jobs.references import SpeakerNaming
from meetscribe.server.jobs.values import JobOptions
from meetscribe.server.transcript_view import write_view
from meetscribe.settings import ROOMS, Settings
from meetscribe.storage.files import SETTINGS_BYTES, read_file, replace_file
from meetscribe.transcript import RecordingFile, Transcript
from meetscribe.transcript.word_ids import with_word_ids


@dataclass(frozen=True, slots=True)
class JobWorkerFactory:
    """Creates workers that transcribe with the settings of the server and the options of each job."""

    settings: Settings

    def __call__(self) -> AbstractContextManager[Worker]:
        """Return a context manager that yields a worker and releases its models at the end."""
        return self._worker()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        worker = JobWorker(self.settings)
        try:
            yield worker
        finally:
            worker.close()


class JobWorker:
    """Transcribes the recordings of jobs, and writes each transcript beside its recording."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: Session | None = None

    def __call__(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        """Process a job; raises the errors of `Session.run`, SettingsError for its options.

        The upcoming job is not prepared, because its options may differ.
        """
        files = JobFiles(task.path.parent, task.path.suffix)
        name, options = read_options(files)
        settings = with_overrides(self._settings, options.overrides())
        with _naming(settings, files.references) as name_speakers:
            deliver = _Delivery(name, name_speakers)
            return TranscriptionWorker(self._open(settings), deliver)(task, None, emit)

    def close(self) -> None:
        """Release the models."""
        if self._session is not None:
            self._session.__exit__(None, None, None)
        self._session = None

    def _open(self, settings: Settings) -> Session:
        """Return a session with these settings, reusing the session of the previous job if its settings are equal."""
        if self._session is None or self._session.settings != settings:
            self.close()
            self._session = Session(settings).__enter__()
        return self._session


@dataclass(frozen=True, slots=True)
class _Delivery:
    """Writes the transcript of a job with the client's name of the recording and the names of known speakers."""

    name: str
    name_speakers: Callable[[Path, Transcript], Transcript]

    def __call__(self, task: Task, transcript: Transcript) -> DeliveryResult:
        transcript = self.name_speakers(task.path, transcript)
        recording = transcript.recording
        named = RecordingFile(self.name, recording.hash if recording else None)
        transcript = with_word_ids(transcript.with_meta(recording=named))
        file = JobFiles(task.path.parent, "").transcript
        live = task.path / LIVE_FILE
        if live.exists():  # keep the names and corrections from the live session and since then
            transcript = carry_corrections(transcript, {"json": file}, load(live))
        transcript.save(file, "json", force=True)
        write_view(file, transcript)  # in the worker, because the view of a long recording takes seconds
        return DeliveryResult(transcript, (str(file),))


@contextmanager
def _naming(settings: Settings, references: Path) -> Iterator[Callable[[Path, Transcript], Transcript]]:
    """Yield a function that names the speakers of a job by its references, and release its models at the end."""
    if not references.is_dir() or not settings.diarization.enabled:
        yield lambda recording, transcript: transcript
        return
    naming = SpeakerNaming(settings, references)
    try:
        yield naming
    finally:
        naming.close()


def write_options(files: JobFiles, name: str, options: JobOptions) -> None:
    """Store the name and the options of a job for its worker; raises OSError."""
    members = {"name": name, "options": {key: getattr(options, key) for key in JobOptions.__slots__}}
    replace_file(files.options, json.dumps(members).encode())


def read_options(files: JobFiles) -> tuple[str, JobOptions]:
    """Return the name and the options of a job; raises InputError."""
    try:
        members = json.loads(read_file(files.options, SETTINGS_BYTES))
        return str(members["name"]), JobOptions.of(members["options"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"the options of the job cannot be read: {error}", "Create the job again.") from error


def with_overrides(settings: Settings, overrides: Mapping[str, object]) -> Settings:
    """Return the settings with the values of keys such as "asr.language" replaced; raises SettingsError."""
    for key, value in overrides.items():
        room, _, name = key.partition(".")
        assert room in ROOMS
        settings = replace(settings, **{room: replace(getattr(settings, room), **{name: value})})
    return settings
