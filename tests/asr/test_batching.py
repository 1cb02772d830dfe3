"""Batches: in order, in several threads, within the memory, and stopped at once on an error or Ctrl-C."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.batching import BatchRunner, is_out_of_memory
from meetscribe.errors import MeetscribeError
from tests.support.notices import texts_of


@given(st.integers(0, 20), st.integers(1, 8), st.integers(1, 8))
def test_the_batch_size_fits_the_memory(clips: int, size: int, memory: int) -> None:
    """All clips are decoded in order, and the batch size that failed is not used again."""
    batches = BatchRunner(size, release=int)
    calls: list[int] = []

    def engine(part: list[int]) -> list[int]:
        calls.append(len(part))
        if len(part) > memory:
            raise RuntimeError("CUDA failed with error out of memory")
        return [clip * clip for clip in part]

    assert batches.run(engine, range(clips)) == [clip * clip for clip in range(clips)]
    failed = [count for count in calls if count > memory]
    assert failed == sorted(set(failed), reverse=True)
    assert (batches.notices == ()) == (not failed)


def test_the_notice_contains_the_batch_size() -> None:
    batches = BatchRunner(8)
    batches.run(lambda part: part if len(part) <= 2 else _fail(MemoryError()), [1, 2, 3, 4, 5, 6, 7, 8])
    (warning,) = texts_of(batches.notices)
    assert "2 chunks were decoded at once instead of 8" in warning


def _fail(error: Exception) -> list[int]:
    raise error


def test_too_little_memory_for_one_clip_is_an_error_with_a_remedy() -> None:
    with pytest.raises(MeetscribeError, match="too little memory") as error:
        BatchRunner(4).run(lambda part: _fail(RuntimeError("CUDA out of memory. Tried to allocate")), [1, 2, 3])
    assert "--compute-type int8" in error.value.remedy


def test_other_errors_are_raised_unchanged() -> None:
    assert not is_out_of_memory(RuntimeError("a wrong shape"))
    with pytest.raises(RuntimeError, match="a wrong shape"):
        BatchRunner(4).run(lambda part: _fail(RuntimeError("a wrong shape")), [1, 2, 3])


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    """The order depends neither on the duration of a task nor on its worker."""
    results: list[int] = []

    def work(task: int) -> int:
        time.sleep(0.002 * (task % 3))
        return -task

    BatchRunner(1).map_in_order(work, range(20), workers, results.append)
    assert results == [-task for task in range(20)]


def test_few_tasks_are_held_at_once() -> None:
    """A task is read only when a worker is about to be free, so a long recording is not read ahead."""
    taken, finished, ahead = 0, 0, 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for task in range(30):
            taken += 1
            yield task

    def done(result: int) -> None:
        nonlocal finished, ahead
        ahead = max(ahead, taken - finished)
        finished += 1

    BatchRunner(1).map_in_order(lambda task: task, tasks(), 2, done)
    assert (finished, ahead) == (30, 3)


def test_an_error_stops_the_other_tasks() -> None:
    """The first error is raised, and no call of the engine begins after it."""
    batches = BatchRunner(1)
    calls: list[int] = []

    def engine(part: list[int]) -> list[int]:
        calls.extend(part)
        return part

    def work(task: int) -> int:
        if task == 2:
            raise ValueError("task 2")
        return batches.run(engine, [task])[0]

    with pytest.raises(ValueError, match="task 2"):
        batches.map_in_order(work, range(100), 1, lambda result: None)
    assert len(calls) <= 4
    with pytest.raises(CancelledError):
        batches.run(lambda part: part, [1])


def test_a_runner_can_be_reused() -> None:
    """It runs first language detection, then decoding."""
    batches = BatchRunner(2)
    for _ in range(2):
        results: list[list[int]] = []
        batches.map_in_order(lambda task: batches.run(lambda part: part, task), [[1, 2, 3], [4]], 2, results.append)
        assert list(chain.from_iterable(results)) == [1, 2, 3, 4]


def test_ctrl_c_does_not_wait_for_the_engine() -> None:
    """An interruption is raised at once, while a call of the engine is still running."""
    batches = BatchRunner(1)
    release, begun = threading.Event(), threading.Event()

    def engine(part: list[int]) -> list[int]:
        begun.set()
        release.wait(20)
        return part

    def interrupt(result: object) -> None:
        raise KeyboardInterrupt  # as a signal does in the main thread

    def work(task: int) -> list[int]:
        return [task] if task == 0 else batches.run(engine, [task])

    started = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            batches.map_in_order(work, range(5), 2, interrupt)
        assert time.monotonic() - started < 5
    finally:
        release.set()
