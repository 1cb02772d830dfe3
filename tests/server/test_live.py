"""Live sessions over WebSockets: events, reconnection, several people on one model, and the transcript at the end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.asr import AsrSettings
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.live import LiveRecogniser, LiveSettings, LiveTranscript, Parts, read_events
from meetscribe.live.protocols import SpeakerTracker
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS
from meetscribe.testing.scripted_engine import ScriptedEngine
from tests.server.running import RunningServer, local_settings, running_server

connect = pytest.importorskip("websockets.sync.client").connect

MEETING = synthetic_meeting(speakers=2, turns=6, seed=4)
AUDIO: npt.NDArray[np.float32] = MEETING.audio().samples[:]
PCM = np.round(AUDIO * 32_767).astype("<i2").tobytes()
BLOCK = 2 * SAMPLE_RATE // 2  # bytes of half a second
TEXTS = [word.text for word in MEETING.transcript.words]


class FakeModels:
    """A recogniser that knows the words of the meeting, in any part of its audio as 16-bit samples."""

    def __init__(self) -> None:
        samples: npt.NDArray[np.float32] = np.frombuffer(PCM, "<i2").astype(np.float32) / np.float32(32_768)
        audio = Audio(samples, "meeting", "sha256:0")
        engine = ScriptedEngine(audio, MEETING.transcript.words, word_times=True)
        self._recogniser = LiveRecogniser(engine, AsrSettings(language="en"))

    def recogniser(self) -> LiveRecogniser:
        return self._recogniser

    def tracker(self, recorder: FolderRecorder) -> SpeakerTracker | None:
        return None

    def session_settings(self) -> tuple[LiveSettings, Parts | None]:
        return LiveSettings(), FAKE_PARTS


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    given = local_settings(tmp_path_factory.mktemp("live"), max_live=4)
    with running_server(given, models=FakeModels()) as found:
        yield found


class Client:
    """A client of `WS /live` that keeps the events it receives."""

    def __init__(self, server: RunningServer, **hello: Any) -> None:
        self.socket = connect(server.url.replace("http", "ws") + "/live", legacy=True)
        self.events: list[str] = []
        self.send(type="hello", version=1, **hello)
        self.ready = self.receive()

    def send(self, **members: Any) -> None:
        self.socket.send(json.dumps(members))

    def receive(self, timeout: float = 20) -> dict[str, Any]:
        """Return the next message; events are kept."""
        text = self.socket.recv(timeout)
        members: dict[str, Any] = json.loads(text)
        if members["type"] == "event":
            del members["type"]
            self.events.append(json.dumps(members))
            members["type"] = "event"
        return members

    def until(self, kind: str) -> dict[str, Any]:
        """Return the next message of this type."""
        while (message := self.receive())["type"] != kind:
            pass
        return message

    def feed(self, data: bytes) -> None:
        for start in range(0, len(data), BLOCK):
            self.socket.send(data[start : start + BLOCK])

    def finish(self) -> str:
        """Stop, and return the id of the job after the last event."""
        self.send(type="stop")
        return str(self.until("stopped")["job"])

    @property
    def texts(self) -> list[str]:
        return [word.text for word in LiveTranscript().apply_all(read_events(self.events)).words]


def test_all_words_arrive_and_become_a_job(live_server: RunningServer) -> None:
    """The live transcript can be read at once; then the pipeline runs over the recording."""
    client = Client(live_server, name="Weekly", options={"language": "en"})
    client.feed(PCM)
    job = client.finish()
    assert client.texts == TEXTS
    assert live_server.client.get(f"/api/jobs/{job}/transcript").status_code == 200
    found = live_server.wait(job)
    assert (found["state"], found["name"]) == ("done", "Weekly")


def test_a_cancelled_session_stays_cancelled(live_server: RunningServer) -> None:
    """The live transcript can be read; the pipeline does not run."""
    client = Client(live_server, options={"language": "en"})
    client.feed(PCM[:BLOCK])
    live_server.client.post(f"/api/jobs/{client.ready['session']}/cancel")
    job = client.finish()
    assert live_server.client.get(f"/api/jobs/{job}").json()["state"] == "cancelled"
    assert live_server.client.get(f"/api/jobs/{job}/transcript").status_code == 200


def test_a_lost_connection_loses_nothing(live_server: RunningServer) -> None:
    """The client continues with the session: events are replayed, ids stay, and audio is sent again from the ack."""
    client = Client(live_server)
    client.feed(PCM[: len(PCM) // 2])
    client.until("ack")
    client.socket.close()
    last = max((json.loads(line)["seq"] for line in client.events), default=0)
    again = Client(live_server, session=client.ready["session"], last_seq=last)
    received = again.ready["audio_received_s"]
    again.feed(PCM[round(received * SAMPLE_RATE) * 2 :])
    again.finish()
    again.events = client.events + again.events
    assert again.texts == TEXTS
    seqs = [json.loads(line)["seq"] for line in again.events]
    assert seqs == sorted(seqs)


def test_a_container_is_sent_again_from_its_start(live_server: RunningServer, webm: bytes) -> None:
    """A MediaRecorder cannot start again without a gap; what the session has received is left out."""
    audio = {"codec": "webm", "start": 0}
    client = Client(live_server, audio=audio)
    client.feed(webm[: len(webm) // 2])
    client.until("ack")
    client.socket.close()
    late = Client(live_server, session=client.ready["session"], last_seq=0, audio={"codec": "webm", "start": 999})
    assert "999 s" in late.ready["message"]
    again = Client(live_server, session=client.ready["session"], last_seq=0, audio=audio)
    assert again.ready["audio_received_s"] > 0
    again.feed(webm)
    job = again.finish()
    assert again.texts == TEXTS
    sound = live_server.client.get(f"/api/jobs/{job}/audio").content
    assert len(sound) - 44 == len(PCM)


def test_sessions_do_not_mix(live_server: RunningServer) -> None:
    """Four sessions share one model; a fifth is refused, with a remedy."""
    clients = [Client(live_server, name=f"room {number}") for number in range(4)]
    fifth = Client(live_server)
    assert fifth.ready["type"] == "error" and fifth.ready["remedy"]
    shares = [PCM[: len(PCM) * part // 4 // 2 * 2] for part in (1, 2, 3, 4)]
    for start in range(0, len(PCM), BLOCK):
        for client, share in zip(clients, shares, strict=True):
            if start < len(share):
                client.socket.send(share[start : start + BLOCK])
    for client, share in zip(clients, shares, strict=True):
        job = client.finish()
        end = len(share) / 2 / SAMPLE_RATE
        whole = [word.text for word in MEETING.transcript.words if word.end <= end]
        assert client.texts[: len(whole)] == whole and len(client.texts) <= len(whole) + 1
        live_server.client.delete(f"/api/jobs/{job}")


def test_pause_names_and_marks(live_server: RunningServer) -> None:
    client = Client(live_server)
    client.feed(PCM[:BLOCK])
    client.send(type="ping")
    client.until("pong")
    client.send(type="rename", label="SPEAKER_00", name="Anna <b>")
    client.send(type="mark", text="important")
    client.send(type="pause")
    client.feed(PCM[BLOCK : 3 * BLOCK])
    client.send(type="resume")
    client.feed(PCM[BLOCK:])
    client.finish()
    kinds = [json.loads(line) for line in client.events]
    assert {"SPEAKER_00": "Anna <b>"} in [event.get("names") for event in kinds]
    assert "important" in [event.get("text") for event in kinds if event["kind"] == "mark"]
    states = [event["state"] for event in kinds if event["kind"] == "state"]
    assert states[:5] == ["recording", "paused", "recording", "stopping", "live-final"]
    assert client.texts == TEXTS


@pytest.mark.parametrize("first", ["{", "[]", '{"type": "hello"}', '{"type": "hello", "version": 1, "session": "no"}'])
def test_invalid_greetings_are_explained(live_server: RunningServer, first: str) -> None:
    with connect(live_server.url.replace("http", "ws") + "/live") as socket:
        socket.send(first)
        answer = json.loads(socket.recv(10))
    assert answer["type"] == "error" and answer["code"] and answer["message"]


def test_unknown_messages_end_the_connection_only(live_server: RunningServer) -> None:
    client = Client(live_server)
    client.feed(PCM[:BLOCK])
    client.send(type="explode")
    assert client.until("error")["code"] == "message"
    again = Client(live_server, session=client.ready["session"], last_seq=0)
    assert again.ready["type"] == "ready"
    again.finish()


def test_other_pages_cannot_listen(live_server: RunningServer) -> None:
    """A WebSocket has no same-origin policy; its Origin is checked before it opens."""
    with pytest.raises(Exception, match="403"):
        connect(live_server.url.replace("http", "ws") + "/live", origin="http://evil.example")


@pytest.mark.parametrize("path", ["/live", "/asr", "/v1/listen"])
def test_a_session_above_the_limit_is_explained(path: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The client may try again later, and the log names the setting."""
    caplog.set_level("INFO", "meetscribe.server")
    with (
        running_server(local_settings(tmp_path, max_live=0), models=FakeModels()) as server,
        connect(server.url.replace("http", "ws") + path) as socket,
    ):
        if path == "/live":
            socket.send(json.dumps({"type": "hello", "version": 1}))
        assert "too many live sessions" in socket.recv(10)
        with pytest.raises(Exception, match="1013.*busy"):
            socket.recv(10)
    assert "live session refused: server.max_live is 0" in caplog.messages


