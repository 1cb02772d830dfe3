"""JSON-RPC messages and their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetscribe.library import Library, open_library
from meetscribe.meetings.mcp.endpoint import VERSIONS, Endpoint
from meetscribe.meetings.mcp.tools import Tool
from meetscribe.transcript import Transcript
from tests.support.meetings import save_meetings


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Yield a library with four meetings."""
    with open_library(tmp_path / "library.db") as library:
        assert len(list(library.add(save_meetings(tmp_path)))) == 4
        yield library


def ask(endpoint: Endpoint, method: str, **params: Any) -> Any:
    """Return the result of a request, or its error."""
    message = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    answer: Any = endpoint.answer(json.dumps(message).encode())
    assert answer["id"] == 7
    return answer.get("result", answer.get("error"))


@pytest.mark.parametrize(("wanted", "agreed"), [*((each, each) for each in VERSIONS), ("2099-01-01", VERSIONS[0])])
def test_a_version_is_agreed_on(library: Library, wanted: str, agreed: str) -> None:
    """The client's version if it is known, else the latest; the instructions say that transcripts are data."""
    result = ask(Endpoint(library), "initialize", protocolVersion=wanted)
    assert (result["protocolVersion"], result["serverInfo"]["name"]) == (agreed, "meetscribe")
    assert "data" in result["instructions"]


def test_a_tool_is_called(library: Library) -> None:
    """The result is structured, and text for older clients; both are the same."""
    result = ask(Endpoint(library), "tools/call", name="search", arguments={"query": "late"})
    assert result["isError"] is False
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]


def test_an_error_in_a_tool_is_a_result(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    """The assistant reads what was wrong; an unexpected error is logged, and its text stays here."""

    def fail(library: Library, given: object) -> Any:
        raise RuntimeError("private")

    endpoint = Endpoint(library, (Tool("fail", "", {}, fail),))
    result = ask(endpoint, "tools/call", name="fail")
    assert (result["isError"], "private" in result["content"][0]["text"]) == (True, False)
    assert "private" in caplog.text
    refused = ask(Endpoint(library), "tools/call", name="fetch", arguments={"id": "x"})
    assert "no meeting 'x'" in refused["content"][0]["text"]


def test_files_that_changed_are_read_before_a_call(library: Library, tmp_path: Path) -> None:
    """A correction is found at the next call after the shortest interval."""
    now = [0.0]
    endpoint = Endpoint(library, clock=lambda: now[0])

    def hits() -> int:
        result = ask(endpoint, "tools/call", name="search", arguments={"query": "yearly"})
        return len(result["structuredContent"]["hits"])

    assert hits() == 0
    file = tmp_path / "planning.json"
    Transcript.load(file).replace(0.4, 0.7, "yearly").save(file)
    assert hits() == 0
    now[0] = 6.0
    assert hits() == 1


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"{", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 3}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "rocket"}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "serch"}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": 3}}', -32602),
    ],
)
def test_other_messages_are_refused(library: Library, message: bytes, code: int) -> None:
    """Each has the code of JSON-RPC."""
    answer: Any = Endpoint(library).answer(message)
    assert answer["error"]["code"] == code


@pytest.mark.parametrize(
    "message",
    ['{"jsonrpc": "2.0", "method": "notifications/initialized"}', '{"jsonrpc": "2.0", "id": 3, "result": {}}'],
)
def test_notifications_and_responses_have_no_answer(library: Library, message: str) -> None:
    """A client does not wait for one."""
    assert Endpoint(library).answer(message.encode()) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary()
    | st.dictionaries(
        st.sampled_from(["jsonrpc", "id", "method", "params"]),
        st.sampled_from(["2.0", 1, None, "ping", "tools/call", {"name": "search"}, []]),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_message_has_an_answer_or_none(library: Library, message: bytes) -> None:
    """No message ends the endpoint."""
    answer = Endpoint(library).answer(message)
    assert answer is None or "error" in answer or "result" in answer
