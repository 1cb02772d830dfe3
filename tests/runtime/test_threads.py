"""Torch's number of threads is set for one Python thread, and a parallel map keeps the order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import torch

from meetscribe.runtime.threads import (
    keep_torch_threads,
    parallel_map,
    same_torch_threads,
    torch_threads,
    use_torch_threads,
)


def in_new_thread() -> int:
    """Return torch's number of threads in a new thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(torch_threads).result()


def test_the_number_is_set_for_the_calling_thread_only() -> None:
    """Two threads compute on different numbers at once, and later threads on the default."""
    before = (torch_threads(), in_new_thread())
    together = Barrier(2, timeout=10)

    def compute(count: int) -> tuple[int, int]:
        with use_torch_threads(count):
            together.wait()
            found = torch_threads()
            together.wait()
        return found, torch_threads()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(compute, (3, 5)))
    assert results == [(3, before[1]), (5, before[1])]
    assert (torch_threads(), in_new_thread()) == before


def test_zero_changes_nothing() -> None:
    """0 leaves the choice to torch."""
    before = torch_threads()
    with use_torch_threads(0):
        assert torch_threads() == before


def test_a_number_that_a_library_sets_is_undone() -> None:
    """CTranslate2 sets OpenMP's number, as torch does itself."""
    before, default = torch_threads(), in_new_thread()
    with keep_torch_threads():
        torch.set_num_threads(7)
    assert torch_threads() == before
    with ThreadPoolExecutor(1) as pool:  # the call above has also changed the default
        pool.submit(torch.set_num_threads, default).result()
    assert in_new_thread() == default


def test_each_worker_computes_on_one_thread() -> None:
    """Workers use one thread each; the calling thread and later threads are not affected."""
    before = in_new_thread()
    with use_torch_threads(3):
        assert list(parallel_map(lambda _: torch_threads(), range(6), 3)) == [1] * 6
        assert torch_threads() == 3
    assert in_new_thread() == before


def test_a_pool_computes_on_as_many_threads_as_its_creator() -> None:
    """Otherwise its threads would start with the default."""
    with use_torch_threads(3), ThreadPoolExecutor(1, initializer=same_torch_threads()) as pool:
        assert pool.submit(torch_threads).result() == 3


def test_results_come_in_order_and_tasks_are_taken_when_they_are_due() -> None:
    """The order holds however long a task takes; only a few tasks per worker are taken in advance."""
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(20):
            taken.append(number)
            yield number

    def work(number: int) -> int:
        time.sleep(0.001 * (number % 3))
        return number * number

    results = parallel_map(work, tasks(), 3)
    assert next(results) == 0
    assert len(taken) < 10
    assert list(results) == [number * number for number in range(1, 20)]


def test_no_task_starts_after_a_failure() -> None:
    """The error is that of the task, and tasks that have not started are dropped."""
    started: list[int] = []

    def work(number: int) -> int:
        started.append(number)
        time.sleep(0.001)
        return 1 // (3 - number)

    with pytest.raises(ZeroDivisionError):
        list(parallel_map(work, range(100), 2))
    assert len(started) < 12
