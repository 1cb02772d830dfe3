"""Work for an engine in batches: by several threads, in order, smaller where memory is short; no work is done here."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import TypeVar

from meetscribe.errors import MeetscribeError, Notice
from meetscribe.runtime.devices import release_unused_models
from meetscribe.runtime.threads import same_torch_threads

T = TypeVar("T")
R = TypeVar("R")

_SIGNS = ("out of memory", "cublas_status_alloc_failed", "unable to allocate")


class BatchRunner:
    """Calls of an engine with as many clips at once as memory allows; for several threads.

    When the device runs out of memory the batch is halved, for all that follow, and goes on from there.
    `notices` says so, once.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._asked = size
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What had to be done otherwise than asked for."""
        if self.size == self._asked:
            return ()
        text = f"the device ran out of memory: {self.size} chunks were decoded at once instead of {self._asked}"
        return (Notice("asr.memory", text, {"size": self.size, "asked": self._asked}),)

    def map_in_order(self, work: Callable[[T], R], tasks: Iterable[T], workers: int, done: Callable[[R], None]) -> None:
        """Work on each task in one of so many threads, and tell `done` the results in the order of the tasks.

        A task is drawn when a worker is about to be free, so that few are held. After an error or Ctrl-C no
        further call of the engine begins, and after Ctrl-C nobody waits for those that still run.
        """
        self._stopped.clear()
        pool = ThreadPoolExecutor(workers, thread_name_prefix="recognition", initializer=same_torch_threads())
        waiting: deque[Future[R]] = deque()
        interrupted = False
        try:
            for task in tasks:
                waiting.append(pool.submit(work, task))
                if len(waiting) > workers:
                    done(waiting.popleft().result())
            while waiting:
                done(waiting.popleft().result())
        except KeyboardInterrupt:
            interrupted = True
            raise
        finally:
            self._stopped.set()
            pool.shutdown(wait=not interrupted, cancel_futures=True)

    def call(self, engine: Callable[[list[T]], list[R]], clips: Sequence[T]) -> list[R]:
        """What the engine makes of each clip, in their order, as many at once as memory allows.

        Raises MeetscribeError if one clip is too much, CancelledError if `map_in_order` has ended.
        """
        results: list[R] = []
        while len(results) < len(clips):
            if self._stopped.is_set():
                raise CancelledError
            part = list(clips[len(results) : len(results) + self.size])
            try:
                results += engine(part)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if len(part) == 1:
                    raise MeetscribeError(
                        "the device has too little memory to decode even one chunk at a time",
                        "Use a smaller model, --compute-type int8, or --device cpu.",
                    ) from error
                self._halve(len(part))
        return results

    def _halve(self, size: int) -> None:
        """Take at most half of `size` from now on, and give back what can be given back."""
        with self._lock:
            self.size = min(self.size, size // 2)
        release_unused_models()


def is_out_of_memory(error: Exception) -> bool:
    """Whether an engine failed because a device has no memory left."""
    return isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _SIGNS)
