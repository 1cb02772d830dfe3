"""A fair queue: one thread serves clients in turn, so a client waits for at most one task of each other client."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from meetscribe.runtime.background import BackgroundThread

T = TypeVar("T")


class FairQueue:
    """Runs tasks in one thread: one task of each waiting client, then the next one of each, and so on.

    The tasks of one client run in their order. The thread starts with the first task.
    """

    def __init__(self, name: str = "live-recognition") -> None:
        self._name = name
        self._changed = threading.Condition()
        self._tasks: dict[Hashable, deque[tuple[Future[Any], Callable[[], Any]]]] = {}
        self._thread: BackgroundThread | None = None
        self._closed = False

    def submit(self, client: Hashable, task: Callable[[], T]) -> Future[T]:
        """Queue a task of a client; raises CancelledError after `close`."""
        future: Future[T] = Future()
        with self._changed:
            if self._closed:
                raise CancelledError
            self._tasks.setdefault(client, deque()).append((future, task))
            if self._thread is None:
                self._thread = BackgroundThread(self._work, self._name, self.close)
                self._thread.start()
            self._changed.notify_all()
        return future

    def close(self) -> None:
        """Cancel the tasks that have not started; the running one is not waited for."""
        with self._changed:
            self._closed = True
            for tasks in self._tasks.values():
                for future, _ in tasks:
                    future.cancel()
            self._tasks.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            future, task = taken
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(task())
            except BaseException as error:
                future.set_exception(error)
            del taken, future, task  # or they would keep a model alive until the next task

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        """Return the next task, and put its client behind the others; None after `close`."""
        with self._changed:
            while not self._tasks and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            client = next(iter(self._tasks))
            tasks = self._tasks.pop(client)
            taken = tasks.popleft()
            if tasks:
                self._tasks[client] = tasks
            return taken
