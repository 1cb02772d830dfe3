"""Which worker takes which task."""

from __future__ import annotations

import heapq
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.corpus import Task
from meetscribe.corpus.executors.cluster.assignment import Capacity, assign
from meetscribe.corpus.executors.cluster.queue import TaskQueue, work

LENGTHS = st.lists(st.floats(1, 1000), min_size=1, max_size=60)
SPEEDS = st.lists(st.sampled_from([1.0, 1.05, 2.0, 10.0]), min_size=1, max_size=6)


def queue_of(lengths: list[float]) -> TaskQueue:
    queue = TaskQueue()
    for number, length in enumerate(lengths):
        queue.add(Task(Path(f"{number}"), Path(f"{number}"), length))
    return queue


def makespan(lengths: list[float], speeds: list[float]) -> tuple[float, int]:
    """Return the time at which the last task ends, and the number of tasks that were processed."""
    queue, now, processed = queue_of(lengths), 0.0, 0
    ends: dict[int, float] = {}
    events: list[tuple[float, int]] = []
    while len(queue) or events:
        capacities = [
            Capacity(worker, speed, max(ends.get(worker, 0.0) - now, 0.0)) for worker, speed in enumerate(speeds)
        ]
        for worker, task in assign(capacities, queue):
            assert ends.get(worker, 0.0) <= now, "only idle workers take tasks"
            ends[worker] = now + work(task) / speeds[worker]
            heapq.heappush(events, (ends[worker], worker))
            processed += 1
        assert events, "a task waits while all workers are idle"
        now, _ = heapq.heappop(events)
    return now, processed


@settings(deadline=None)
@given(LENGTHS, SPEEDS)
def test_no_task_is_lost_and_the_end_is_near_the_bound(lengths: list[float], speeds: list[float]) -> None:
    """Every task is processed once; the time is within that of the longest task of the lower bound."""
    time, processed = makespan(lengths, speeds)
    bound = max(sum(lengths) / sum(speeds), max(lengths) / max(speeds))
    assert processed == len(lengths)
    assert time <= bound + max(lengths) / max(speeds) + max(lengths) / sum(speeds) * len(speeds)


def test_the_last_task_waits_for_the_fast_worker() -> None:
    """A processor does not begin what the card finishes sooner after its current task."""
    assert assign([Capacity(1, 1.0), Capacity(2, 10.0, busy_for=5.0)], queue_of([100])) == []
    ((worker, _),) = assign([Capacity(1, 1.0), Capacity(2, 10.0, busy_for=500.0)], queue_of([100]))
    assert worker == 1


def test_a_slow_worker_takes_what_it_can_finish_in_time() -> None:
    """While much is left, it takes the longest recording that it finishes before the others finish the rest."""
    found = dict(assign([Capacity(1, 1.0), Capacity(2, 10.0)], queue_of([2000, 1000, 100, *[50] * 10])))
    assert work(found[2]) == 2000
    assert work(found[1]) == 100


def test_tasks_that_do_not_suit_wait() -> None:
    assert assign([Capacity(1, 1.0, suits=lambda task: False)], queue_of([5])) == []
    assert assign([Capacity(1, 1.0, suits=lambda task: task.length < 7)], queue_of([9, 8, 7, 6]))[0][1].length == 6
