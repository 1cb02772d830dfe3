"""JSON messages over a WebSocket, with a limit on the time that a client may take to read them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from meetscribe.errors import JSON

SEND_SECONDS = 20.0
"""The time after which a client that does not read its messages is disconnected."""

_ABNORMAL = 1006
_AGAIN_SECONDS = 0.1


class JsonSocket:
    """Sends messages, one at a time, from any task."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()

    async def send(self, members: Mapping[str, JSON]) -> None:
        """Send a message; raises WebSocketDisconnect if the client has gone or does not read."""
        async with self._sending:
            try:
                await asyncio.wait_for(self._socket.send_text(encoded(members)), SEND_SECONDS)
            except (TimeoutError, RuntimeError) as error:
                raise WebSocketDisconnect(_ABNORMAL, "too slow") from error

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket; without effect if it is closed."""
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            await asyncio.wait_for(self._socket.close(code, reason), SEND_SECONDS)


async def end_task(task: asyncio.Task[None]) -> None:
    """Cancel a task and return when it has ended, whatever its result.

    Before Python 3.12, `asyncio.wait_for` swallows a cancellation that arrives with its result, so one may not do.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_AGAIN_SECONDS)
    if not task.cancelled():
        task.exception()


def encoded(members: Mapping[str, JSON]) -> str:
    """Return a message as text; surrogates without a partner, which UTF-8 has no bytes for, are escaped."""
    return json.dumps(members, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def parsed(text: str) -> dict[str, object]:
    """Return the JSON object of a message; raises ValueError."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("it must be an object")
    return value
