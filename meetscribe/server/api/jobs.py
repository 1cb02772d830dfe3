"""Routes of jobs: create, list, follow, cancel and delete; and the recordings in the operator's folders."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from meetscribe.errors import JSON
from meetscribe.server.api.creation import check_members, create_upload, job_options
from meetscribe.server.api.uploads import upload_form
from meetscribe.server.body import read_json
from meetscribe.server.jobs.values import ENDED, Job
from meetscribe.server.responses import json_response, server_sent_event
from meetscribe.server.state import ServerState, state_of

HEARTBEAT_SECONDS = 15.0
"""The time without events after which a stream sends a comment, so that proxies keep it open."""


async def list_jobs(request: Request) -> Response:
    """Answer with the latest jobs, the newest first."""
    state = state_of(request)
    jobs = await run_in_threadpool(state.queue.store.jobs)
    return json_response({"jobs": [_job_json(state, job) for job in jobs]})


async def create_job(request: Request) -> Response:
    """Create a job from a form with the recording, or from JSON that announces an upload or names a recording.

    JSON has `name` and `size` in bytes for an upload with `PATCH`, or a `path` from `GET /api/inputs`; and optionally
    `options`.
    """
    state = state_of(request)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return json_response(_job_json(state, await upload_form(request)), 201)
    body = await read_json(request)
    check_members(body, ("name", "size", "path", "options"))
    options = job_options(state, body.get("options", {}))
    if "path" in body:
        path = await run_in_threadpool(state.files.find_input, str(body["path"]))
        size = path.stat().st_size
        job = await run_in_threadpool(lambda: state.queue.create(path.name, options, path=path, size=size))
    else:
        job = await run_in_threadpool(create_upload, state, body.get("name"), body.get("size"), options)
    return json_response(_job_json(state, job), 201)


async def show_job(request: Request) -> Response:
    """Answer with a job and its progress."""
    state = state_of(request)
    return json_response(_job_json(state, await run_in_threadpool(state.job, request.path_params["id"])))


async def cancel_job(request: Request) -> Response:
    """Cancel a job, as `JobQueue.cancel` describes, and answer with it; it may still be running."""
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    await run_in_threadpool(state.queue.cancel, job.id)
    return json_response(_job_json(state, await run_in_threadpool(state.job, job.id)))


async def delete_job(request: Request) -> Response:
    """Delete a job with its recording and transcript."""
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    await run_in_threadpool(state.queue.delete, job.id)
    return Response(status_code=204)


async def follow_job(request: Request) -> Response:
    """Stream a job as Server-Sent Events, one for each change, until it has ended."""
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    return _stream(_follow_one(state, job.id))


async def follow_jobs(request: Request) -> Response:
    """Stream the changes of all jobs as Server-Sent Events."""
    return _stream(_follow_all(state_of(request)))


async def list_inputs(request: Request) -> Response:
    """Answer with the recordings in the folders of the operator."""
    return json_response({"inputs": [*await run_in_threadpool(state_of(request).files.list_inputs)]})


async def _follow_one(state: ServerState, id: str) -> AsyncIterator[bytes]:
    async with state.queue.feed.subscribe() as changes:
        while True:
            job = await run_in_threadpool(state.queue.store.find, id)
            if job is None:
                yield server_sent_event({"id": id}, "deleted")
                return
            yield server_sent_event(_job_json(state, job), "job")
            if job.state in ENDED:
                return
            while id not in (changed := await changes.wait(HEARTBEAT_SECONDS)):
                if not changed:
                    yield b": waiting\n\n"


async def _follow_all(state: ServerState) -> AsyncIterator[bytes]:
    async with state.queue.feed.subscribe() as changes:
        yield b": connected\n\n"
        while True:
            changed = await changes.wait(HEARTBEAT_SECONDS)
            if not changed:
                yield b": waiting\n\n"
            for id in sorted(changed):
                job = await run_in_threadpool(state.queue.store.find, id)
                if job is None:
                    yield server_sent_event({"id": id}, "deleted")
                elif not job.hidden:
                    yield server_sent_event(_job_json(state, job), "job")


def _stream(events: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _job_json(state: ServerState, job: Job) -> dict[str, JSON]:
    return job.to_json(state.queue.progress(job.id))


ROUTES = [
    Route("/api/jobs", list_jobs, methods=["GET"]),
    Route("/api/jobs", create_job, methods=["POST"]),
    Route("/api/events", follow_jobs, methods=["GET"]),
    Route("/api/inputs", list_inputs, methods=["GET"]),
    Route("/api/jobs/{id}", show_job, methods=["GET"]),
    Route("/api/jobs/{id}", delete_job, methods=["DELETE"]),
    Route("/api/jobs/{id}/cancel", cancel_job, methods=["POST"]),
    Route("/api/jobs/{id}/events", follow_job, methods=["GET"]),
]