def test_an_abandoned_session_is_finished(tmp_path: Path) -> None:
    """And one that the server interrupts is transcribed by the next server."""
    given = local_settings(tmp_path, live_grace=0.5)  # shorter, and a session could end before its client is attached
    with running_server(given, models=FakeModels()) as first:
        client = Client(first)
        client.feed(PCM)
        client.until("ack")
        client.socket.close()
        assert first.wait(client.ready["session"])["state"] == "done"
        other = Client(first)
        other.feed(PCM)
        other.until("ack")
    with running_server(given, models=FakeModels()) as second:
        assert second.wait(other.ready["session"])["state"] == "done"


class LoadingModels(FakeModels):
    """Models that are loaded until a test allows them to be ready."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.ready = threading.Event(), threading.Event()

    def recogniser(self) -> LiveRecogniser:
        self.asked.set()
        self.ready.wait(20)
        return super().recogniser()


def test_a_client_that_leaves_while_models_load_leaves_no_session(tmp_path: Path) -> None:
    """It does not know the id of its session, and so connects again with a new one."""
    models = LoadingModels()
    with running_server(local_settings(tmp_path), models=models) as server:
        with connect(server.url.replace("http", "ws") + "/live") as socket:
            socket.send(json.dumps({"type": "hello", "version": 1}))
            assert models.asked.wait(20)
        models.ready.set()
        again = Client(server)
        deadline = time.monotonic() + 20
        while [job["id"] for job in server.client.get("/api/jobs").json()["jobs"]] != [again.ready["session"]]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        again.finish()


def test_a_session_without_audio_leaves_nothing(live_server: RunningServer) -> None:
    client = Client(live_server, name="silence")
    job = client.finish()
    assert live_server.client.get(f"/api/jobs/{job}").status_code == 404


def test_odd_messages_lose_no_byte(live_server: RunningServer) -> None:
    """A sample may be divided between two messages."""
    client = Client(live_server)
    for start in range(0, len(PCM), 7777):
        client.socket.send(PCM[start : start + 7777])
    client.finish()
    assert client.texts == TEXTS


def test_an_unknown_codec_is_explained(live_server: RunningServer) -> None:
    """And bytes that are no audio end the connection with an error."""
    assert "webm" in Client(live_server, audio={"codec": "amr"}).ready["remedy"]
    assert Client(live_server, audio={"bits": 3}).ready["code"] == "message"
    client = Client(live_server, audio={"codec": "webm"})
    client.socket.send(bytes(5000))
    client.send(type="stop")
    assert client.until("stopped")
