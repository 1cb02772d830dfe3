"""Uploads: a form in one request, or blocks that can be resumed after a broken connection."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from meetscribe.server.api.creation import check_members, create_upload, job_options
from meetscribe.server.body import append_blocks, check_size
from meetscribe.server.jobs.references import Reference, write_references
from meetscribe.server.jobs.values import Job, JobOptions
from meetscribe.server.responses import RequestError
from meetscribe.server.state import ServerState, state_of
from meetscribe.storage.files import hold_folder

OFFSET = "Upload-Offset"
"""The header with the number of received bytes, as in the tus protocol."""

FORM_BYTES = 1_000_000
"""The maximum size of a form without its file."""

_MAX_FIELDS = 40


async def show_upload(request: Request) -> Response:
    """Answer with the number of received bytes in the header `Upload-Offset`."""
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    return Response(headers={OFFSET: str(_offset(state, job)), "Upload-Length": str(job.size)})


async def continue_upload(request: Request) -> Response:
    """Append the body to an upload; `Upload-Offset` must be the number of received bytes.

    When the upload is complete, the job is queued.
    """
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    if job.state != "uploading":
        raise RequestError(409, "state", "the recording is already complete")
    offset = _offset(state, job)
    if request.headers.get(OFFSET) != str(offset):
        remedy = f"Continue at byte {offset}."
        raise RequestError(409, "offset", f"the server has {offset} bytes", remedy, {"offset": offset})
    files = state.files.job(job.id, job.name)
    lock = hold_folder(files.folder)
    if lock is None:
        raise RequestError(409, "busy", "another request is uploading this recording", "Wait until it has ended.")
    try:
        size = await append_blocks(files.recording, offset, request.stream(), job.size)
    finally:
        os.close(lock)
    if size == job.size:
        await run_in_threadpool(state.queue.enqueue, job.id)
    return Response(status_code=204, headers={OFFSET: str(size)})


async def upload_form(request: Request) -> Job:
    """Create a job from the fields `file` and `options` of a form and return it; raises RequestError."""
    state = state_of(request)
    async with bounded_form(request, state) as form:
        check_members(form, ("file", "options"))
        text = form.get("options") or "{}"
        try:
            members = json.loads(text) if isinstance(text, str) else None
        except ValueError as error:
            raise RequestError(400, "json", "options must be a JSON object") from error
        return await store_file(state, form, job_options(state, members))


async def store_file(
    state: ServerState,
    form: FormData,
    options: JobOptions,
    *,
    references: Sequence[Reference] = (),
    hidden: bool = False,
) -> Job:
    """Create a job from the field `file` of a form and queue it; raises RequestError, BusyError and OutputError."""
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise RequestError(400, "file", "the form has no file", "Send the recording as the field file.")
    name = (file.filename or "recording").replace("\\", "/").rpartition("/")[2] or "recording"
    job = await run_in_threadpool(create_upload, state, name, file.size, options, hidden)
    files = state.files.job(job.id, job.name)

    def copy() -> None:
        write_references(files, references)
        with os.fdopen(os.open(files.recording, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
            shutil.copyfileobj(file.file, output, 1 << 20)

    try:
        await run_in_threadpool(copy)
    except OSError as error:
        await run_in_threadpool(state.queue.delete, job.id)
        raise RequestError(507, "storage", "the recording cannot be stored", "Free space on the server.") from error
    return await run_in_threadpool(state.queue.enqueue, job.id)


@asynccontextmanager
async def bounded_form(request: Request, state: ServerState, field_bytes: int = FORM_BYTES) -> AsyncIterator[FormData]:
    """Yield the form of a request, and delete its temporary files at the end.

    Raises RequestError if the form is malformed or too large; `field_bytes` is the maximum size without the file.
    """
    limit = state.max_upload
    received = 0
    check_size(int(request.headers.get("content-length") or 0), limit, field_bytes)

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        check_size(received, limit, field_bytes)
        return message

    try:
        form = await Request(request.scope, receive).form(
            max_files=_MAX_FIELDS, max_fields=_MAX_FIELDS, max_part_size=field_bytes
        )
    except (MultiPartException, HTTPException) as error:
        raise RequestError(400, "form", getattr(error, "message", "") or str(error)) from error
    try:
        yield form
    finally:
        await form.close()


def _offset(state: ServerState, job: Job) -> int:
    """Return the number of received bytes of a recording."""
    file = state.files.job(job.id, job.name).recording
    if job.state != "uploading":
        return job.size
    return file.stat().st_size if file.exists() else 0


ROUTES = [
    Route("/api/jobs/{id}/upload", show_upload, methods=["HEAD"]),
    Route("/api/jobs/{id}/upload", continue_upload, methods=["PATCH"]),
]
