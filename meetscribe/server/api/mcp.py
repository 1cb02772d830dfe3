"""Read access to the library for assistants over HTTP: the streamable HTTP transport of MCP, without streaming.

It is off by default, and works on a local address only. `security.Access` refuses requests from other web pages.
"""

from __future__ import annotations

import threading
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meetscribe.library import LibrarySettings, open_library
from meetscribe.meetings.mcp import Endpoint
from meetscribe.server.body import JSON_BYTES
from meetscribe.server.responses import RequestError
from meetscribe.server.state import state_of
from meetscribe.settings.other_tables import load_table

_lock = threading.Lock()


async def answer(request: Request) -> Response:
    """Answer a message, with 202 if it needs no response; raises RequestError if the endpoint is off."""
    settings = state_of(request).server
    if not (settings.mcp and settings.is_local):
        raise RequestError(404, "mcp", "assistants have no access", "Set server.mcp, and listen on 127.0.0.1.")
    data = b""
    async for block in request.stream():
        data += block
        if len(data) > JSON_BYTES:
            raise RequestError(413, "too-large", f"the request is larger than {JSON_BYTES // 1000} kB")
    found = await run_in_threadpool(lambda: _endpoint().answer(data))
    return Response(status_code=202) if found is None else JSONResponse(found)


def _endpoint() -> Endpoint:
    """Return the endpoint of the library in the settings, opened by the first message."""
    settings = load_table("library", LibrarySettings)
    with _lock:
        return _open(settings.resolved_location, settings.semantic)


@cache
def _open(place: str, semantic: bool) -> Endpoint:
    """Return the endpoint of a library, which stays open until the server ends."""
    return Endpoint(open_library(place, semantic=semantic))


ROUTES = [Route("/mcp", answer, methods=["POST"])]
