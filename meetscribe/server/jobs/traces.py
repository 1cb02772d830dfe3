"""Find and remove the server's jobs that transcribed a recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from meetscribe.errors import InputError
from meetscribe.meetings.traces import Trace
from meetscribe.server.jobs.files import ServerFiles, server_folder
from meetscribe.server.jobs.store import JobStore
from meetscribe.server.jobs.values import ENDED
from meetscribe.server.settings import ServerSettings
from meetscribe.storage.files import is_file
from meetscribe.transcript import Transcript


def job_traces(recording: str | None, settings: ServerSettings) -> Iterator[Trace]:
    """Yield the ended jobs of a recording (given by hash), none if no server has run on this machine.

    Unfinished jobs are not included; they can be cancelled on the page of the server.
    """
    root = server_folder(settings)
    if recording is None or not is_file(root / "jobs.sqlite3"):
        return
    files = ServerFiles(root)

    def remove(id: str) -> None:
        store = JobStore(files.database)
        store.delete(id)
        store.close()
        files.delete(id)

    store = JobStore(files.database)
    try:
        ended = [job for state in ENDED for job in store.in_state(state)]
    finally:
        store.close()
    for job in ended:
        if _hash(files.job(job.id, "").transcript) == recording:
            yield Trace("server", f"job {job.id}", lambda id=job.id: remove(id))  # type: ignore[misc]


def _hash(transcript: Path) -> str | None:
    """Return the hash of the recording of a transcript, None if it cannot be read."""
    try:
        recording = Transcript.load(transcript).recording
    except InputError:
        return None
    return recording.hash if recording else None
