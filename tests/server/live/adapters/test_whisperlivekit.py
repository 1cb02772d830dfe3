"""The protocol of WhisperLiveKit: a client as its documentation describes it receives all words, in both modes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meetscribe.live import events as drafts
from meetscribe.server.live.adapters.whisperlivekit import WhisperLiveKit
from meetscribe.transcript import Word
from tests.server.running import RunningServer
from tests.server.test_live import BLOCK, PCM, TEXTS

connect = pytest.importorskip("websockets.sync.client").connect


def address(server: RunningServer, **query: str) -> str:
    given = "&".join(f"{name}={value}" for name, value in {"token": "secret", **query}.items())
    return server.url.replace("http", "ws") + f"/asr?{given}"


def talk(server: RunningServer, audio: bytes, **query: str) -> list[dict[str, Any]]:
    """Send audio and the empty message, and return all messages until `ready_to_stop`."""
    messages = []
    with connect(address(server, **query), legacy=True) as socket:
        for start in range(0, len(audio), BLOCK):
            socket.send(audio[start : start + BLOCK])
        socket.send(b"")
        while True:
            messages.append(json.loads(socket.recv(20)))
            if messages[-1].get("type") == "ready_to_stop":
                return messages


def rebuilt(message: dict[str, Any], lines: list[Any]) -> None:
    """Apply a snapshot or a diff, as WhisperLiveKit's documentation prescribes it."""
    if message["type"] == "snapshot":
        lines[:] = message["lines"]
        return
    del lines[: message.get("lines_pruned", 0)]
    lines.extend(message.get("new_lines", []))
    assert len(lines) == message["n_lines"]


def spoken(lines: list[Any]) -> list[str]:
    return " ".join(line["text"] for line in lines if line["speaker"] != -2).split()


def test_full_mode(live_server: RunningServer) -> None:
    """The first message is the configuration; each update has all lines; `ready_to_stop` is last."""
    first, *updates, last = talk(live_server, PCM, language="en")
    assert first == {"type": "config", "useAudioWorklet": False, "mode": "full"}
    assert last == {"type": "ready_to_stop"}
    lines = updates[-1]["lines"]
    assert spoken(lines) == " ".join(TEXTS).split()
    assert all(line["start"].startswith("0:00:") and line["speaker"] in (1, -2) for line in lines)
    assert updates[-1]["buffer_transcription"] == ""


def test_diff_mode_gives_the_same_lines(live_server: RunningServer) -> None:
    lines: list[Any] = []
    messages = talk(live_server, PCM, mode="diff")
    for message in messages[1:-1]:
        rebuilt(message, lines)
    assert spoken(lines) == " ".join(TEXTS).split()
    assert [one["seq"] for one in messages[1:-1]] == [*range(1, len(messages) - 1)]


def test_a_container_is_decoded(live_server: RunningServer, webm: bytes) -> None:
    *_, update, _ = talk(live_server, webm)
    assert spoken(update["lines"]) == " ".join(TEXTS).split()


@pytest.mark.parametrize(("query", "reason"), [({"mode": "other"}, "mode"), ({"language": "nowhere"}, "language")])
def test_invalid_parameters_are_explained(live_server: RunningServer, query: dict[str, str], reason: str) -> None:
    with connect(address(live_server, **query)) as socket:
        assert reason in json.loads(socket.recv(10))["error"]
        with pytest.raises(Exception, match="4400"):
            socket.recv(10)


def test_the_token_is_required(live_server: RunningServer) -> None:
    with pytest.raises(Exception, match="401"):
        connect(address(live_server, token="guess"))


def test_another_speaker_of_earlier_lines_is_a_snapshot() -> None:
    """A client in the mode diff can only add lines. Speakers are counted in order of appearance."""
    dialect = WhisperLiveKit({"mode": "diff"})
    words = [Word("Hello", 0.0, 0.5), Word("there", 8.0, 8.5)]
    commits = [drafts.commit(f"s{n}", 0, [word], closed=True).published(n, 1.0) for n, word in enumerate(words, 1)]
    first = dialect.translate(commits[:1])[0]
    second = dialect.translate(commits[1:])[0]
    revisions = [drafts.revise_speaker(f"s{n}", 1, 0, 0, f"person {n}").published(n + 2, 9.0) for n in (1, 2)]
    third = dialect.translate(revisions)[0]
    assert first["type"] == "snapshot" and second["type"] == "diff" and third["type"] == "snapshot"
    assert second["new_lines"] == [
        {"speaker": -2, "text": None, "start": "0:00:00.50", "end": "0:00:08.00"},
        {"speaker": 1, "text": "there", "start": "0:00:08.00", "end": "0:00:08.50"},
    ]
    assert [line["speaker"] for line in third["lines"]] == [1, -2, 2]  # type: ignore[index, union-attr, call-overload]
