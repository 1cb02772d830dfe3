"""Assistants over HTTP: off by default, on a local address only, and not for other pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from meetscribe.library import Library, open_library
from meetscribe.server.api import mcp
from tests.server.running import RunningServer, local_settings, running_server
from tests.support.meetings import save_meetings

SEARCH = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "search", "arguments": {"query": "late"}},
}


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Yield a server that lets assistants search a library with four meetings."""
    folder = tmp_path_factory.mktemp("mcp")
    patch = pytest.MonkeyPatch()
    patch.setenv("MEETSCRIBE_DATA", str(folder / "data"))
    with open_library() as library:
        assert len(list(library.add(save_meetings(folder)))) == 4
    with running_server(local_settings(folder, mcp=True)) as found:
        yield found
    patch.undo()


def test_a_request_is_answered(open_server: RunningServer) -> None:
    """The answer is that of the endpoint; a notification is accepted without one."""
    answer = open_server.client.post("/mcp", json=SEARCH)
    assert answer.json()["result"]["structuredContent"]["hits"][0]["meeting"]["title"] == "Planning"
    note = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert open_server.client.post("/mcp", json=note).status_code == 202
    assert open_server.client.get("/mcp").status_code == 405


def test_other_pages_and_long_messages_are_refused(open_server: RunningServer) -> None:
    """A page in the browser cannot read the library, and a message has a limit."""
    foreign = open_server.client.post("/mcp", json=SEARCH, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    assert open_server.client.post("/mcp", content=b"x" * 1_000_001).status_code == 413


def test_it_is_off_by_default(server: RunningServer) -> None:
    """Without the setting, there is no endpoint."""
    answer = server.client.post("/mcp", json=SEARCH)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "mcp")


def test_it_is_off_on_an_open_address(tmp_path: Path) -> None:
    """A server that other machines reach does not offer it, even with a token."""
    settings = local_settings(tmp_path, mcp=True, host="0.0.0.0", token="secret")
    with running_server(settings) as found:
        answer = found.client.post("/mcp", json=SEARCH, headers={"Authorization": "Bearer secret"})
    assert answer.status_code == 404


def test_the_settings_of_the_library_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_LIBRARY__LOCATION", str(tmp_path / "library.db"))
    monkeypatch.setenv("MEETSCRIBE_LIBRARY__SEMANTIC", "true")
    monkeypatch.setattr(mcp, "Endpoint", lambda library: library)
    assert isinstance(library := mcp._endpoint(), Library)
    assert library.semantic
