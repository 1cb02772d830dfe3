"""The queue of waiting tasks, ordered by length."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator

from meetscribe.corpus.events import Task
from meetscribe.timeline import Seconds

_SHORTEST: Seconds = 1.0  # a task takes some time, however short its recording


def work(task: Task) -> Seconds:
    """Return the work of a task: the estimated length of its recording, at least one second."""
    return max(task.length, _SHORTEST)


class TaskQueue:
    """Tasks ordered by work, the longest first; equal tasks keep the order of their addition."""

    def __init__(self) -> None:
        self._tasks: list[tuple[float, int, Task]] = []
        self._added = 0
        self.total: Seconds = 0.0

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[Task]:
        return (task for _, _, task in self._tasks)

    @property
    def longest(self) -> Task:
        """The task with the most work; raises IndexError if there is none."""
        return self._tasks[0][2]

    def add(self, task: Task) -> None:
        """Add a task."""
        insort(self._tasks, (-work(task), self._added, task), key=lambda entry: entry[:2])
        self._added += 1
        self.total += work(task)

    def take(self, limit: float, suits: Callable[[Task], bool] = lambda task: True) -> Task | None:
        """Remove and return the longest suitable task of at most `limit` seconds of work, None if there is none."""
        for index in range(self._first(limit), len(self._tasks)):
            if suits(self._tasks[index][2]):
                return self._pop(index)
        return None

    def remove(self, task: Task) -> None:
        """Remove a task from the queue."""
        for index in range(self._first(work(task)), len(self._tasks)):
            if self._tasks[index][2] is task:
                self._pop(index)
                return

    def _first(self, limit: float) -> int:
        """Return the index of the first task of at most `limit` seconds of work."""
        return bisect_left(self._tasks, -limit, key=lambda entry: entry[0])

    def _pop(self, index: int) -> Task:
        _, _, task = self._tasks.pop(index)
        self.total = self.total - work(task) if self._tasks else 0.0
        return task

    def clear(self) -> list[Task]:
        """Remove and return all tasks."""
        tasks = list(self)
        self._tasks, self.total = [], 0.0
        return tasks
