"""The state and the speed of the workers of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetscribe.corpus.events import Event, Task
from meetscribe.corpus.executors.cluster.assignment import Capacity
from meetscribe.corpus.executors.cluster.nodes import NodeHealth
from meetscribe.corpus.executors.cluster.queue import work
from meetscribe.corpus.executors.cluster.values import Pool
from meetscribe.timeline import Seconds

_EXPECTED = {"cuda": 10.0, "mps": 3.0}  # speeds relative to a CPU, chosen by hand, until measured
_WEIGHT = 2.0  # the average speed of the device weighs as much as this many average tasks of the worker


@dataclass(slots=True)
class ClusterWorker:
    """The state of a worker since `since`: launched, idle, or busy with a task.

    `done` is the work of its processed tasks, `count` their number, and `seconds` the time they took.
    """

    number: int
    pool: Pool
    since: Seconds
    node: str = ""
    host: str = ""
    is_ready: bool = False
    task: Task | None = None
    done: Seconds = 0.0
    count: int = 0
    seconds: Seconds = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether the worker can take a task."""
        return self.is_ready and self.task is None

    def become_ready(self, now: Seconds) -> None:
        """Record that the models are loaded."""
        self.is_ready, self.since = True, now

    def begin(self, task: Task, now: Seconds) -> None:
        """Record that a task begins."""
        self.task, self.since = task, now

    def end(self, event: Event, now: Seconds) -> None:
        """Record that the task has ended."""
        if self.task is not None and event.status in ("done", "incomplete"):
            self.done += work(self.task)
            self.count += 1
            self.seconds += now - self.since
        self.task, self.since = None, now

    def busy_for(self, speed: float, now: Seconds) -> Seconds:
        """Return the estimated time until the task ends, 0 without one."""
        if self.task is None:
            return 0.0
        elapsed, expected = now - self.since, work(self.task) / speed
        # A task that takes longer than expected is assumed to take another tenth of its time so far.
        return max(expected - elapsed, 0.1 * elapsed, 0.01 * expected)


def capacities(workers: Sequence[ClusterWorker], now: Seconds, health: NodeHealth) -> list[Capacity]:
    """Return the capacity of each ready worker: its speed, the time until it is idle, and the suitable tasks.

    The speed is the measured speed, shrunk towards the average of its device; an unmeasured device gets its expected
    speed relative to the others. A recording that failed on a node goes to a different one if possible.
    """
    ready = [worker for worker in workers if worker.is_ready]
    rates = _rates(ready)
    mean = sum(worker.done for worker in ready) / max(sum(worker.count for worker in ready), 1)
    nodes = {worker.node for worker in ready}
    found = []
    for worker in ready:
        rate = rates[worker.pool.device]
        weight = _WEIGHT * mean / rate
        speed = (worker.done + rate * weight) / (worker.seconds + weight) if mean else rate

        def suits(task: Task, node: str = worker.node) -> bool:
            failed_on = health.failed_on(task.recording)
            return node not in failed_on or nodes <= failed_on

        found.append(Capacity(worker.number, speed, worker.busy_for(speed, now), suits))
    return found


def _rates(workers: Sequence[ClusterWorker]) -> dict[str, float]:
    """Return the work per second of each device: measured, or expected from the speed of other devices."""
    devices = {worker.pool.device for worker in workers}
    members = {device: [worker for worker in workers if worker.pool.device == device] for device in devices}
    done = {device: sum(worker.done for worker in members[device]) for device in devices}
    seconds = {device: sum(worker.seconds for worker in members[device]) for device in devices}
    measured = {device: done[device] / seconds[device] for device in devices if done[device] and seconds[device]}
    relative = [rate / _expected(device) for device, rate in measured.items()]
    base = sum(relative) / len(relative) if relative else 1.0
    return {device: measured.get(device, base * _expected(device)) for device in devices}


def _expected(device: str) -> float:
    return _EXPECTED.get(device.partition(":")[0], 1.0)
