"""Jobs over HTTP: upload, follow, correct, export, cancel and delete; a real server on loopback with a fake worker."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import httpx
import pytest

from meetscribe.formats import load, write
from meetscribe.results import recording_folder
from tests.server.running import BAD, CRASH, SILENT, SLOW, RunningServer, local_settings, running_server


def test_a_recording_becomes_a_transcript(server: RunningServer) -> None:
    """A form is enough; the job has its name, options, notices and duration, and the transcript has its speakers."""
    id = server.post(b"sound", name="../Planning É.WAV", options='{"speakers": 3}')
    job = server.wait(id)
    assert (job["state"], job["name"], job["notices"]) == ("done", "Planning É.WAV", ["one track was read"])
    transcript = server.client.get(f"/api/jobs/{id}/transcript").json()
    assert len(transcript["speakers"]) == 3
    assert transcript["recording"] == "Planning É.WAV"
    assert transcript["utterances"][0]["words"][0][3]


def test_jobs_are_listed_and_deleted(server: RunningServer) -> None:
    id = server.done()
    assert id in [job["id"] for job in server.client.get("/api/jobs").json()["jobs"]]
    assert server.client.delete(f"/api/jobs/{id}").status_code == 204
    assert server.client.get(f"/api/jobs/{id}").json()["error"]["code"] == "not-found"


def test_deleting_a_job_deletes_its_cached_results(
    server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words and voiceprints of an upload do not outlive it; those of the operator's recordings stay."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    contents = {"upload": b"private", "operator": b"sound of one"}
    folders = {name: recording_folder(f"sha256:{hashlib.sha256(data).hexdigest()}") for name, data in contents.items()}
    for folder in folders.values():
        folder.mkdir(parents=True)
    jobs = [server.done(b"private"), server.client.post("/api/jobs", json={"path": "talks/2026/one.wav"}).json()["id"]]
    for id in jobs:
        server.wait(id)
        server.client.delete(f"/api/jobs/{id}")
    assert not folders["upload"].exists() and folders["operator"].exists()


def test_progress_arrives_as_events(server: RunningServer) -> None:
    """The stream shows the stages and ends when the job has ended."""
    id = server.post(SLOW)
    stages: set[str] = set()
    with server.client.stream("GET", f"/api/jobs/{id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                job = json.loads(line.removeprefix("data: "))
                if job["progress"] and job["progress"]["stage"] and not stages:
                    stages.add(job["progress"]["stage"])
                    assert server.client.post(f"/api/jobs/{id}/cancel").status_code == 200
    assert stages == {"transcription"}
    assert job["state"] == "cancelled"


def test_a_waiting_job_is_cancelled(server: RunningServer) -> None:
    running = [server.post(SLOW) for _ in range(2)]
    for id in running:
        server.wait(id, "running")
    waiting = server.post(b"sound")
    assert server.client.post(f"/api/jobs/{waiting}/cancel").json()["state"] == "cancelled"
    for id in running:
        server.client.delete(f"/api/jobs/{id}")


def test_errors_of_a_job_have_a_remedy(server: RunningServer) -> None:
    job = server.wait(server.post(BAD))
    assert job["error"] == {
        "code": "input",
        "message": "talk.wav is not a recording that can be read",
        "remedy": "Check the file.",
    }


def test_a_correction_changes_the_revision_of_the_job(server: RunningServer) -> None:
    """So that a client that follows the events knows when to load the transcript again."""
    id = server.done()
    assert server.client.get(f"/api/jobs/{id}").json()["revision"] is None
    view = server.client.get(f"/api/jobs/{id}/transcript").json()
    edit = {"kind": "rename", "names": {view["speakers"][0]: "Anna"}}
    answer = server.client.post(f"/api/jobs/{id}/edits", json={"revision": view["revision"], "edit": edit}).json()
    assert server.client.get(f"/api/jobs/{id}").json()["revision"] == answer["revision"] != view["revision"]


def test_a_silent_recording_is_explained_without_options_of_the_command_line(server: RunningServer) -> None:
    error = server.wait(server.post(SILENT))["error"]
    assert error == {
        "code": "no-speech",
        "message": "there is no speech in talk.wav",
        "remedy": "Check that the recording has sound.",
    }


def test_a_worker_that_dies_ends_its_job_only(server: RunningServer) -> None:
    job = server.wait(server.post(CRASH))
    assert job["state"] == "failed"
    assert "worker process died" in str(job["error"])
    assert server.wait(server.post(b"sound"))["state"] == "done"


class TestUploads:
    def test_an_upload_continues_where_it_ended(self, server: RunningServer) -> None:
        """A wrong offset is answered with the right one; the job waits for a worker once all bytes are there."""
        content = b"s" * 1000
        id = server.client.post("/api/jobs", json={"name": "a.wav", "size": len(content)}).json()["id"]
        path = f"/api/jobs/{id}/upload"
        first = server.client.patch(path, content=content[:400], headers={"Upload-Offset": "0"})
        assert first.headers["upload-offset"] == "400"
        wrong = server.client.patch(path, content=content[:400], headers={"Upload-Offset": "0"})
        assert (wrong.status_code, wrong.json()["error"]["offset"]) == (409, 400)
        assert server.client.head(path).headers["upload-offset"] == "400"
        server.client.patch(path, content=content[400:], headers={"Upload-Offset": "400"})
        assert server.wait(id)["state"] == "done"

    def test_more_than_announced_is_refused(self, server: RunningServer) -> None:
        id = server.client.post("/api/jobs", json={"name": "a.wav", "size": 10}).json()["id"]
        answer = server.client.patch(f"/api/jobs/{id}/upload", content=b"s" * 11, headers={"Upload-Offset": "0"})
        assert answer.status_code == 413

    @pytest.mark.parametrize("size", [2_000_000, 10**12])
    def test_large_recordings_are_refused(self, server: RunningServer, size: int) -> None:
        answer = server.client.post("/api/jobs", json={"name": "a.wav", "size": size})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")

    def test_a_large_form_is_refused(self, server: RunningServer) -> None:
        """A form is refused by its announced size, and by its true size if it announces none."""
        big = b"s" * 3_000_000
        assert server.client.post("/api/jobs", files={"file": ("a.wav", big)}).status_code == 413
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n' + big + b"\r\n--x--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = server.client.post("/api/jobs", content=(part for part in (body[:1000], body[1000:])), headers=headers)
        assert answer.status_code == 413


class TestInputs:
    def test_recordings_of_the_operator_are_transcribed_without_an_upload(self, server: RunningServer) -> None:
        """They are listed without links, and stay where they are when the job is deleted."""
        assert server.client.get("/api/inputs").json() == {"inputs": ["talks/2026/one.wav"]}
        id = server.client.post("/api/jobs", json={"path": "talks/2026/one.wav"}).json()["id"]
        assert server.wait(id)["state"] == "done"
        assert server.client.get(f"/api/jobs/{id}/audio").content == b"sound of one"
        server.client.delete(f"/api/jobs/{id}")
        assert server.client.get("/api/inputs").json() == {"inputs": ["talks/2026/one.wav"]}

    @pytest.mark.parametrize(
        "path",
        [
            "talks/../secret.wav",
            "talks/link.wav",
            "/etc/hostname",
            "talks",
            "talks/",
            "other/one.wav",
            "talks/2026/../../secret.wav",
            "talks\\2026\\one.wav",
            "talks/a\0b",
            "",
        ],
    )
    def test_no_other_path_reaches_the_file_system(self, server: RunningServer, path: str) -> None:
        answer = server.client.post("/api/jobs", json={"path": path})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "input")


class TestCorrections:
    def edit(self, server: RunningServer, id: str, revision: str, **edit: object) -> httpx.Response:
        return server.client.post(f"/api/jobs/{id}/edits", json={"revision": revision, "edit": edit})

    def test_each_kind_of_edit_shows_at_once_in_the_export(self, server: RunningServer) -> None:
        id = server.done()
        view = server.client.get(f"/api/jobs/{id}/transcript").json()
        one, two = view["utterances"][0], view["utterances"][1]
        steps: list[dict[str, object]] = [
            {"kind": "rename", "names": {view["speakers"][0]: "Anna"}},
            {"kind": "replace", "start": one["start"], "end": one["end"] + 0.001, "text": "We use Viterbi."},
            {"kind": "delete", "start": two["start"], "end": two["end"] + 0.001},
            {"kind": "insert", "time": view["duration"], "text": "Good bye.", "speaker": "Cem"},
        ]
        for step in steps:
            answer = self.edit(server, id, view["revision"], **step)
            assert answer.status_code == 200, answer.text
            view = answer.json()
        text = server.client.get(f"/api/jobs/{id}/export?format=txt").text
        assert "Anna: We use Viterbi." in text and "Cem: Good bye." in text
        assert len(view["edits"]) == 4
        view = self.edit(server, id, view["revision"], kind="undo", step=2).json()
        assert "Viterbi" not in server.client.get(f"/api/jobs/{id}/export?format=txt").text

    def test_an_edit_of_an_older_revision_is_a_conflict(self, server: RunningServer) -> None:
        """The answer lists the corrections that the client does not have, and nothing is changed."""
        id = server.done()
        view = server.client.get(f"/api/jobs/{id}/transcript").json()
        names = view["speakers"]
        self.edit(server, id, view["revision"], kind="rename", names={names[0]: "Anna"})
        answer = self.edit(server, id, view["revision"], kind="rename", names={names[1]: "Ben"})
        assert answer.status_code == 409
        assert answer.json()["error"]["added"] == [f"rename {names[0]} to Anna"]
        assert "Ben" not in server.client.get(f"/api/jobs/{id}/transcript").json()["speakers"]

    @pytest.mark.parametrize(
        "edit",
        [{}, {"kind": "drop"}, {"kind": "rename"}, {"kind": "rename", "names": 3}, {"kind": "replace", "start": "x"}],
    )
    def test_invalid_edits_are_explained(self, server: RunningServer, edit: dict[str, object]) -> None:
        id = server.done()
        revision = server.client.get(f"/api/jobs/{id}/transcript").json()["revision"]
        answer = self.edit(server, id, revision, **edit)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "edit")


def test_an_export_is_the_file_that_the_command_writes(server: RunningServer, tmp_path: Path) -> None:
    id = server.done()
    native = tmp_path / "talk.json"
    native.write_bytes(server.client.get(f"/api/jobs/{id}/export?format=json").content)
    for format in ("srt", "vtt", "txt", "docx", "csv"):
        answer = server.client.get(f"/api/jobs/{id}/export?format={format}")
        assert answer.content == write(load(native), format)
        assert f"talk.{format}" in answer.headers["content-disposition"]
    assert server.client.get(f"/api/jobs/{id}/export?format=srt&width=20").status_code == 200
    assert server.client.get(f"/api/jobs/{id}/export?format=srt&colour=red").status_code == 422
    assert server.client.get(f"/api/jobs/{id}/export?format=exe").status_code == 400


def test_the_sound_is_served_in_ranges(server: RunningServer) -> None:
    id = server.done(b"sound of a recording", name="a.mp3")
    answer = server.client.get(f"/api/jobs/{id}/audio", headers={"Range": "bytes=6-7"})
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (206, b"of", "audio/mpeg")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "json"),
        (b"[]", "json"),
        (b"{}", "name"),
        (b'{"name": "a.wav", "size": -1}', "size"),
        (b'{"name": "a.wav", "size": 1, "option": {"language": "en"}}', "unknown"),
        (b'{"name": "a.wav", "size": 1, "options": {"colour": "red"}}', "input"),
        (b'{"name": "a.wav", "size": 1, "options": {"model": "/etc"}}', "model"),
        (b'{"name": "a.wav", "size": 1, "options": {"language": "?!"}}', "language"),
        (b'{"name": "a.wav", "size": 1, "options": {"speakers": 0}}', "input"),
    ],
)
def test_invalid_requests_are_explained(server: RunningServer, body: bytes, code: str) -> None:
    answer = server.client.post("/api/jobs", content=body)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] == code


def test_fields_and_files_that_would_be_ignored_are_refused(server: RunningServer) -> None:
    files = {"file": ("talk.wav", b"sound")}
    answer = server.client.post("/api/jobs", files=files, data={"speakers": "1"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "unknown: speakers")
    assert "the recording is empty" in server.client.post("/api/jobs", files={"file": ("talk.wav", b"")}).text
    missing = server.client.post(f"/api/jobs/{server.done()}/edits", json={"edit": {"kind": "undo"}})
    assert missing.json()["error"]["code"] == "revision"


def test_deleting_a_job_removes_its_name_from_the_database(tmp_path: Path) -> None:
    with running_server(local_settings(tmp_path)) as found:
        id = found.done(name="secret-name.wav")
        assert any(b"secret-name" in file.read_bytes() for file in tmp_path.glob("**/jobs.sqlite3*"))
        found.client.delete(f"/api/jobs/{id}")
        assert not any(b"secret-name" in file.read_bytes() for file in tmp_path.glob("**/jobs.sqlite3*"))


def test_metrics_and_health(server: RunningServer) -> None:
    server.done()
    assert server.client.get("/healthz").json()["status"] == "ok"
    lines = server.client.get("/metrics").text.splitlines()
    assert any(line.startswith('meetscribe_jobs{state="done"} ') for line in lines)
    assert any(line.startswith('meetscribe_requests_total{method="GET",status="200"} ') for line in lines)
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert int(values['meetscribe_job_seconds_count{state="done"}']) >= 1
    assert 0 < float(values['meetscribe_job_seconds_sum{state="done"}']) < float(values["meetscribe_uptime_seconds"])


def test_jobs_survive_a_restart(tmp_path: Path) -> None:
    """A job that runs when the server ends runs again; one that is done keeps its transcript and corrections."""
    with running_server(local_settings(tmp_path)) as first:
        done = first.done()
        view = first.client.get(f"/api/jobs/{done}/transcript").json()
        edit = {"kind": "rename", "names": {view["speakers"][0]: "Anna"}}
        first.client.post(f"/api/jobs/{done}/edits", json={"revision": view["revision"], "edit": edit})
        slow = first.post(SLOW)
        first.wait(slow, "running")
        waiting = first.post(b"sound")
    recording = next((tmp_path / "jobs" / slow).glob("recording*"))
    recording.write_bytes(b"sound")
    with running_server(local_settings(tmp_path)) as second:
        assert second.wait(slow)["state"] == second.wait(waiting)["state"] == "done"
        assert "Anna" in second.client.get(f"/api/jobs/{done}/transcript").json()["speakers"]


def test_old_jobs_and_lost_uploads_are_deleted(tmp_path: Path) -> None:
    given = local_settings(tmp_path, keep_days=1e-9, upload_hours=1e-9)
    with running_server(local_settings(tmp_path)) as first:
        id = first.done()
        first.client.post("/api/jobs", json={"name": "a.wav", "size": 10})
        time.sleep(0.01)
    with running_server(given) as second:
        deadline = time.monotonic() + 10
        while second.client.get("/api/jobs").json()["jobs"] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert second.client.get("/api/jobs").json() == {"jobs": []}
    assert not (tmp_path / "jobs" / id).exists()


def test_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    with running_server(local_settings(tmp_path / "data")) as given:
        given.done()
    for path in (tmp_path / "data").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0 or path.name == "jobs", path
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_the_error_of_an_edit_has_a_remedy(server: RunningServer) -> None:
    """It names the members, or gives an example."""
    id = server.done()
    revision = server.client.get(f"/api/jobs/{id}/transcript").json()["revision"]
    for edit, remedy in (
        ({"kind": "replace", "from": 1}, "Its members are start, end, text, speaker"),
        ({"kind": "renam"}, "Kinds: rename"),
        ("rename", '"edit": {"kind": "rename"'),
    ):
        answer = server.client.post(f"/api/jobs/{id}/edits", json={"revision": revision, "edit": edit})
        assert answer.status_code == 400 and remedy in answer.json()["error"]["remedy"]
