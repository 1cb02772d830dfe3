"""Creation of jobs: validation of the recording and the options in a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from meetscribe.server.body import check_size
from meetscribe.server.jobs.values import Job, JobOptions
from meetscribe.server.responses import RequestError
from meetscribe.server.state import ServerState
from meetscribe.text.languages import UNKNOWN, code_of

_MAX_NAME_LENGTH = 255


def create_upload(state: ServerState, name: object, size: object, options: JobOptions, hidden: bool = False) -> Job:
    """Create a job for an upload of `size` bytes, and return it; raises RequestError, BusyError and OutputError."""
    if not isinstance(name, str) or not name.strip() or len(name) > _MAX_NAME_LENGTH:
        raise RequestError(400, "name", "name must be the file name of the recording")
    if size == 0:
        raise RequestError(400, "size", "the recording is empty", "Check the file.")
    if type(size) is not int or size < 0:
        raise RequestError(
            400,
            "size",
            "size must be the number of bytes of the recording",
            "Send the size, or the recording as a form.",
        )
    check_size(size, state.max_upload)
    if state.queue.store.count("uploading") >= state.server.max_uploads:
        raise RequestError(429, "uploads", "too many uploads are unfinished", "Try again later.")
    return state.queue.create(name, options, size=size, hidden=hidden)


def check_members(names: Iterable[str], known: Collection[str]) -> None:
    """Raise RequestError for unknown members of a request or fields of a form."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        remedy = f"Known: {', '.join(known)}; language, speakers and others belong in options."
        raise RequestError(400, "unknown", f"unknown: {', '.join(unknown)}", remedy)


def job_options(state: ServerState, members: object) -> JobOptions:
    """Return the options in a request; raises InputError, and RequestError for an unknown language or model."""
    options = JobOptions.of(members)
    if options.model is not None and options.model not in state.models:
        remedy = f"Choose one of: {', '.join(state.models)}."
        raise RequestError(400, "model", f"the server does not offer the model {options.model!r}", remedy)
    if options.model == state.default_model:
        options = replace(options, model=None)
    if options.language is not None and code_of(options.language) == UNKNOWN:
        raise RequestError(400, "language", f"unknown language {options.language!r}", "Use a code, such as en.")
    return options
