"""Call an engine in batches: in several threads, in order, with smaller batches after running out of memory."""

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

_OUT_OF_MEMORY_TEXTS = ("out of memory", "cublas_status_alloc_failed", "unable to allocate")


class BatchRunner:
    """Calls an engine with up to `size` clips at once.

    Several threads may call `run`, but only one at a time may call `map_in_order`.

    When the device runs out of memory, the batch size is halved for this and all later calls, and `release` returns
    unused memory to the system.
    """

    def __init__(self, size: int, release: Callable[[], object] = release_unused_models) -> None:
        self.size = size
        self._release = release
        self._requested = size
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """A notice if the batch size had to be reduced."""
        if self.size == self._requested:
            return ()
        text = f"the device ran out of memory: {self.size} chunks were decoded at once instead of {self._requested}"
        return (Notice("asr.memory", text, {"size": self.size, "asked": self._requested}),)

    def map_in_order(self, work: Callable[[T], R], tasks: Iterable[T], workers: int, done: Callable[[R], None]) -> None:
        """Apply `work` to the tasks in `workers` threads, and pass the results to `done` in the order of the tasks.

        At most one task more than the number of workers is pending at a time. After an error or Ctrl-C, no further call
        of the engine begins. Ctrl-C does not wait for running calls.
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

    def run(self, process: Callable[[list[T]], list[R]], clips: Sequence[T]) -> list[R]:
        """Return the results of `process`, a method of the engine, for all clips, in order.

        Raises MeetscribeError if the device has too little memory for one clip, CancelledError if `map_in_order` has
        ended.
        """
        results: list[R] = []
        while len(results) < len(clips):
            if self._stopped.is_set():
                raise CancelledError
            part = list(clips[len(results) : len(results) + self.size])
            try:
                results += process(part)
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
        """Reduce the batch size to at most half of `size`, and release unused memory."""
        with self._lock:
            self.size = min(self.size, size // 2)
        self._release()


def is_out_of_memory(error: Exception) -> bool:
    """Return whether an engine failed because the memory of a device ran out."""
    return isinstance(error, MemoryError) or any(text in str(error).lower() for text in _OUT_OF_MEMORY_TEXTS)
