"""A dedicated thread for libraries that must be called from one thread only."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread, current_thread
from typing import Any, TypeVar

T = TypeVar("T")


class DedicatedThread:
    """Runs jobs one after the other in one thread, and `at_exit` in the same thread when the process ends."""

    def __init__(self, at_exit: Callable[[], object]) -> None:
        self._at_exit = at_exit
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()
        atexit.register(self._stop)

    def run(self, job: Callable[[], T]) -> T:
        """Run a job in the thread; return its result, or raise its error."""
        if current_thread() is self._thread:
            return job()
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future.result()

    def _work(self) -> None:
        """Run jobs until the end of the queue."""
        while (item := self._jobs.get()) is not None:
            job, future = item
            try:
                future.set_result(job())
            except BaseException as error:  # raised again in the thread that called `run`
                future.set_exception(error)
            del item, job, future  # otherwise they would keep a model alive until the next job
        self._at_exit()

    def _stop(self) -> None:
        """Let the thread finish its jobs and end."""
        self._jobs.put(None)
        self._thread.join()
