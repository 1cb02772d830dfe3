"""A process-wide change that lasts while at least one thread needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

Change: TypeAlias = Callable[[], AbstractContextManager[object]]
"""A function that returns a context manager: it applies the change on entry and reverts it on exit."""


class SharedChange:
    """A context manager that applies a change when the first thread enters, and reverts it when the last one leaves.

    A plain context manager that saves and restores a value leaves the wrong value if two threads overlap, because the
    second thread saves the value set by the first. The same instance may be entered any number of times.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._lock = threading.Lock()
        self._users = 0
        self._active: AbstractContextManager[object] | None = None

    def __enter__(self) -> None:
        with self._lock:
            if self._active is None:
                active = self._change()
                active.__enter__()
                self._active = active
            self._users += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._active is not None:
                active, self._active = self._active, None
                active.__exit__(None, None, None)
