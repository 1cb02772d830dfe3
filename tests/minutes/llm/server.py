"""A server on loopback that answers chat requests as scripted, also in the ways in which real ones misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Script = Callable[["Handler", Request, int], None]
"""Answers a request, given the handler, its body, and how many came before."""


class Handler(BaseHTTPRequestHandler):
    """Passes each request to the script of its server."""

    def do_POST(self) -> None:
        """Answer a chat request."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body["headers"] = dict(self.headers)
        server: Any = self.server
        server.requests.append(body)
        server.script(self, body, len(server.requests) - 1)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""

    def send(self, data: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Send a response."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, list[Request]]]:
    """Serve a script; yield the address and the list of requests, which grows."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    requests: list[Request] = []
    server.script, server.requests = script, requests  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content: str, finish: str = "stop", prompt_tokens: int | None = None) -> bytes:
    """Return a chat completion."""
    value: dict[str, Any] = {"choices": [{"message": {"content": content}, "finish_reason": finish}]}
    if prompt_tokens is not None:
        value["usage"] = {"prompt_tokens": prompt_tokens}
    return json.dumps(value).encode()


def says(content: str, **values: Any) -> Script:
    """Return a script that always gives one answer."""
    return lambda handler, body, number: handler.send(completion(content, **values))


def slowly(handler: Handler, body: Request, number: int) -> None:
    """Send a byte now and then, and never finish."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(50):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def disconnecting(handler: Handler, body: Request, number: int) -> None:
    """Announce more than is sent, and close the connection."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True
