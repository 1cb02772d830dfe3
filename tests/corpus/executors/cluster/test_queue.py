"""The queue of a cluster, with a sorted list as its oracle."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.corpus import Task
from meetscribe.corpus.executors.cluster.queue import TaskQueue, work


@given(st.lists(st.floats(0, 100)), st.lists(st.floats(0, 100)))
def test_the_longest_within_a_limit_is_taken(lengths: list[float], limits: list[float]) -> None:
    queue = TaskQueue()
    left = [Task(Path(f"{number}"), Path(f"{number}"), length) for number, length in enumerate(lengths)]
    for task in left:
        queue.add(task)
    for limit in limits:
        fit = [task for task in left if work(task) <= limit]
        expected = max(fit, key=work) if fit else None
        taken = queue.take(limit)
        assert taken is expected
        if taken is not None:
            left = [task for task in left if task is not taken]
        assert len(queue) == len(left)
        assert abs(queue.total - sum(map(work, left))) < 1e-6
    assert sorted(map(id, queue.clear())) == sorted(map(id, left))
    assert (len(queue), queue.total) == (0, 0.0)


def test_a_task_is_removed() -> None:
    queue = TaskQueue()
    tasks = [Task(Path(name), Path(name), 5.0) for name in "abc"]
    for task in tasks:
        queue.add(task)
    queue.remove(tasks[1])
    assert list(queue) == [tasks[0], tasks[2]]
    assert queue.longest is tasks[0]
