"""Kills of a server right after it acknowledged something, and what the next server on its folder lacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from meetscribe.audio import SAMPLE_RATE
from tests.server.load.child import child_server
from tests.server.running import RunningServer
from tests.server.test_live import BLOCK, PCM

WAV_HEADER, SAMPLE = 44, 2  # bytes


class Acknowledged:
    """What servers have acknowledged: uploads, names given to speakers, and seconds of live audio, by job."""

    def __init__(self) -> None:
        self.uploads: list[str] = []
        self.names: dict[str, str] = {}
        self.seconds: dict[str, float] = {}

    def add(self, server: RunningServer, number: int, kill: Callable[[], None]) -> None:
        """Record live audio, rename a speaker and upload; then kill the server at once."""
        with connect(server.url.replace("http", "ws") + "/live", legacy=True) as socket:
            socket.send(json.dumps({"type": "hello", "version": 1}))
            session = json.loads(socket.recv(20))["session"]
            self._rename(server, f"Anna {number}")
            for start in range(0, 6 * BLOCK, BLOCK):
                socket.send(PCM[start : start + BLOCK])
            while (message := json.loads(socket.recv(20)))["type"] != "ack":
                pass
            self.seconds[session] = message["audio_s"]
            self.uploads += [server.post(f"upload {number} {part}".encode()) for part in range(3)]
            kill()

    def _rename(self, server: RunningServer, name: str) -> None:
        job = server.done(name.encode())
        view = server.client.get(f"/api/jobs/{job}/transcript").json()
        edit = {"kind": "rename", "names": {view["speakers"][0]: name}}
        answer = server.client.post(f"/api/jobs/{job}/edits", json={"revision": view["revision"], "edit": edit})
        assert answer.status_code == 200, answer.text
        self.names[job] = name

    def lost(self, server: RunningServer) -> list[str]:
        """Return a line for each thing that a later server does not have; wait until the uploads are processed."""
        lost = []
        for id in self.uploads:
            answer = server.client.get(f"/api/jobs/{id}")
            if answer.status_code != 200 or server.wait(id)["state"] != "done":
                lost.append(f"upload {id}: {answer.text}")
        for id, name in self.names.items():
            if name not in server.client.get(f"/api/jobs/{id}/transcript").text:
                lost.append(f"name {name} in {id}")
        for id, seconds in self.seconds.items():
            size = len(server.client.get(f"/api/jobs/{id}/audio").content) - WAV_HEADER
            if (found := size / SAMPLE / SAMPLE_RATE) < seconds:
                lost.append(f"live audio {id}: {found:.2f} of {seconds:.2f} s")
        return lost


def kill_servers(folder: Path, count: int) -> tuple[Acknowledged, list[str]]:
    """Kill `count` servers on one folder, one after the other; return what was acknowledged, and what is lost."""
    known = Acknowledged()
    for number in range(count):
        with child_server(folder) as (process, server), suppress(WebSocketException):  # the kill cuts the connection
            known.add(server, number, process.kill)
    with child_server(folder) as (_, server):
        return known, known.lost(server)
