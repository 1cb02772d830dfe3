"""Assign tasks to idle workers: the longest first, and at the end none that another worker finishes sooner.

Workers differ in speed: a GPU is many times as fast as a CPU. This minimises the makespan on uniform machines: longest
processing time first while many tasks wait, and list scheduling by the earliest completion time for the last tasks
(Ibarra and Kim, 1977, "Heuristic algorithms for scheduling independent tasks on nonidentical processors").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from meetscribe.corpus.events import Task
from meetscribe.corpus.executors.cluster.queue import TaskQueue, work
from meetscribe.timeline import Seconds

_LAST = 2  # with at most this many waiting tasks per worker, each is assigned by its completion time


@dataclass(frozen=True, slots=True)
class Capacity:
    """The capacity of worker `number`: its speed in work per second, and the time until it is idle.

    `suits` returns whether the worker may take a task.
    """

    number: int
    speed: float
    busy_for: Seconds = 0.0
    suits: Callable[[Task], bool] = lambda task: True


def assign(workers: Sequence[Capacity], queue: TaskQueue) -> list[tuple[int, Task]]:
    """Remove tasks from the queue for the idle workers (`busy_for` 0) and return them with the workers' numbers.

    An idle worker without a task in the result should wait: the others finish the remaining tasks sooner.
    """
    if len(queue) <= _LAST * len(workers):
        return _assign_last(workers, queue)
    idle = sorted((worker for worker in workers if not worker.busy_for), key=lambda worker: -worker.speed)
    speed = sum(worker.speed for worker in workers)
    fastest = max((worker.speed for worker in workers), default=1.0)
    running = sum(worker.busy_for * worker.speed for worker in workers)
    found = []
    for worker in idle:
        if not len(queue):
            break
        # A lower bound of the makespan; a worker takes no task that it would finish later.
        horizon = max((queue.total + running) / speed, work(queue.longest) / fastest)
        task = queue.take(worker.speed * horizon * (1 + 1e-9), worker.suits)
        if task is not None:
            found.append((worker.number, task))
            running += work(task)
    return found


def _assign_last(workers: Sequence[Capacity], queue: TaskQueue) -> list[tuple[int, Task]]:
    """Assign all tasks by earliest completion, and return the first task of each idle worker."""
    idle_in = {worker.number: worker.busy_for for worker in workers}
    found: dict[int, Task] = {}
    for task in queue:
        suitable = [worker for worker in workers if worker.suits(task)]
        if not suitable:
            continue
        best = min(suitable, key=lambda each: (idle_in[each.number] + work(task) / each.speed, idle_in[each.number]))
        if not idle_in[best.number]:
            found[best.number] = task
        idle_in[best.number] += work(task) / best.speed
    for task in found.values():
        queue.remove(task)
    return list(found.items())
