"""The route of live sessions."""

from __future__ import annotations

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from meetscribe.server.live.connection import Connection
from meetscribe.server.state import state_of


async def connect(socket: WebSocket) -> None:
    """Serve one connection of a live session."""
    state = state_of(socket)
    await Connection(socket, state, state.live).run()


ROUTES = [WebSocketRoute("/live", connect)]
