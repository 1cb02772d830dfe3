"""`meetscribe serve` as a process, with the models of the samples: upload, transcript, export, Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from meetscribe.cli.commands.serve import command
from meetscribe.errors import SettingsError
from tests.conftest import SAMPLES

httpx = pytest.importorskip("httpx")
pytest.importorskip("uvicorn")
soundfile = pytest.importorskip("soundfile")


def test_a_recording_is_transcribed_as_by_run(tmp_path: Path) -> None:
    """The server's export equals the file of `meetscribe run`, and Ctrl-C ends the server."""
    samples, rate = soundfile.read(SAMPLES / "standup.flac", frames=8 * 16_000)
    recording = tmp_path / "clip.wav"
    soundfile.write(recording, samples, rate)
    config = ["--config", str(SAMPLES / "offline.toml")]
    command = [sys.executable, "-m", "meetscribe", "serve", "--port", "0", "--folder", str(tmp_path / "data"), *config]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        address = re.search(r"http://\S+", server.stderr.readline())
        assert address
        with httpx.Client(base_url=address[0], timeout=30) as client:
            id = client.post("/api/jobs", files={"file": ("clip.wav", recording.read_bytes())}).json()["id"]
            deadline = time.monotonic() + 120
            while (job := client.get(f"/api/jobs/{id}").json())["state"] in ("queued", "running"):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            assert job["state"] == "done", job
            served = client.get(f"/api/jobs/{id}/export?format=srt").content
    finally:
        server.send_signal(signal.SIGINT)
        _, log = server.communicate(timeout=20)
    assert server.returncode in (0, 130)
    assert f"INFO job {id}: done after" in log and "the server has ended" in log
    run = [sys.executable, "-m", "meetscribe", "run", str(recording), "-o", str(tmp_path), "-f", "srt", *config]
    subprocess.run(run, check=True, capture_output=True)
    assert served == (tmp_path / "clip.srt").read_bytes()


@pytest.mark.long
def test_a_killed_worker_fails_its_job_only(tmp_path: Path) -> None:
    """After kill -9 the job names the signal, and the next one runs in a new process."""
    command = [sys.executable, "-m", "meetscribe", "serve", "--port", "0", "--folder", str(tmp_path), "--no-cache"]
    server = subprocess.Popen([*command, "--config", str(SAMPLES / "offline.toml")], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    content = (SAMPLES / "standup.flac").read_bytes()
    try:
        address = re.search(r"http://\S+", server.stderr.readline())
        assert address
        with httpx.Client(base_url=address[0], timeout=30) as client:

            def send(data: bytes) -> str:
                return str(client.post("/api/jobs", files={"file": ("a.flac", data)}).json()["id"])

            def wait(id: str, *states: str) -> dict[str, Any]:
                while (job := client.get(f"/api/jobs/{id}").json())["state"] in states:
                    time.sleep(0.1)
                return dict(job)

            first = send(content)
            while not (client.get(f"/api/jobs/{first}").json()["progress"] or {}).get("stage"):
                time.sleep(0.1)
            listed = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True).stdout
            for worker in listed.split():
                os.kill(int(worker), signal.SIGKILL)
            assert "SIGKILL" in wait(first, "running")["error"]["message"]
            assert wait(send(content[:200_000]), "queued", "running")["state"] == "done"
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)


def test_an_address_that_is_taken_is_explained(tmp_path: Path) -> None:
    """A port in use, or an open address without a token, is an error with a remedy."""
    command = [sys.executable, "-m", "meetscribe", "serve", "--folder", str(tmp_path), "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "server.token" in done.stderr


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("server.prot=1", "unknown setting 'server.prot': did you mean 'port'?"),
        ("server.xyz=1", "unknown setting 'server.xyz': known: host, port, token"),
        ("server.port=99999", "server.port must be between 0 and 65535"),
        ("server.token=secret", "Set the variable MEETSCRIBE_SERVER__TOKEN"),
        ("live.stepp=1", "unknown setting 'live.stepp': did you mean 'step'?"),
        ("analytics.x=1", "unknown setting 'analytics.x': the table [analytics] belongs to another command"),
    ],
)
def test_settings_that_the_server_lacks(assignment: str, expected: str, tmp_path: Path) -> None:
    """An unknown setting of [server] is answered with those of the server, not those of transcription."""
    result = CliRunner().invoke(command, ["--folder", str(tmp_path), "--set", assignment])
    message = str(result.exception) + str(getattr(result.exception, "remedy", ""))
    assert isinstance(result.exception, SettingsError)
    assert expected in message and "asr.model" not in message


def test_live_sessions_have_the_settings_of_their_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those in the file and of --set apply; the others follow from those of the pipeline.

    A token in a file that everyone can read is a warning.
    """
    from meetscribe.server import running
    from meetscribe.server.live.models import LiveModels

    config = tmp_path / "meetscribe.toml"
    text = "[live]\nstep = 3.0\n[vad]\nmax_chunk = 8.0\n[server]\ntoken = 'secret'\n"
    config.write_text(text, encoding="utf-8")
    config.chmod(0o644)
    given: list[LiveModels] = []

    def create(*settings: Any, models: LiveModels) -> None:
        given.append(models)
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "create_app", create)
    arguments = ["--folder", str(tmp_path), "--config", str(config), "--set", "live.threshold=0.6"]
    printed = CliRunner().invoke(command, arguments).stderr
    settings, _ = given[0].session_settings()
    assert (settings.step, settings.threshold, settings.max_window) == (3.0, 0.6, 8.0)
    assert "can read the token" in printed and f"chmod 600 {config}" in printed and "secret" not in printed
