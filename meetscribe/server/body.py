"""Reading of request bodies: JSON of limited size, and uploads written directly to a file."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from meetscribe.errors import JSON
from meetscribe.server.responses import RequestError

JSON_BYTES = 1_000_000
"""The maximum size of a JSON document."""


async def read_json(request: Request) -> dict[str, JSON]:
    """Return the JSON object in a request; raises RequestError if it is too large or malformed."""
    data = b""
    async for block in request.stream():
        data += block
        if len(data) > JSON_BYTES:
            raise RequestError(413, "too-large", f"the request is larger than {JSON_BYTES // 1000} kB")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, "json", "the request is not valid JSON", "Send a JSON object.") from error
    if not isinstance(value, dict):
        raise RequestError(400, "json", "the request must be a JSON object")
    return value


def check_size(size: int, limit: int, overhead: int = 0) -> None:
    """Raise RequestError if a recording of `size` bytes exceeds `limit`.

    If `size` is the size of a whole form, `overhead` is the number of bytes allowed for its other fields.
    """
    if size > limit + overhead:
        remedy = f"The limit is {limit // 1_000_000} MB (server.max_upload_mb)."
        raise RequestError(413, "too-large", "the recording is too large", remedy)


async def append_blocks(file: Path, offset: int, blocks: AsyncIterator[bytes], limit: int) -> int:
    """Write blocks to a file from byte `offset` on, and return its size; blocks before a disconnection are kept.

    Raises RequestError if the file would exceed `limit` bytes or cannot be written.
    """
    size = offset
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, offset)
        os.lseek(handle, offset, os.SEEK_SET)
        async for block in blocks:
            if size + len(block) > limit:
                raise RequestError(413, "too-large", "more bytes arrived than were announced")
            await run_in_threadpool(_write, handle, block)
            size += len(block)
        await run_in_threadpool(os.fsync, handle)
    except ClientDisconnect:
        pass
    except OSError as error:
        raise RequestError(507, "storage", "the recording cannot be stored", "Free space on the server.") from error
    finally:
        os.close(handle)
    return size


def _write(handle: int, data: bytes) -> None:
    """Write all bytes."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
