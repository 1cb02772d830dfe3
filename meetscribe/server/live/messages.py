"""JSON messages over a WebSocket, with a timeout for clients that do not read them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from meetscribe.errors import JSON

SEND_SECONDS = 20.0
"""The time after which a client that does not read its messages is disconnected."""

TRY_AGAIN_LATER = 1013
"""The close code for a server that is busy or a client that is too slow, registered with IANA."""

_REASON_BYTES = 123  # the maximum size of the reason in a close message (RFC 6455, 5.5)
_ABNORMAL = 1006  # the close code for a connection without a close message
_CANCEL_INTERVAL = 0.1  # seconds


class JsonSocket:
    """Sends JSON messages one at a time; may be used by several tasks."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()

    async def send(self, members: Mapping[str, JSON]) -> None:
        """Send a message; raises WebSocketDisconnect if the client has disconnected or does not read."""
        async with self._sending:
            try:
                await asyncio.wait_for(self._socket.send_text(encoded(members)), SEND_SECONDS)
            except (TimeoutError, RuntimeError) as error:
                raise WebSocketDisconnect(_ABNORMAL, "too slow") from error

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket, if it is open; a long reason is cut."""
        short = reason.encode("utf-8", "replace")[:_REASON_BYTES].decode("utf-8", "ignore")
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            await asyncio.wait_for(self._socket.close(code, short), SEND_SECONDS)


async def end_task(task: asyncio.Task[None]) -> None:
    """Cancel a task, wait until it has ended, and ignore its result.

    Before Python 3.12, `asyncio.wait_for` can swallow a cancellation, so the task may have to be cancelled again.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CANCEL_INTERVAL)
    if not task.cancelled():
        task.exception()


def encoded(members: Mapping[str, JSON]) -> str:
    """Return a message as JSON text; lone surrogates, which UTF-8 cannot encode, are escaped."""
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
