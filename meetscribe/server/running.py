"""Run the server until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from meetscribe.errors import OutputError, os_reason
from meetscribe.live import LiveSettings
from meetscribe.server.application import create_app
from meetscribe.server.holding import holding_folder
from meetscribe.server.live.models import LoadedLiveModels
from meetscribe.server.settings import ServerSettings
from meetscribe.settings import Settings

MESSAGE_BYTES = 1 << 20
"""The maximum size of a WebSocket message."""

_BACKLOG = 512
_PONG_SECONDS = 60.0  # the time for a pong; the event loop may be delayed while models are loaded
_GRACE_SECONDS = 5  # the time for open requests when the server ends


def serve(
    server: ServerSettings,
    settings: Settings,
    on_ready: Callable[[str], None] = lambda address: None,
    live: LiveSettings | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `on_ready` receives the address once clients can connect.

    `live` are the settings of live sessions, by default derived from `settings`. Running jobs are
    interrupted at the end and continue with the next start. Raises OutputError if the address cannot be used, or if
    another server uses the folder.
    """
    with holding_folder(server):
        _run(create_app(server, settings, models=LoadedLiveModels(settings, live)), server, on_ready)


def _run(app: Starlette, server: ServerSettings, on_ready: Callable[[str], None]) -> None:
    """Serve an application at the address of the settings."""
    listener = _listen(server)
    name = f"[{server.host}]" if ":" in server.host else server.host
    address = f"http://{name}:{listener.getsockname()[1]}/"
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES,
        ws_ping_timeout=_PONG_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        limit_concurrency=1000,
    )
    with listener:
        on_ready(address)
        uvicorn.Server(config).run([listener])


def _listen(server: ServerSettings) -> socket.socket:
    """Return a socket that listens at the address; raises OutputError."""
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((server.host, server.port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = f"{server.host}:{server.port}: {os_reason(error)}"
        raise OutputError(reason, "Choose another port with --port, 0 for any free one.") from error
    return listener
