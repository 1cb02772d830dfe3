"""The transport over standard input and output: one message per line."""

from __future__ import annotations

import json
from typing import IO

from meetscribe.meetings.mcp.endpoint import PARSE_ERROR, Answer, Endpoint, error_answer

MAX_BYTES = 1_000_000
"""The maximum size of a message; longer lines are rejected."""


def serve_stdio(endpoint: Endpoint, source: IO[bytes], target: IO[bytes]) -> None:
    """Answer the messages from `source` on `target` until the client closes the stream, or stops reading.

    Nothing else may be written to `target`.
    """
    while line := source.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES:
            while line and not line.endswith(b"\n"):
                line = source.readline(MAX_BYTES)
            text = f"the message is larger than {MAX_BYTES // 1000} kB"
            answer: Answer = error_answer(None, PARSE_ERROR, text)
        elif not line.strip():
            continue
        else:
            found = endpoint.answer(line)
            if found is None:
                continue
            answer = found
        try:
            target.write(json.dumps(answer).encode() + b"\n")
            target.flush()
        except BrokenPipeError:  # the client ended without reading
            return
