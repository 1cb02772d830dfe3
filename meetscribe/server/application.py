"""The application: its state, its routes and the order of its middleware."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meetscribe.corpus.executors import Executor, ProcessExecutor
from meetscribe.errors import MeetscribeError
from meetscribe.server.api import jobs, mcp, media, openai, status, transcripts, uploads
from meetscribe.server.api import live as live_api
from meetscribe.server.jobs.files import ServerFiles
from meetscribe.server.jobs.queue import JobQueue, clean_up
from meetscribe.server.jobs.store import JobStore
from meetscribe.server.jobs.worker import JobWorkerFactory
from meetscribe.server.live.models import LiveModels, LoadedLiveModels
from meetscribe.server.live.sessions import LiveSessions
from meetscribe.server.logs import REFUSED_STATUSES, logger
from meetscribe.server.responses import (
    RequestError,
    on_http_error,
    on_meetscribe_error,
    on_request_error,
    on_unexpected_error,
)
from meetscribe.server.security import RESPONSE_STARTS, Access, Guard
from meetscribe.server.settings import DAY, ServerSettings
from meetscribe.server.state import ServerState
from meetscribe.settings import Settings

PAGE = Path(__file__).with_name("page")
_CLEAN_UP_INTERVAL = 600.0  # seconds
_ABANDONED_CHECK_INTERVAL = 5.0  # seconds


def create_app(
    server: ServerSettings,
    settings: Settings,
    executor: Callable[[], Executor] | None = None,
    models: LiveModels | None = None,
) -> Starlette:
    """Return the application, an ASGI callable.

    `executor` creates an executor for each parallel job, by default a worker process; `models` are the models of live
    sessions. Raises OutputError and InputError for unusable folders.
    """
    files = ServerFiles.of(server)
    create_executor = executor or partial(ProcessExecutor, JobWorkerFactory(settings))
    queue = JobQueue(JobStore(files.database), files, create_executor, parallel=server.jobs, limit=server.max_jobs)
    access = Access.of(server)
    models = models or LoadedLiveModels(settings)
    live = LiveSessions(queue, models, settings.audio, limit=server.max_live, grace=server.live_grace)
    state = ServerState(server, settings, files, queue, access, live)
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(_Counter, state=state), Middleware(Guard, access=access)],
        exception_handlers={
            RequestError: on_request_error,
            MeetscribeError: on_meetscribe_error,
            HTTPException: on_http_error,
            Exception: on_unexpected_error,
        },
        lifespan=partial(_lifespan, state),
    )
    app.state.server = state
    return app


def _routes() -> list[BaseRoute]:
    """Return all routes."""
    modules = (live_api, jobs, uploads, transcripts, media, openai, status, mcp)
    return [
        *(route for module in modules for route in module.ROUTES),
        Route("/", _show_page, methods=["GET"]),
        Mount("/page", StaticFiles(directory=PAGE), name="page"),
    ]


async def _show_page(request: Request) -> Response:
    """Answer with the web page."""
    return FileResponse(PAGE / "index.html", media_type="text/html")


@asynccontextmanager
async def _lifespan(state: ServerState, app: Starlette) -> AsyncIterator[None]:
    """Run the job queue and the periodic tasks while the server runs."""
    await run_in_threadpool(state.queue.start)
    tasks = [asyncio.create_task(_clean(state)), asyncio.create_task(_end_abandoned(state))]
    try:
        yield
    finally:
        logger.info("the server is stopping; running jobs continue with the next start")
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await run_in_threadpool(state.live.close)
        await run_in_threadpool(state.queue.close)
        state.queue.store.close()
        logger.info("the server has ended")


async def _clean(state: ServerState) -> None:
    """Delete old jobs and abandoned uploads periodically."""
    while True:
        await run_in_threadpool(clean_up, state.queue, state.server.keep_days * DAY, state.server.upload_hours * 3600)
        await asyncio.sleep(_CLEAN_UP_INTERVAL)


async def _end_abandoned(state: ServerState) -> None:
    """End abandoned live sessions periodically."""
    while True:
        await asyncio.sleep(_ABANDONED_CHECK_INTERVAL)
        await run_in_threadpool(state.live.end_abandoned)


class _Counter:
    """ASGI middleware that counts requests by method and status, and logs refused requests."""

    def __init__(self, app: ASGIApp, state: ServerState) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def count(message: Message) -> None:
            if message["type"] in RESPONSE_STARTS:
                method = scope.get("method", "WebSocket")
                self._state.counters[method, message["status"]] += 1
                if message["status"] in REFUSED_STATUSES:
                    logger.info("%s of %s refused with status %d", method, _client(scope), message["status"])
            await send(message)

        await self._app(scope, receive, send if scope["type"] == "lifespan" else count)


def _client(scope: Scope) -> str:
    """Return the address of a client, without its port."""
    client = scope.get("client")
    return str(client[0]) if client else "an unknown address"
