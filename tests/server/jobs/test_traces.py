"""The jobs of a recording are found and removed."""

from __future__ import annotations

from pathlib import Path

from meetscribe.server.jobs.files import ServerFiles
from meetscribe.server.jobs.store import JobStore
from meetscribe.server.jobs.traces import job_traces
from meetscribe.server.jobs.values import Job
from meetscribe.server.settings import ServerSettings
from tests.support.meetings import meeting, recording


def test_ended_jobs_of_a_recording_are_removed(tmp_path: Path) -> None:
    """Jobs of other recordings stay, and so do the files of the operator."""
    settings = ServerSettings(folder=str(tmp_path / "server"))
    assert list(job_traces("sha256:" + "a" * 64, settings)) == []
    files = ServerFiles.of(settings)
    store = JobStore(files.database)
    for digit in "ab":
        id = digit * 16
        folder = files.create(id, "week.wav")
        meeting([("Anna", "Hello.")], recording=recording("week.wav", digit)).save(folder.transcript)
        store.add(Job(id=id, name="week.wav", state="done", created=1.0, ended=2.0))
    (trace,) = job_traces("sha256:" + "a" * 64, settings)
    assert (trace.place, trace.what) == ("server", "job " + "a" * 16)
    trace.remove()
    assert [job.id for job in store.jobs()] == ["b" * 16]
    assert [path.name for path in (tmp_path / "server" / "jobs").iterdir()] == ["b" * 16]
    store.close()
