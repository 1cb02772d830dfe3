"""Routes of the server's state: health, metrics, the initial data of the page, and login."""

from __future__ import annotations

import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meetscribe.errors import JSON
from meetscribe.formats import FORMATS
from meetscribe.runtime.packages import versions
from meetscribe.server.body import read_json
from meetscribe.server.jobs.values import STATES
from meetscribe.server.responses import RequestError, json_response
from meetscribe.server.security import COOKIE
from meetscribe.server.state import ServerState, state_of

_COOKIE_SECONDS = 30 * 86_400


async def check_health(request: Request) -> Response:
    """Answer with the number of waiting jobs and the live sessions; 503 if a thread that runs jobs has died.

    `oldest` is the age of the oldest waiting job, and `received` the audio that a session has received, in seconds.
    `text_age` is the time in seconds since the last text during speech; it grows if a model hangs.
    """
    state = state_of(request)
    waiting = await run_in_threadpool(state.queue.store.in_state, "queued")
    age = time.time() - waiting[0].created if waiting else 0.0
    sessions: list[JSON] = [
        {"id": one.id, "text_age": one.text_age, "received": one.received} for one in state.live.all()
    ]
    is_working = state.queue.is_working
    members: dict[str, JSON] = {"status": "ok" if is_working else "stopped", "queued": len(waiting), "oldest": age}
    members["live"] = sessions
    return json_response(members, 200 if is_working else 503)


async def show_metrics(request: Request) -> Response:
    """Answer with the metrics in the text format of Prometheus."""
    text = await run_in_threadpool(_metrics, state_of(request))
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _metrics(state: ServerState) -> str:
    queue = state.queue
    runs: dict[str, object] = {
        f'_sum{{state="{name}"}}': f"{seconds:.1f}" for name, seconds in sorted(queue.run_seconds.items())
    }
    runs |= {f'_count{{state="{name}"}}': count for name, count in sorted(queue.runs.items())}
    requests = {
        f'{{method="{method}",status="{status}"}}': count for (method, status), count in sorted(state.counters.items())
    }
    return "".join(
        (
            _metric("jobs", "gauge", "Jobs by state.", {f'{{state="{n}"}}': queue.store.count(n) for n in STATES}),
            _metric("job_seconds", "summary", "Time that jobs took to run, by the state in which they ended.", runs),
            _metric("requests_total", "counter", "Requests by method and status.", requests),
            _metric("uptime_seconds", "gauge", "Time since the start.", {"": f"{time.time() - state.started:.1f}"}),
        )
    )


def _metric(name: str, type: str, help: str, samples: Mapping[str, object]) -> str:
    """Return a metric in the text format; `samples` holds its values by suffix and labels."""
    lines = [f"# HELP meetscribe_{name} {help}", f"# TYPE meetscribe_{name} {type}"]
    lines += [f"meetscribe_{name}{labels} {value}" for labels, value in samples.items()]
    return "\n".join(lines) + "\n"


async def show_features(request: Request) -> Response:
    """Answer with the models, formats, limits and features for the page."""
    state = state_of(request)
    formats: list[JSON] = [
        {"name": name, "suffix": row.suffixes[0], "text": row.carries} for name, row in FORMATS.items() if row.writes
    ]
    return json_response(
        {
            "version": versions().get("meetscribe"),
            "models": [*state.models],
            "formats": formats,
            "max_upload": state.max_upload,
            "has_inputs": bool(state.files.inputs),
            "has_token": bool(state.access.token),
            "has_live": state.server.max_live > 0,
            "keep_days": state.server.keep_days,
        }
    )


async def log_in(request: Request) -> Response:
    """Exchange the token for a cookie that scripts cannot read; raises RequestError for a wrong token."""
    state = state_of(request)
    token = (await read_json(request)).get("token")
    if state.access.token and not (isinstance(token, str) and state.access.is_token(token)):
        raise RequestError(401, "token", "this is not the token of the server", "Ask the operator for it.")
    response = json_response({"ok": True})
    response.set_cookie(
        COOKIE,
        state.access.cookie,
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


ROUTES = [
    Route("/healthz", check_health, methods=["GET"]),
    Route("/metrics", show_metrics, methods=["GET"]),
    Route("/api/session", show_features, methods=["GET"]),
    Route("/api/login", log_in, methods=["POST"]),
]
