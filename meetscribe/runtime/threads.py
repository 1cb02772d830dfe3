"""The number of CPU threads of torch, set per Python thread, and an ordered parallel map."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_lock = threading.Lock()


def torch_threads() -> int:
    """Return the number of CPU threads that torch uses in the calling thread."""
    import torch

    with _lock:  # a new thread must not start with a number that another thread is setting
        return torch.get_num_threads()


@contextmanager
def use_torch_threads(count: int) -> Iterator[None]:
    """Make torch use `count` CPU threads in the calling thread within the context; 0 changes nothing."""
    if not count:
        yield
        return
    with keep_torch_threads():
        _set_torch_threads(count)
        yield


@contextmanager
def keep_torch_threads() -> Iterator[None]:
    """Restore torch's number of threads in the calling thread at the end of the context.

    CTranslate2 sets OpenMP's number of threads, which torch shares, when it loads a model.
    """
    before = torch_threads()
    try:
        yield
    finally:
        _set_torch_threads(before)


def same_torch_threads() -> Callable[[], None]:
    """Return an initializer for a thread pool that gives its workers the calling thread's number of torch threads."""
    if "torch" not in sys.modules:  # the number has not been set
        return lambda: None
    return partial(_set_torch_threads, torch_threads())


def parallel_map(work: Callable[[T], R], tasks: Iterable[T], workers: int) -> Iterator[R]:
    """Yield `work(task)` for each task, in the order of the tasks; torch uses one CPU thread in each worker.

    Parallel batches of a small network on one thread each are faster than sequential batches on all threads. About
    twice as many tasks as workers are submitted in advance. After a failure, or when the iterator is closed, no further
    task starts.
    """
    with ThreadPoolExecutor(workers, initializer=_set_torch_threads, initargs=(1,)) as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(copy_context().run, work, task))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _set_torch_threads(count: int) -> None:
    """Make torch use `count` CPU threads in the calling thread.

    torch keeps the number for each thread (OpenMP's `nthreads-var`), but a new thread starts with the number that was
    last set in any thread. This default is therefore restored from a temporary thread.
    """
    import torch

    with _lock:
        if torch.get_num_threads() == count:
            return
        default = _in_new_thread(torch.get_num_threads)
        torch.set_num_threads(count)
        _in_new_thread(partial(torch.set_num_threads, default))


def _in_new_thread(function: Callable[[], R]) -> R:
    """Run a function in a new thread and return its result."""
    results: list[R] = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]
