"""The tasks that wait for a worker, ordered by length."""

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
    """Tasks ordered by their work, the longest first; equal ones in the order in which they were added."""

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
        """Remove and return the longest task of at most `limit` seconds of work that suits, None if there is none."""
        for place in range(self._first(limit), len(self._tasks)):
            if suits(self._tasks[place][2]):
                return self._pop(place)
        return None

    def remove(self, task: Task) -> None:
        """Remove a task that is in the queue."""
        for place in range(self._first(work(task)), len(self._tasks)):
            if self._tasks[place][2] is task:
                self._pop(place)
                return

    def _first(self, limit: float) -> int:
        """Return the place of the first task of at most `limit` seconds of work."""
        return bisect_left(self._tasks, -limit, key=lambda entry: entry[0])

    def _pop(self, place: int) -> Task:
        _, _, task = self._tasks.pop(place)
        self.total = self.total - work(task) if self._tasks else 0.0
        return task

    def clear(self) -> list[Task]:
        """Remove and return all tasks."""
        tasks = list(self)
        self._tasks, self.total = [], 0.0
        return tasks
