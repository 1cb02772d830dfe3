"""Routes of OpenAI's audio API: transcriptions, translations and models.

A request becomes a hidden job, which is deleted before the response is sent. Reference:
platform.openai.com/docs/api-reference/audio
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from meetscribe.errors import JSON
from meetscribe.formats import load, write
from meetscribe.server.api.creation import job_options
from meetscribe.server.api.uploads import bounded_form, store_file
from meetscribe.server.jobs.references import parse_references
from meetscribe.server.jobs.values import ENDED, Job
from meetscribe.server.responses import RequestError, json_response, server_sent_event
from meetscribe.server.state import ServerState, state_of
from meetscribe.text.languages import UNKNOWN
from meetscribe.transcript import Meta, Transcript
from meetscribe.transcript.utterances import utterances

RESPONSE_FORMATS = {
    "json": "application/json",
    "text": "text/plain",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "verbose_json": "application/json",
    "diarized_json": "application/json",
}
"""The values of `response_format`, with their media types."""

ALIASES = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize")
"""OpenAI's model names, which clients send by default; they select the model of the settings."""

_FIELDS_BYTES = 12_000_000  # the maximum size of a form without its file; it may hold references in base64
_POLL_SECONDS = 2.0  # the interval of checks whether the client is still connected


async def transcribe(request: Request) -> Response:
    """Answer with the transcript of the field `file` in the spoken language."""
    return await _answer(request, "transcribe")


async def translate(request: Request) -> Response:
    """Answer with the transcript of the field `file` in English."""
    return await _answer(request, "translate")


async def list_models(request: Request) -> Response:
    """Answer with the models that the server offers."""
    state = state_of(request)
    models: list[JSON] = [_model(state, name) for name in state.models]
    return json_response({"object": "list", "data": models})


async def show_model(request: Request) -> Response:
    """Answer with one model."""
    state = state_of(request)
    name = request.path_params["name"]
    if name not in (*state.models, *ALIASES):
        raise RequestError(404, "not-found", f"the server does not offer the model {name!r}", "See GET /v1/models.")
    return json_response(_model(state, name))


async def _answer(request: Request, task: str) -> Response:
    """Transcribe the file of a form and answer in the requested format."""
    state = state_of(request)
    async with bounded_form(request, state, _FIELDS_BYTES) as form:
        format = str(form.get("response_format") or "json")
        if format not in RESPONSE_FORMATS:
            raise RequestError(
                400, "response_format", f"unknown format {format!r}", f"Use one of: {', '.join(RESPONSE_FORMATS)}."
            )
        streams = str(form.get("stream") or "").lower() == "true"
        granularities = _texts(form, "timestamp_granularities")
        references = parse_references(_texts(form, "known_speaker_names"), _texts(form, "known_speaker_references"))
        options = job_options(state, _options(form, task, format))
        job = await store_file(state, form, options, references=references, hidden=True)
    try:
        transcript = await _transcript(request, state, job)
    finally:
        await run_in_threadpool(state.queue.delete, job.id)
    if streams:
        return StreamingResponse(_deltas(transcript, format), media_type="text/event-stream")
    return Response(_written(transcript, format, granularities), media_type=RESPONSE_FORMATS[format])


def _options(form: FormData, task: str, format: str) -> dict[str, object]:
    """Return the options of a job for the fields of a form; raises RequestError."""
    model = str(form.get("model") or "")
    return {
        "task": task,
        "language": str(form.get("language") or "") or None,
        "prompt": str(form.get("prompt") or "") or None,
        "model": None if model in ("", *ALIASES) else model,
        "diarize": format in ("diarized_json", "verbose_json"),  # verbose_json too, so that no segment spans turns
    }


def _texts(form: FormData, name: str) -> list[str]:
    """Return the values of a repeated form field."""
    return [str(value) for value in form.getlist(f"{name}[]")]


async def _transcript(request: Request, state: ServerState, job: Job) -> Transcript:
    """Wait for a job and return its transcript; raises RequestError if it fails or the client disconnects."""
    async with state.queue.feed.subscribe() as changes:
        while True:
            found = await run_in_threadpool(state.job, job.id)
            if found.state in ENDED:
                break
            await changes.wait(_POLL_SECONDS)
            if await request.is_disconnected():
                raise RequestError(499, "disconnected", "the client has disconnected")
    if found.state not in ("done", "incomplete"):
        failure = found.failure
        if failure is None:
            raise RequestError(409, "cancelled", "the request was cancelled")
        if failure.code == "no-speech":  # OpenAI answers with an empty text
            return Transcript((), Meta(UNKNOWN, found.duration or 0.0))
        status = {"input": 400, "settings": 422, "weights": 503}.get(failure.code, 500)
        raise RequestError(status, failure.code, failure.message, failure.remedy)
    file = state.files.job(job.id, job.name).transcript
    return await run_in_threadpool(load, file, "json")


def _written(transcript: Transcript, format: str, granularities: list[str]) -> bytes:
    """Return the body of the response in a format."""
    spoken = " ".join(one.text for one in utterances(transcript))
    if format == "json":
        return json.dumps({"text": spoken}, ensure_ascii=False).encode()
    if format == "text":
        return spoken.encode() + b"\n"
    data = write(transcript, format)
    if format == "verbose_json":
        members = json.loads(data)
        if "word" not in granularities:
            members.pop("words", None)
        if granularities and "segment" not in granularities:
            members.pop("segments", None)
        data = json.dumps(members, ensure_ascii=False).encode()
    return data


async def _deltas(transcript: Transcript, format: str) -> AsyncIterator[bytes]:
    """Yield the events of a streamed response: one delta or segment per utterance, and the complete text."""
    texts: list[str] = []
    for number, one in enumerate(utterances(transcript)):
        text = one.text if not texts else f" {one.text}"
        texts.append(text)
        delta: dict[str, JSON] = {"type": "transcript.text.delta", "delta": text}
        if format == "diarized_json":
            delta = {"type": "transcript.text.segment", "id": f"seg_{number:03d}", "text": one.text}
            delta |= {"start": one.start, "end": one.end, "speaker": one.speaker or "?"}
        yield server_sent_event(delta)
    yield server_sent_event({"type": "transcript.text.done", "text": "".join(texts)})


def _model(state: ServerState, name: str) -> JSON:
    return {"id": name, "object": "model", "created": int(state.started), "owned_by": "meetscribe"}


ROUTES = [
    Route("/v1/audio/transcriptions", transcribe, methods=["POST"]),
    Route("/v1/audio/translations", translate, methods=["POST"]),
    Route("/v1/models", list_models, methods=["GET"]),
    Route("/v1/models/{name:path}", show_model, methods=["GET"]),
]
