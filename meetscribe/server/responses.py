"""JSON responses, and the error response of all routes: a code, a message and a remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from meetscribe.errors import JSON, BusyError, MeetscribeError, RevisionError
from meetscribe.server.jobs.queue import CODES
from meetscribe.server.logs import logger

RETRY_SECONDS = 60
"""The value of the header Retry-After of responses with status 429."""

OPENAI_PATH = "/v1/"
"""The start of the paths of OpenAI's API, whose clients show only the message of an error."""

_STATUS = {2: 422, 3: 400, 4: 503, 5: 422, 6: 500}
"""The HTTP status of an error by its exit code, 500 for others."""


class RequestError(Exception):
    """An error whose response has an HTTP status, a code, a message and a remedy.

    `members` are added to the JSON object of the error.
    """

    def __init__(
        self, status: int, code: str, message: str, remedy: str = "", members: Mapping[str, JSON] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.remedy = status, code, message, remedy
        self.members = dict(members or {})


def json_response(value: JSON, status: int = 200) -> Response:
    """Return a response with a JSON document."""
    text = json.dumps(value, ensure_ascii=False)
    return Response(text.encode("utf-8", "backslashreplace"), status, media_type="application/json")


def error_response(error: RequestError, path: str) -> Response:
    """Return the response for an error of a request to `path`; it has the members of OpenAI's errors, and a remedy.

    In OpenAI's API, the message contains the remedy too.
    """
    message = with_remedy(error) if path.startswith(OPENAI_PATH) else error.message
    members: dict[str, JSON] = {"code": error.code, "message": message, "remedy": error.remedy}
    members |= {"type": "invalid_request_error" if error.status < 500 else "server_error", "param": None}
    response = json_response({"error": {**members, **error.members}}, error.status)
    if error.status == 429:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def with_remedy(error: RequestError | MeetscribeError) -> str:
    """Return the message of an error and its remedy, for clients that show a single text."""
    return f"{error.message}. {error.remedy}" if error.remedy else error.message


def server_sent_event(members: Mapping[str, JSON], kind: str | None = None) -> bytes:
    """Return a Server-Sent Event with JSON data, named by its kind, if any (HTML Standard, 9.2)."""
    data = json.dumps(members, ensure_ascii=False).encode("utf-8", "backslashreplace")
    name = b"event: " + kind.encode() + b"\n" if kind else b""
    return name + b"data: " + data + b"\n\n"


def not_found(what: str) -> RequestError:
    """Return the error for something that does not exist."""
    return RequestError(404, "not-found", f"there is no such {what}", "It may have been deleted.")


async def on_request_error(request: Request, error: Exception) -> Response:
    """Answer a `RequestError`."""
    assert isinstance(error, RequestError)
    return error_response(error, request.url.path)


async def on_meetscribe_error(request: Request, error: Exception) -> Response:
    """Answer a `MeetscribeError`; a conflict of revisions lists the later corrections."""
    assert isinstance(error, MeetscribeError)
    if isinstance(error, RevisionError):
        members: dict[str, JSON] = {"revision": error.revision, "added": list(error.added)}
        members["missing"] = list(error.missing)
        message = "the transcript was changed in the meantime"
        answer = RequestError(409, "conflict", message, "Load it again, then repeat.", members)
    elif isinstance(error, BusyError):
        answer = RequestError(429, "busy", error.message, error.remedy)
    else:
        status, code = _STATUS.get(error.exit_code, 500), CODES.get(error.exit_code, "unexpected")
        answer = RequestError(status, code, error.message, error.remedy)
    return error_response(answer, request.url.path)


async def on_unexpected_error(request: Request, error: Exception) -> Response:
    """Answer an unexpected error: log the traceback, and reveal nothing to the client."""
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    answer = RequestError(500, "unexpected", "the server failed", "See the log of the server.")
    return error_response(answer, request.url.path)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer an error of the framework, such as an unknown route, in the same format."""
    status = int(getattr(error, "status_code", 500))
    code = {404: "not-found", 405: "method"}.get(status, "request")
    answer = RequestError(status, code, str(getattr(error, "detail", "")) or "bad request")
    return error_response(answer, request.url.path)
