"""The transport over standard input and output, and the protocol as the official client speaks it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from meetscribe.library import open_library
from meetscribe.meetings.mcp import Endpoint, serve_stdio
from meetscribe.meetings.mcp.stdio import MAX_BYTES
from tests.support.meetings import save_meetings

PING = b'{"jsonrpc": "2.0", "id": %d, "method": "ping"}\n'


def test_each_line_has_its_answer(tmp_path: Path) -> None:
    """Empty lines and notifications have none; a line that is too long is refused, and the next one is answered."""
    source = io.BytesIO(PING % 1 + b"\n" + b"x" * (3 * MAX_BYTES) + b"\n" + PING % 2 + b"{\n" + PING % 3)
    target = io.BytesIO()
    with open_library(tmp_path / "library.db") as library:
        serve_stdio(Endpoint(library), source, target)
    answers = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, 2, None, 3]


async def _session(environment: dict[str, str]) -> dict[str, Any]:
    """Return what the official client receives from `meetscribe library mcp`."""
    from mcp import ClientSession
    from mcp.client.stdio import StdioServerParameters, stdio_client

    command = StdioServerParameters(
        command=sys.executable, args=["-m", "meetscribe", "library", "mcp"], env=environment
    )
    async with stdio_client(command) as streams, ClientSession(*streams) as session:
        start = await session.initialize()
        tools = await session.list_tools()
        hits = await session.call_tool("search", {"query": "budget", "person": "Anna"})
        page = await session.call_tool("fetch", {"id": "111111111111"})
        wrong = await session.call_tool("fetch", {"id": "nothing"})
        return {"start": start, "tools": tools, "hits": hits, "page": page, "wrong": wrong}


def test_the_official_client_reads_the_library(tmp_path: Path) -> None:
    """Start, list of tools, search, page and an error, through the command as a client starts it."""
    pytest.importorskip("mcp", reason="the official client of the protocol is not installed")
    with open_library(tmp_path / "data" / "library.db") as library:
        assert len(list(library.add(save_meetings(tmp_path)))) == 4
    environment = {**os.environ, "MEETSCRIBE_DATA": str(tmp_path / "data")}
    found = asyncio.run(asyncio.wait_for(_session(environment), 60))

    assert found["start"].server_info.name == "meetscribe"
    assert [tool.name for tool in found["tools"].tools] == ["search", "fetch", "context", "list_meetings", "items"]
    assert all(tool.annotations.read_only_hint for tool in found["tools"].tools)
    assert [hit["text"] for hit in found["hits"].structured_content["hits"]] == [
        "The annual budget is too small, don't you think?"
    ]
    assert len(found["page"].structured_content["text"]) == 3
    assert (found["wrong"].is_error, "no meeting" in found["wrong"].content[0].text) == (True, True)
