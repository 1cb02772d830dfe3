"""The log of the server on stderr: jobs, live sessions and refused requests.

It contains ids, states, numbers and client addresses, but no names of recordings, texts or tokens.
"""

from __future__ import annotations

import logging

logger = logging.getLogger("meetscribe.server")

REFUSED_STATUSES = (401, 403, 413, 421, 429)
"""The statuses of requests that are logged as refused."""

FORMAT = "%(asctime)s %(levelname)s %(message)s"


def log_to_stderr(*, quiet: bool = False) -> logging.Handler:
    """Write the log with timestamps to stderr, and return its handler; with `quiet`, only warnings and errors."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False
    return handler
