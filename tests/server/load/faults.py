"""Random requests and frames for a server: what it answers, and which answers are defects."""

from __future__ import annotations

import gc
import json
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.server.running import RunningServer

ROUTES = (
    "GET /", "GET /page/main.js", "GET /page/../x", "GET /healthz", "GET /metrics", "GET /api/session",
    "POST /api/login", "GET /api/jobs", "POST /api/jobs", "GET /api/inputs", "GET /api/jobs/{id}",
    "DELETE /api/jobs/{id}", "POST /api/jobs/{id}/cancel", "HEAD /api/jobs/{id}/upload", "PATCH /api/jobs/{id}/upload",
    "GET /api/jobs/{id}/transcript", "POST /api/jobs/{id}/edits", "GET /api/jobs/{id}/export?format={word}",
    "GET /api/jobs/{id}/audio", "GET /v1/models", "GET /v1/models/{word}", "POST /v1/audio/transcriptions",
    "POST /v1/audio/translations",
)  # fmt: skip
SOCKETS = ("/live", "/asr?mode={word}", "/v1/listen?encoding=linear16&sample_rate={word}", "/v1/listen?language={word}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WORDS = ("", "0", "-1", "nan", "1e999", "srt", "json", "html", "en", "diff", "16000", "../..", "\0", "é", "a" * 3000)
KEYS = (
    "type", "version", "session", "last_seq", "options", "audio", "codec", "name", "size", "path", "revision", "edit",
    "kind", "label", "text", "language", "speakers", "task", "words", "token", "file", "model",
)  # fmt: skip
HEADERS = (
    {"Upload-Offset": "0"}, {"Upload-Offset": "-5"}, {"Range": "bytes=0-5"}, {"Range": "bytes=9-1"}, {"Range": "x"},
    {"Cookie": "meetscribe_session=\x7f;;="}, {"Origin": "null"}, {"Origin": "http://["}, {"Host": ""}, {"Host": "["},
    {"Authorization": "Bearer"}, {"Content-Type": "multipart/form-data"},
)  # fmt: skip
INTERNAL_ERROR = 1011  # RFC 6455, section 7.4.1


class _Errors(logging.Handler):
    """Keeps the errors that a server in this process logs, such as exceptions of its tasks."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"logged: {record.getMessage()} {record.exc_info and record.exc_info[1]!r}")


@contextmanager
def logged_errors() -> Iterator[list[str]]:
    """Collect the errors that asyncio and uvicorn log."""
    handler = _Errors()
    loggers = [logging.getLogger(name) for name in ("asyncio", "uvicorn.error")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.lines
    finally:
        gc.collect()  # a task whose exception was not retrieved is reported when it is deleted
        for logger in loggers:
            logger.removeHandler(handler)


def fuzz(server: RunningServer, count: int, seed: int = 0) -> tuple[Counter[str], list[str]]:
    """Send random requests to a server in this process, a fifth of them WebSockets with frames.

    Returns the number of each outcome (HTTP status, or code that closed the WebSocket), and a line for each defect: a
    status of 500 or more, code 1011, an error without its JSON form, an error in the log.
    """
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    defects: list[str] = []
    with logged_errors() as logged:
        for number in range(count):
            if number % 50 == 0:  # random requests delete jobs
                ids = [server.done(b"fuzzed"), "0" * 16, "../../etc"]
            outcome, defect = _exchange_frames(server, rng) if number % 5 == 0 else _request(server, rng, ids)
            found[outcome] += 1
            if defect:
                defects.append(f"{outcome}: {defect}")
        if server.client.get("/healthz").status_code != 200:
            defects.append("the server is not healthy")
    return found, defects + logged


def _request(server: RunningServer, rng: random.Random, ids: list[str]) -> tuple[str, str | None]:
    """Send one request; return its status and, if that is a defect, a description."""
    method, path = rng.choice(ROUTES).format(id=rng.choice(ids), word=_quoted(rng)).split(" ", 1)
    if rng.random() < 0.1:
        method = rng.choice(METHODS)
    body = _body(rng)
    headers = rng.choice(HEADERS) if rng.random() < 0.3 else {}
    case = f"{method} {path[:80]} {headers} {body!r:.100}"
    try:
        answer = server.client.request(method, path, headers=headers, **body)
    except httpx.RemoteProtocolError as error:
        return "connection closed", f"{case} {error}"
    text = answer.text
    is_static = "Range" in headers and not path.startswith("/api")  # the framework answers malformed ranges of the page
    is_explained = answer.status_code < 400 or method == "HEAD" or is_static or text.startswith('{"error":')
    return str(answer.status_code), None if answer.status_code < 500 and is_explained else f"{case} {text[:100]}"


def _body(rng: random.Random) -> dict[str, Any]:
    """Return the arguments of httpx for a random body."""
    kind = rng.randrange(5)
    if kind == 0:
        return {"content": rng.randbytes(rng.randrange(2000))}
    if kind == 1:
        return {"content": b"[" * rng.randrange(100_000)}
    if kind == 2:
        return {"files": {"file": (_text(rng), rng.randbytes(200))}, "data": {"options": _text(rng)}}
    return {"json": _value(rng, 3)}


def _exchange_frames(server: RunningServer, rng: random.Random) -> tuple[str, str | None]:
    """Open a WebSocket and send a few frames; return the code that closed it and, if that is a defect, where."""
    path = rng.choice(SOCKETS).format(word=_quoted(rng))
    outcome = "left open"
    try:
        with connect(server.url.replace("http", "ws") + path, open_timeout=10, close_timeout=1) as socket:
            if rng.random() < 0.7:
                socket.send(json.dumps({"type": "hello", "version": 1, "name": "fuzz"}))
            for _ in range(rng.randrange(6)):
                text = json.dumps(_value(rng, 3)) if rng.random() < 0.7 else "{" * rng.randrange(20_000)
                socket.send(text if rng.random() < 0.5 else rng.randbytes(rng.randrange(5000)))
            if rng.random() < 0.5:
                socket.send(json.dumps({"type": rng.choice(["stop", "CloseStream"])}))
            with suppress(TimeoutError):
                while True:
                    socket.recv(0.05)
    except InvalidStatus as error:
        outcome = str(error.response.status_code)
    except ConnectionClosed as error:
        outcome = f"closed {error.rcvd.code if error.rcvd else 'abruptly'}"
    return outcome, path[:80] if outcome.startswith("5") or str(INTERNAL_ERROR) in outcome else None


def _value(rng: random.Random, depth: int) -> Any:
    """Return a random value of JSON, whose members often have names that the server knows."""
    kind = rng.randrange(7 if depth else 5)
    if kind == 5:
        return [_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    if kind == 6:
        return {rng.choice(KEYS): _value(rng, depth - 1) for _ in range(rng.randrange(6))}
    return rng.choice([None, True, -1, 0, 1, 1e300, 2**70, "hello", *WORDS])


def _text(rng: random.Random) -> str:
    return rng.choice([json.dumps(_value(rng, 2)), "talk.wav", '../a".wav', "x" * 300, ""])


def _quoted(rng: random.Random) -> str:
    return str(httpx.QueryParams({"x": rng.choice(WORDS)}))[2:]
