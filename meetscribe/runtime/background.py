"""Threads that end before the interpreter does."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable

_PATIENCE = 10.0  # seconds for all threads together


class BackgroundThread(threading.Thread):
    """A daemon thread that is stopped, and waited for, before the interpreter shuts down.

    `stop` makes the thread end soon; it is called in another thread and must not wait. A thread that returns from
    native code into an interpreter that is shutting down is unwound through frames of C++, which aborts the process
    with "terminate called without an active exception" (https://github.com/python/cpython/issues/87135).
    """

    def __init__(self, target: Callable[[], object], name: str, stop: Callable[[], object]) -> None:
        super().__init__(target=target, name=name, daemon=True)
        self.stop = stop


def _stop_all() -> None:
    """Stop the threads that are running, and wait for them up to a limit."""
    until = time.monotonic() + _PATIENCE
    running = [thread for thread in threading.enumerate() if isinstance(thread, BackgroundThread)]
    for thread in running:
        thread.stop()
    for thread in running:
        thread.join(max(0.0, until - time.monotonic()))


atexit.register(_stop_all)
