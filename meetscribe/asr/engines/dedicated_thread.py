"""A thread in which everything is done that a library wants done in one thread; what that is, is not known here."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread, current_thread
from typing import Any, TypeVar

T = TypeVar("T")


class DedicatedThread:
    """Does one thing after the other in a thread of its own, and `at_end` there when the process ends."""

    def __init__(self, at_end: Callable[[], object]) -> None:
        self._at_end = at_end
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()
        atexit.register(self._end)

    def do(self, job: Callable[[], T]) -> T:
        """What `job` returns, or the error that it raises."""
        if current_thread() is self._thread:
            return job()
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future.result()

    def _work(self) -> None:
        """Do the jobs until there are no more to come."""
        while (given := self._jobs.get()) is not None:
            job, future = given
            try:
                future.set_result(job())
            except BaseException as error:  # it is raised where the job was given
                future.set_exception(error)
            del given, job, future
        self._at_end()

    def _end(self) -> None:
        """Have the thread come to its end."""
        self._jobs.put(None)
        self._thread.join()
