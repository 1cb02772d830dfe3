"""The shared state of request handlers: settings, files, jobs and counters."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from starlette.requests import HTTPConnection

from meetscribe.server.jobs.files import ServerFiles
from meetscribe.server.jobs.queue import JobQueue
from meetscribe.server.jobs.values import Job
from meetscribe.server.live.sessions import LiveSessions
from meetscribe.server.responses import not_found
from meetscribe.server.security import Access
from meetscribe.server.settings import MEGABYTE, ServerSettings
from meetscribe.settings import Settings


@dataclass(frozen=True, slots=True)
class ServerState:
    """The state of a running server.

    `counters` are the numbers of requests by method and status; `started` is in seconds since the epoch.
    """

    server: ServerSettings
    settings: Settings
    files: ServerFiles
    queue: JobQueue
    access: Access
    live: LiveSessions
    started: float = field(default_factory=time.time)
    counters: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def max_upload(self) -> int:
        """The maximum size of a recording in bytes."""
        return self.server.max_upload_mb * MEGABYTE

    @property
    def models(self) -> tuple[str, ...]:
        """The models that clients may choose: `default_model`, then those of `server.models` as written there."""
        return tuple(dict.fromkeys((self.default_model, *self.server.models)))

    @property
    def default_model(self) -> str:
        """The model in the settings: its name, or the name of its folder if it is a path."""
        model = self.settings.asr.model
        return Path(model).name if Path(model).exists() else model

    def job(self, id: str) -> Job:
        """Return a job; raises RequestError if it does not exist."""
        job = self.queue.store.find(id)
        if job is None:
            raise not_found("job")
        return job


def state_of(connection: HTTPConnection) -> ServerState:
    """Return the state of the server that handles a request."""
    return cast("ServerState", connection.app.state.server)
