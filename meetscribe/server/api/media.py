"""The route of a job's audio, in a format that browsers play, with range requests."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.server.jobs.files import JobFiles
from meetscribe.server.responses import RequestError, not_found
from meetscribe.server.state import state_of
from meetscribe.settings import Settings
from meetscribe.storage.files import replacing_file
from meetscribe.timeline import Span

PLAYABLE = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
}
"""The media types of recordings that browsers play directly; others are decoded to WAV."""

_BLOCK_SECONDS = 60.0


async def play(request: Request) -> Response:
    """Answer with the audio of a recording, or the requested byte range."""
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    files = state.files.job(job.id, job.name if job.path is None else Path(job.path).name)
    if job.state == "uploading" or not files.recording.exists():
        raise not_found("recording")
    try:
        return await _audio_response(request, files, state.settings)
    except FileNotFoundError as error:  # the job was deleted in the meantime
        raise not_found("recording") from error


async def _audio_response(request: Request, files: JobFiles, settings: Settings) -> Response:
    """Return the response with the audio of a recording; raises RequestError for an invalid range."""
    media_type = None if files.recording.is_dir() else PLAYABLE.get(files.suffix)  # a live session is a folder
    file = files.recording if media_type else await run_in_threadpool(_decoded, files, settings)
    found = file.stat()
    if (header := request.headers.get("range")) is not None:
        check_range(header, found.st_size)
    return FileResponse(file, media_type=media_type or PLAYABLE[".wav"], stat_result=found)


def check_range(header: str, size: int) -> None:
    """Raise RequestError if a Range header is malformed, or if none of its ranges lies in a file of `size` bytes.

    RFC 9110, 14.1.2: `bytes=0-99`, `bytes=100-`, `bytes=-50` for the last 50, and several of them.
    """
    spans = re.fullmatch(r"bytes=(.+)", header.strip(), re.IGNORECASE)
    found = [re.fullmatch(r"(\d*)-(\d*)", each.strip(), re.ASCII) for each in spans[1].split(",")] if spans else [None]
    bounds = [match.groups() for match in found if match and match[0] != "-"]
    if len(bounds) < len(found) or any(start and end and int(start) > int(end) for start, end in bounds):
        raise RequestError(400, "range", f"the range {header[:40]!r} is malformed", "Ask for bytes=FIRST-LAST.")
    if all(int(start or 0) >= size for start, end in bounds):
        raise RequestError(
            416, "range", f"the range lies outside of the file of {size} bytes", "Request bytes within the file."
        )


def _decoded(files: JobFiles, settings: Settings) -> Path:
    """Return the recording as a WAV file beside it, decoded on first use; raises InputError."""
    target = files.folder / "sound.wav"
    if target.exists():
        return target
    audio = load_audio(files.recording, settings=settings.audio)
    with replacing_file(target) as file, wave.open(file, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(SAMPLE_RATE)
        start = 0.0
        while start < audio.duration:
            samples = audio.slice(Span(start, min(start + _BLOCK_SECONDS, audio.duration)))
            output.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
            start += _BLOCK_SECONDS
    return target


ROUTES = [Route("/api/jobs/{id}/audio", play, methods=["GET", "HEAD"])]
