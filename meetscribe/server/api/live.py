"""The routes of live sessions: the protocols of meetscribe, WhisperLiveKit and Deepgram."""

from __future__ import annotations

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from meetscribe.server.live.adapters.deepgram import Deepgram
from meetscribe.server.live.adapters.serving import serve
from meetscribe.server.live.adapters.whisperlivekit import WhisperLiveKit
from meetscribe.server.live.connection import Connection
from meetscribe.server.state import state_of


async def connect(socket: WebSocket) -> None:
    """Serve one connection of a live session."""
    state = state_of(socket)
    await Connection(socket, state, state.live).run()


async def connect_whisperlivekit(socket: WebSocket) -> None:
    """Serve a client of WhisperLiveKit."""
    await serve(socket, state_of(socket), WhisperLiveKit(socket.query_params))


async def connect_deepgram(socket: WebSocket) -> None:
    """Serve a client of Deepgram."""
    await serve(socket, state_of(socket), Deepgram(socket.query_params))


ROUTES = [
    WebSocketRoute("/live", connect),
    WebSocketRoute("/asr", connect_whisperlivekit),
    WebSocketRoute("/v1/listen", connect_deepgram),
]
