"""`meetscribe live`: files, standard input and TCP become lines, files and a recording; Ctrl-C loses nothing."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner, Result

from meetscribe import formats
from meetscribe.audio import load_audio
from meetscribe.cli.application import application
from meetscribe.live import Event, LiveTranscript
from tests.support.microphones import write_wav
from tests.support.readmes import SAMPLES

Call = Callable[..., Result]
CONFIG = ("--config", str(SAMPLES / "offline.toml"), "--offline")
QUICK = (*CONFIG, "--no-refine", "--no-diarize", "--no-align")
TEXT = "next the subscription the full checklist is quickly"


@pytest.fixture(scope="module")
def samples() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the first sentences of the stand-up."""
    return load_audio(SAMPLES / "standup.flac").samples[: 7 * 16_000]


@pytest.fixture
def talk(place: Path, samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Path:
    write_wav(place / "talk.wav", samples)
    return place / "talk.wav"


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_a_file_as_fast_as_possible(call: Call, talk: Path, place: Path) -> None:
    """Lines are printed on stdout; the files and the folder are named after the recording and the time."""
    done = call("live", "talk.wav", "--speed", "0", "-o", "out", "-f", "json,srt", *QUICK)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("[0:00:0")
    assert plain(formats.load(next((place / "out").glob("talk-*.json"))).text).startswith(TEXT)
    assert len(list((place / "out").glob("talk-*.srt"))) == 1
    (folder,) = (path for path in (place / "out").iterdir() if path.is_dir())
    assert load_audio(folder).duration == pytest.approx(7.0, abs=0.1)


def test_events_as_json_from_standard_input(place: Path, samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    """Raw PCM is read; every line is an event, and together they are the transcript."""
    raw = np.round(samples * 32_767).astype("<i2").tobytes()
    done = CliRunner().invoke(application, ["live", "-", "--json", "--no-record", *QUICK], input=raw)
    assert done.exit_code == 0, done.output
    events = [Event.from_json(json.loads(line)) for line in done.stdout.splitlines()]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    live = LiveTranscript().apply_all(events)
    assert plain(" ".join(word.text for word in live.words)).startswith(TEXT)
    assert live.state == "live-final"
    assert not [path for path in place.iterdir() if path.is_dir()]


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "meetscribe", "live", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.long
def test_ctrl_c_commits_and_writes_everything(talk: Path, place: Path) -> None:
    """The first one stops; what was said until then is in the files, and the exit code is 0."""
    process = start("talk.wav", "-f", "json", *QUICK)
    assert process.stderr is not None
    while "ready" not in process.stderr.readline():
        pass
    time.sleep(5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert plain(formats.load(next(place.glob("talk-*.json"))).text).startswith("next the subscription")


@pytest.mark.long
def test_a_killed_session_can_be_resumed_and_transcribed(talk: Path, place: Path, call: Call) -> None:
    """After kill -9 the recording holds all but the last second; --resume goes on, and `run` transcribes the folder."""
    process = start("talk.wav", "-f", "json", *QUICK)
    assert process.stderr is not None
    while "ready" not in process.stderr.readline():
        pass
    time.sleep(4)
    process.kill()
    process.communicate()
    (folder,) = (path for path in place.glob("talk-*") if path.is_dir())
    recorded = load_audio(folder).duration
    assert recorded > 2.5
    done = call("live", "talk.wav", "--speed", "0", "--resume", folder.name, "-f", "json", *QUICK)
    assert done.exit_code == 0, done.output
    assert load_audio(folder).duration == pytest.approx(recorded + 7.0, abs=0.1)
    done = call("run", folder.name, "-o", "final", "-f", "json", "--no-diarize", *CONFIG)
    assert done.exit_code == 0, done.output


@pytest.mark.long
def test_a_client_of_whisper_streaming(place: Path, samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    """It sends samples and reads lines of emission, start, end and text; after it, the final transcript is made."""
    process = start("--listen", "127.0.0.1:0", "-f", "json", *CONFIG, "--no-diarize", "--no-align")
    assert process.stderr is not None
    while not (found := re.search(r"listening at 127.0.0.1:(\d+)", process.stderr.readline())):
        pass
    with socket.create_connection(("127.0.0.1", int(found[1]))) as client:
        client.sendall(np.round(samples * 32_767).astype("<i2").tobytes())
        client.shutdown(socket.SHUT_WR)
        lines = client.makefile(encoding="utf-8").read().splitlines()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert plain(" ".join(line.split(" ", 3)[3] for line in lines)).startswith(TEXT)
    (folder,) = (path for path in place.glob("client-*") if path.is_dir())
    assert f"wrote the final transcript of {folder.name}" in err
    assert json.loads((folder / "session.json").read_text())["state"] == "final"


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("talk.wav", "--listen", "127.0.0.1:0"), 2, "Give one of"),
        (("talk.wav", "--resume", "x", "--no-record"), 2, "excludes"),
        (("talk.wav", "-o", "-"), 2, "folder"),
        (("missing.wav", *QUICK), 3, "missing.wav"),
        (("--listen", "nowhere", *QUICK), 2, "address"),
    ],
)
def test_wrong_usage(call: Call, talk: Path, arguments: tuple[str, ...], code: int, reason: str) -> None:
    done = call("live", *arguments)
    assert done.exit_code == code
    assert reason in done.output


def test_the_help_explains_the_commands(call: Call) -> None:
    help = call("live", "--help").output
    assert all(word in help for word in ("rename", "Ctrl-C", "--list-microphones", "JSON Lines", "--listen"))
    assert "on stdout instead" not in help  # -o is a folder: - is refused


def test_threads_end(call: Call, talk: Path) -> None:
    """No thread of a session survives it."""
    call("live", "talk.wav", "--speed", "0", "-f", "json", *QUICK)
    names = {thread.name for thread in threading.enumerate()}
    assert names & {"live-session", "live-source", "keyboard"} == set()


def test_microphones_are_listed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a table with the default one marked, or as JSON; a missing package is named."""
    devices = [{"name": "USB Headset", "max_input_channels": 1, "default_samplerate": 16_000.0}]
    library = SimpleNamespace(
        query_devices=lambda: devices, default=SimpleNamespace(device=(0, 0)), PortAudioError=OSError
    )
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    assert call("live", "--list-microphones").stdout == "*   0  USB Headset  (1 channels, 16000 Hz)\n"
    (found,) = json.loads(call("live", "--list-microphones", "--json").stdout)
    assert found == {"number": 0, "name": "USB Headset", "channels": 1, "rate": 16_000, "default": True}
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    done = call("live", "--list-microphones")
    assert (done.exit_code, "pip install sounddevice" in done.output) == (2, True)
