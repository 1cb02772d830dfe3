"""Routes of a job's transcript: its view for the page, corrections, and export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meetscribe.errors import RevisionError
from meetscribe.formats import FORMATS, load, write
from meetscribe.formats.parts.options import convert_option
from meetscribe.formats.revisions import save_revision
from meetscribe.server.body import read_json
from meetscribe.server.jobs.values import Job
from meetscribe.server.responses import RequestError, not_found
from meetscribe.server.state import ServerState, state_of
from meetscribe.server.transcript_view import read_view, write_view
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.description import describe_edit
from meetscribe.transcript.edits.revision import revision

_REMEDY = 'Send {"revision": "…", "edit": {"kind": "rename", "names": {"Speaker 1": "Anna"}}}.'


async def show_transcript(request: Request) -> Response:
    """Answer with the view of the transcript for the page: speakers, utterances, findings and corrections."""
    state, job = await _transcribed(request)
    file = state.files.job(job.id, job.name).transcript
    return Response(await run_in_threadpool(read_view, file), media_type="application/json")


async def correct_transcript(request: Request) -> Response:
    """Apply the correction `edit` to the given `revision`, and answer with the new transcript.

    If the transcript has another revision, it is not changed: the answer is 409 with the later corrections.
    """
    state, job = await _transcribed(request)
    body = await read_json(request)
    edit = body.get("edit")
    if not isinstance(edit, dict):
        raise RequestError(400, "edit", "edit must be an object with a kind", _REMEDY)
    known = body.get("revision")
    if not isinstance(known, str):
        raise RequestError(400, "revision", "the revision of the corrected transcript is missing", _REMEDY)
    view = await run_in_threadpool(_correct, state, job, known, edit)
    state.queue.feed.publish(job.id)
    return Response(view, media_type="application/json")


async def export_transcript(request: Request) -> Response:
    """Answer with the transcript in the format given in the query, which may also contain options of the format."""
    state, job = await _transcribed(request)
    query = dict(request.query_params)
    format = query.pop("format", "txt")
    query.pop("download", None)  # may be sent by clients; it has no effect
    row = FORMATS.get(format)
    if row is None or not row.writes:
        known = ", ".join(name for name, other in FORMATS.items() if other.writes)
        raise RequestError(400, "format", f"{format!r} is not an output format", f"Use one of: {known}.")

    def export() -> bytes:
        options = {name: convert_option(format, name, text, "in the query") for name, text in query.items()}
        return write(_load(state, job), format, **options)

    data = await run_in_threadpool(export)
    headers = {"Content-Disposition": _attachment(f"{job.name.rpartition('.')[0] or job.name}{row.suffixes[0]}")}
    return Response(data, headers=headers, media_type=row.media_type)


def _attachment(name: str) -> str:
    """Return the Content-Disposition value that makes a browser save a file under a name (RFC 6266)."""
    plain = "".join(letter if letter.isalnum() and letter.isascii() or letter in "-_." else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _transcribed(request: Request) -> tuple[ServerState, Job]:
    """Return the server state and the job of a request; raises RequestError if the job has no transcript."""
    state = state_of(request)
    job = await run_in_threadpool(state.job, request.path_params["id"])
    if not state.files.job(job.id, job.name).transcript.exists():
        raise not_found("transcript")
    return state, job


def _load(state: ServerState, job: Job) -> Transcript:
    return load(state.files.job(job.id, job.name).transcript, "json")


def _correct(state: ServerState, job: Job, given: str, edit: Mapping[str, Any]) -> bytes:
    """Correct the transcript of a job, save it and return its view; `given` is the revision that the client knows.

    Raises RevisionError, which lists the edits that the client lacks, RequestError and SettingsError.
    """
    file = state.files.job(job.id, job.name).transcript
    transcript = load(file, "json")
    edits = transcript.meta.edits
    if revision(edits) != given:
        shared = next((count for count in range(len(edits), -1, -1) if revision(edits[:count]) == given), 0)
        added = tuple(describe_edit(edit) for edit in edits[shared:])
        raise RevisionError("the transcript was changed in the meantime", "", revision(edits), added)
    corrected = apply_edit(transcript, edit)
    save_revision(corrected, file, "json", before=transcript)
    view = write_view(file, corrected)
    state.queue.store.update(job.id, revision=revision(corrected.meta.edits))
    return view


def apply_edit(transcript: Transcript, edit: Mapping[str, Any]) -> Transcript:
    """Return the transcript with an edit added or undone; raises RequestError and SettingsError.

    The members are `kind` and the parameters of its function in `EDITS`, such as
    `{"kind": "replace", "start": 1.2, "end": 3.4, …}`.
    """
    members = {str(name): value for name, value in edit.items() if value is not None}
    method = EDITS.get(str(members.pop("kind", "")))
    if method is None:
        raise RequestError(400, "edit", "unknown kind of edit", f"Kinds: {', '.join(EDITS)}.")
    try:
        return method(transcript, **members)
    except (TypeError, ValueError, AttributeError) as error:
        remedy = f"Its members are {', '.join([*signature(method).parameters][1:])}; times are in seconds."
        raise RequestError(400, "edit", f"the edit is not valid: {error}", remedy) from error


def _rename(transcript: Transcript, names: Mapping[str, str], merge: bool = False) -> Transcript:
    plain = {str(label): str(name) for label, name in names.items()}
    return transcript.rename(plain, merge=bool(merge))


def _merge(transcript: Transcript, speakers: list[str]) -> Transcript:
    return transcript.merge(*map(str, speakers))


def _assign(transcript: Transcript, start: float, end: float, speaker: str) -> Transcript:
    return transcript.assign(float(start), float(end), str(speaker))


def _replace(transcript: Transcript, start: float, end: float, text: str, speaker: str | None = None) -> Transcript:
    return transcript.replace(float(start), float(end), str(text), speaker=speaker)


def _delete(transcript: Transcript, start: float, end: float, speaker: str | None = None) -> Transcript:
    return transcript.delete(float(start), float(end), speaker=speaker)


def _insert(transcript: Transcript, time: float, text: str, speaker: str | None = None) -> Transcript:
    return transcript.insert(float(time), str(text), speaker)


def _split(transcript: Transcript, time: float, speaker: str | None = None) -> Transcript:
    return transcript.split(float(time), speaker=speaker)


def _join(transcript: Transcript, start: float, end: float) -> Transcript:
    return transcript.join(float(start), float(end))


def _undo(transcript: Transcript, step: int | None = None) -> Transcript:
    return transcript.undo(None if step is None else int(step))


EDITS: dict[str, Callable[..., Transcript]] = {
    "rename": _rename,
    "merge": _merge,
    "assign": _assign,
    "replace": _replace,
    "delete": _delete,
    "insert": _insert,
    "split": _split,
    "join": _join,
    "undo": _undo,
}
"""The kinds of edits, each with the function that applies it; its parameters are the members of the edit."""

ROUTES = [
    Route("/api/jobs/{id}/transcript", show_transcript, methods=["GET"]),
    Route("/api/jobs/{id}/edits", correct_transcript, methods=["POST"]),
    Route("/api/jobs/{id}/export", export_transcript, methods=["GET"]),
]
