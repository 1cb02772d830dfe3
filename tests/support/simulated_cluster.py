"""A cluster with a virtual clock: workers take the time that a recording's length says, and nodes and workers fail."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from meetscribe.corpus.events import Event, Task
from meetscribe.corpus.executors.cluster.values import Died, Emitted, Message, Placed, Pool, Ready, WorkerReport
from meetscribe.timeline import Seconds

VERSION, DIGEST = "1.0", "settings"


@dataclass(frozen=True)
class Node:
    """A node: its device, the number of workers that it holds, and their work per second.

    `starts` is false if models do not load on it. `version` is that of the meetscribe on it, `digest` of its settings.
    """

    name: str
    slots: int = 1
    device: str = "cpu"
    speed: float = 1.0
    starts: bool = True
    version: str = VERSION
    digest: str = DIGEST


@dataclass(frozen=True)
class Faults:
    """Rates of failures per hour and node, the time until a node is back, and the recordings that kill workers."""

    nodes: float = 0.0
    workers: float = 0.0
    repair: Seconds = 600.0
    poison: Callable[[Task], bool] = lambda task: False


@dataclass
class _Worker:
    pool: Pool
    excluded: Collection[str]
    node: str = ""
    task: Task | None = None
    began: Seconds = 0.0


@dataclass
class SimulatedCluster:
    """Runs tasks in virtual time.

    `duration` returns the seconds of work of a task, `start` is the time to load models, `lost` counts the workers that
    died.
    """

    members: Sequence[Node]
    duration: Callable[[Task], Seconds] = lambda task: max(task.length, 1.0)
    faults: Faults = field(default_factory=Faults)
    start: Seconds = 30.0
    seed: int = 0
    time: Seconds = 0.0
    lost: int = 0
    closed: bool = False
    begun: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._nodes = {node.name: node for node in self.members}
        self._down: set[str] = set()
        self._used = dict.fromkeys(self._nodes, 0)
        self._workers: dict[int, _Worker] = {}
        self._waiting: list[int] = []
        self._agenda: list[tuple[Seconds, int, Callable[[], list[Message]]]] = []
        self._count = 0
        for node in self._nodes:
            self._plan_failure(node)

    def launch(self, pool: Pool, excluded: Collection[str]) -> int:
        self._count += 1
        number = self._count
        self._workers[number] = _Worker(pool, frozenset(excluded))
        self._waiting.append(number)
        self._at(0.0, self._place)
        return number

    def begin(self, worker: int, task: Task, upcoming: Task | None) -> None:
        state = self._workers[worker]
        state.task, state.began = task, self.time
        self.begun.append((state.node, task.recording.name))
        seconds = self.duration(task) / self._nodes[state.node].speed
        death = self._random.expovariate(self.faults.workers / 3600) if self.faults.workers else float("inf")
        if self.faults.poison(task) or death < seconds:
            self._at(min(seconds / 2, death), lambda: self._die(worker, task))
        else:
            self._at(seconds, lambda: self._end(worker, task, seconds))

    def interrupt(self, worker: int) -> None:
        task = self._workers[worker].task
        if task is not None:
            self._at(0.0, lambda: self._emit(worker, task, Event("end", task.recording)))

    def remove(self, worker: int) -> None:
        state = self._workers.pop(worker, None)
        if state is not None and state.node:
            self._used[state.node] -= 1
            self._at(0.0, self._place)

    def poll(self, timeout: Seconds) -> Sequence[Message]:
        """Advance the clock to the next event, unless the timeout is 0, and return the messages of that moment."""
        if not self._agenda or (timeout == 0 and self._agenda[0][0] > self.time):
            self.time += timeout
            return []
        self.time = max(self.time, self._agenda[0][0])
        messages: list[Message] = []
        while self._agenda and self._agenda[0][0] <= self.time:
            messages += heapq.heappop(self._agenda)[2]()
        return messages

    def nodes(self) -> Mapping[str, str]:
        return {name: f"host-{name}" for name in self._nodes if name not in self._down}

    def resources(self) -> str:
        return f"{len(self.nodes())} nodes"

    def now(self) -> Seconds:
        return self.time

    def close(self) -> None:
        self.closed = True

    def _at(self, delay: Seconds, action: Callable[[], list[Message]]) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (self.time + delay, self._count, action))

    def _place(self) -> list[Message]:
        """Give waiting workers a place on a node with their device and a free slot."""
        placed: list[Message] = []
        for number in list(self._waiting):
            state = self._workers.get(number)
            if state is None:
                self._waiting.remove(number)
                continue
            node = next((node for node in self._nodes.values() if self._fits(node, state)), None)
            if node is not None:
                self._waiting.remove(number)
                state.node = node.name
                self._used[node.name] += 1
                placed.append(Placed(number, node.name, f"host-{node.name}"))
                self._at(self.start, lambda number=number: self._start(number))  # type: ignore[misc]
        return placed

    def _fits(self, node: Node, worker: _Worker) -> bool:
        is_free = node.name not in self._down and self._used[node.name] < node.slots
        return is_free and node.device == worker.pool.device and node.name not in worker.excluded

    def _start(self, number: int) -> list[Message]:
        state = self._workers.get(number)
        if state is None:
            return []
        node = self._nodes[state.node]
        if not node.starts:
            return [Died(number, "no model", "weights")]
        report = WorkerReport(node.name, f"host-{node.name}", 1, node.device, node.version, node.digest)
        return [Ready(number, report)]

    def _end(self, number: int, task: Task, seconds: Seconds) -> list[Message]:
        end = Event("end", task.recording, duration=task.length, status="done", hash="sha256:0", seconds=seconds)
        return self._emit(number, task, end)

    def _emit(self, number: int, task: Task, event: Event) -> list[Message]:
        state = self._workers.get(number)
        if state is None or state.task is not task:
            return []
        state.task = None
        return [Emitted(number, (event,))]

    def _die(self, number: int, task: Task) -> list[Message]:
        state = self._workers.get(number)
        if state is None or state.task is not task:
            return []
        self.lost += 1
        return [Died(number, "its worker process died", "worker-died")]

    def _plan_failure(self, node: str) -> None:
        if self.faults.nodes:
            self._at(self._random.expovariate(self.faults.nodes / 3600), lambda: self.fail(node))

    def fail(self, node: str) -> list[Message]:
        """Lose a node for the time of a repair; its workers die."""
        self._down.add(node)
        self._at(self.faults.repair, lambda: self._return(node))
        dead = [number for number, state in self._workers.items() if state.node == node]
        self.lost += len(dead)
        return [Died(number, "its worker process died with its node", "worker-died") for number in dead]

    def _return(self, node: str) -> list[Message]:
        self._down.discard(node)
        self._plan_failure(node)
        self._at(0.0, self._place)
        return []
