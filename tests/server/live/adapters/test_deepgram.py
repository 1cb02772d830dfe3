"""The protocol of Deepgram, checked with its own client."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.server.running import RunningServer
from tests.server.test_live import BLOCK, PCM, TEXTS

deepgram = pytest.importorskip("deepgram", reason="pip install deepgram-sdk")
environment = pytest.importorskip("deepgram.environment")
connect = pytest.importorskip("websockets.sync.client").connect


def talk(server: RunningServer, audio: bytes, *, flush: bool = False, **query: str) -> list[Any]:
    """Send audio by Deepgram's client, and return the messages it receives until the server closes."""
    address = server.url.replace("http", "ws")
    place = environment.DeepgramClientEnvironment(
        base=server.url, production=address, agent=address, agent_rest=server.url
    )
    client = deepgram.DeepgramClient(api_key="secret", environment=place)
    messages: list[Any] = []
    with client.listen.v1.connect(model="nova-3", **query) as connection:
        connection.on(deepgram.core.events.EventType.MESSAGE, messages.append)
        listening = threading.Thread(target=connection.start_listening)
        listening.start()
        for start in range(0, len(audio), BLOCK):
            connection.send_media(audio[start : start + BLOCK])
        connection.send_keep_alive()
        if flush:
            connection.send_finalize()
        connection.send_close_stream()
        listening.join(20)
        assert not listening.is_alive()
    return messages


def test_all_words_arrive(live_server: RunningServer) -> None:
    """Final results have all words with times; the metadata comes last."""
    messages = talk(
        live_server, PCM, language="en-US", encoding="linear16", sample_rate="16000", vad_events="true",
        interim_results="true", utterance_end_ms="1000", diarize="true",
    )  # fmt: skip
    *_, last = messages
    results = [one for one in messages if one.type == "Results"]
    final = [one for one in results if one.is_final]
    words = [word for one in final for word in one.channel.alternatives[0].words]
    assert [word.punctuated_word for word in words] == TEXTS
    assert all(before.start <= after.start for before, after in zip(words, words[1:], strict=False))
    assert any(not one.is_final for one in results) and final[-1].speech_final
    kinds = [one.type for one in messages]
    assert kinds.index("SpeechStarted") < kinds.index("Results")
    assert kinds.count("UtteranceEnd") == kinds.count("SpeechStarted") > 1
    assert last.type == "Metadata" and last.duration == pytest.approx(len(PCM) / 32_000)


def test_a_container_is_decoded(live_server: RunningServer, webm: bytes) -> None:
    """Without the parameters for them, neither pending results nor events of speech are sent."""
    messages = talk(live_server, webm)
    texts = [one.channel.alternatives[0].transcript for one in messages if one.type == "Results"]
    assert " ".join(text for text in texts if text).split() == " ".join(TEXTS).split()
    assert {one.type for one in messages} == {"Results", "Metadata"}
    assert all(one.is_final for one in messages if one.type == "Results")


def test_finalize_loses_nothing(live_server: RunningServer) -> None:
    """All words arrive once, whether they were pending or committed before."""
    messages = talk(live_server, PCM, flush=True, encoding="linear16")
    words = [word for one in messages if one.type == "Results" for word in one.channel.alternatives[0].words]
    assert [word.punctuated_word for word in words] == TEXTS


@pytest.mark.parametrize("query", ["encoding=mulaw", "sample_rate=many", "channels=99", "language=nowhere"])
def test_what_is_not_supported_is_explained(live_server: RunningServer, query: str) -> None:
    headers = {"Authorization": "Token secret"}
    address = live_server.url.replace("http", "ws") + f"/v1/listen?{query}"
    with connect(address, additional_headers=headers) as socket:
        answer = json.loads(socket.recv(10))
    assert answer["type"] == "Error" and answer["description"]


def test_an_unknown_message_is_an_error(live_server: RunningServer) -> None:
    headers = {"Authorization": "Token secret"}
    address = live_server.url.replace("http", "ws") + "/v1/listen?encoding=linear16"
    with connect(address, additional_headers=headers) as socket:
        socket.send('{"type": "Explode"}')
        assert "Explode" in json.loads(socket.recv(10))["description"]
