"""The executor of a cluster: pools of workers on nodes that may fail.

It queues the tasks of a batch, keeps each pool at its size, and assigns the longest recordings first. A dead worker is
replaced. This module does not depend on Ray: a `Cluster` starts the workers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType

from meetscribe.corpus.events import RETRIED, Event, Task
from meetscribe.corpus.executors.cluster.assignment import assign
from meetscribe.corpus.executors.cluster.nodes import NodeHealth
from meetscribe.corpus.executors.cluster.protocol import Cluster
from meetscribe.corpus.executors.cluster.queue import TaskQueue
from meetscribe.corpus.executors.cluster.values import (
    Died,
    Emitted,
    Message,
    Placed,
    Pool,
    Ready,
    WorkerReport,
)
from meetscribe.corpus.executors.cluster.workers import ClusterWorker, capacities
from meetscribe.corpus.remote.files import Location, RemoteFile, location_of
from meetscribe.errors import ClusterError, Notice
from meetscribe.storage.files import is_file, is_folder
from meetscribe.timeline import Seconds

WAIT_LIMIT: Seconds = 60.0
"""Time after which a worker that was not placed is reported, and an idle worker without tasks is released."""

logger = logging.getLogger("meetscribe.corpus")


class ClusterExecutor:
    """Runs tasks on the workers of a cluster, which `connect` joins when the first task arrives.

    Each worker must report the given `version` of meetscribe and `digest` of the settings. `on_notice` receives notices
    about the cluster.
    """

    def __init__(
        self,
        connect: Callable[[], Cluster],
        pools: Sequence[Pool],
        version: str,
        digest: str,
        on_notice: Callable[[Notice], None] = lambda notice: logger.warning("%s", notice),
    ) -> None:
        self._connect, self._pools = connect, tuple(pools)
        self._required = version, digest
        self._cluster: Cluster | None = None
        self._queue = TaskQueue()
        self._workers: dict[int, ClusterWorker] = {}
        self._health = NodeHealth(on_notice)
        self._pending: list[Event] = []
        self._unplaced: set[Pool] = set()

    def __enter__(self) -> ClusterExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            cluster.close()

    def submit(self, task: Task, upcoming: Task | None = None) -> None:
        """Queue a task; `upcoming` is not used, because the longest tasks are started first."""
        self._queue.add(task)

    def receive(self, timeout: Seconds) -> Sequence[Event]:
        """Return the events that have occurred; wait up to `timeout` seconds for the first.

        Raises ClusterError if the cluster cannot be joined, or has no node left that can process recordings.
        """
        if self._cluster is None and not self._queue:
            return self._take_pending()
        self._schedule()
        messages = self._joined.poll(0.0 if self._pending else timeout)
        for message in messages:
            self._handle(message)
        return self._take_pending()

    def stop(self, *, gently: bool) -> None:
        """Interrupt all running tasks, or end all workers if not `gently`; waiting tasks get only an "end" event."""
        self._pending += [Event("end", task.recording) for task in self._queue.clear()]
        for worker in list(self._workers.values()):
            if not gently:
                self._remove(worker)
            elif worker.task is not None:
                self._joined.interrupt(worker.number)

    @property
    def _joined(self) -> Cluster:
        """The cluster, which is joined on first use; raises ClusterError."""
        if self._cluster is None:
            self._cluster = self._connect()
        return self._cluster

    def _take_pending(self) -> Sequence[Event]:
        events, self._pending = self._pending, []
        return events

    def _schedule(self) -> None:
        """Release unneeded workers, assign tasks to idle ones, and fill the pools."""
        now = self._joined.now()
        for worker in list(self._workers.values()):
            is_unneeded = not self._queue and worker.is_idle and now - worker.since > WAIT_LIMIT
            if worker.task is None and (is_unneeded or worker.node in self._health.excluded):
                self._remove(worker)
        if self._queue and any(worker.is_idle for worker in self._workers.values()):
            workers = list(self._workers.values())
            for number, task in assign(capacities(workers, now, self._health), self._queue):
                self._start_task(self._workers[number], task, now)
        for pool in self._pools:
            self._fill(pool, now)

    def _start_task(self, worker: ClusterWorker, task: Task, now: Seconds) -> None:
        """Begin a task on a worker; the only worker of a cluster also receives the next task to prepare."""
        is_only_worker = sum(pool.workers for pool in self._pools) == 1
        worker.begin(task, now)
        self._joined.begin(worker.number, task, self._queue.longest if self._queue and is_only_worker else None)
        self._pending.append(Event("begin", task.recording, host=worker.host, device=worker.pool.device))

    def _fill(self, pool: Pool, now: Seconds) -> None:
        """Launch the missing workers of a pool, at most one per waiting task, and report workers not placed."""
        workers = [worker for worker in self._workers.values() if worker.pool == pool]
        unoccupied = sum(worker.task is None for worker in workers)
        for _ in range(min(pool.workers - len(workers), len(self._queue) - unoccupied)):
            self._require_nodes()
            number = self._joined.launch(pool, tuple(self._health.excluded))
            self._workers[number] = ClusterWorker(number, pool, now)
        waiting = sum(not worker.node and now - worker.since > WAIT_LIMIT for worker in workers)
        if waiting and pool not in self._unplaced:
            self._unplaced.add(pool)
            self._report_unplaced(pool, waiting)

    def _handle(self, message: Message) -> None:
        """Update the state of a worker, and collect the events of its task."""
        worker = self._workers.get(message.worker)
        if worker is None:
            return
        if isinstance(message, Placed):
            worker.node, worker.host = message.node, message.host
            self._health.hosts[message.node] = message.host
            self._health.started("")  # workers can be placed: those that died before are no longer counted
        elif isinstance(message, Ready):
            self._admit(worker, message.report)
        elif isinstance(message, Emitted):
            for event in message.events:
                self._handle_event(worker, event)
        else:
            self._handle_death(worker, message)

    def _admit(self, worker: ClusterWorker, report: WorkerReport) -> None:
        """Accept a worker with the required version and settings; otherwise exclude its node."""
        version, digest = self._required
        if (report.version, report.digest) == self._required:
            worker.become_ready(self._joined.now())
            self._health.started(report.node)
            return
        self._remove(worker)
        reason = f"it runs meetscribe {report.version} with settings {report.digest}, not {version} with {digest}"
        self._health.exclude(report.node, reason)
        self._require_nodes()

    def _handle_event(self, worker: ClusterWorker, event: Event) -> None:
        """Collect an event; a failure of the machine is counted for its node."""
        if worker.task is None or event.recording != worker.task.recording:
            return
        if event.kind == "end":
            event = replace(_checked(event, worker.host), host=worker.host, device=worker.pool.device)
            worker.end(event, self._joined.now())
            if event.failure == "weights":  # not counted as an attempt at the recording
                self._remove(worker)
                self._start_failed(worker, event.error or "")
                event = replace(event, failure="node-lost")
            elif event.failure in RETRIED:
                is_last = not set(self._joined.nodes()) - {*self._health.excluded, worker.node}
                self._health.failed(worker.node, event.recording, event.error or "", is_last)
            elif event.status is not None:
                self._health.succeeded(worker.node, event.recording)
        self._pending.append(event)

    def _handle_death(self, worker: ClusterWorker, message: Died) -> None:
        """Remove a dead worker, and end its task."""
        if worker.task is not None:
            seconds = max(self._joined.now() - worker.since, 0.0)
            failed = Event("end", worker.task.recording, status="failed", seconds=seconds, error=message.reason, code=1)
            self._handle_event(worker, replace(failed, failure=message.failure))
            self._remove(worker)
            return
        self._remove(worker)
        if not worker.is_ready and message.failure != "node-lost":
            self._start_failed(worker, message.reason)

    def _start_failed(self, worker: ClusterWorker, reason: str) -> None:
        """Count a worker whose models do not load; its node is "" if it was never placed."""
        self._health.start_failed(worker.node, reason)
        self._require_nodes()

    def _remove(self, worker: ClusterWorker) -> None:
        if self._workers.pop(worker.number, None) is not None:
            self._joined.remove(worker.number)

    def _require_nodes(self) -> None:
        """Raise ClusterError if all nodes are excluded, or if workers die before they are placed."""
        excluded = self._health.excluded
        if not excluded or ("" not in excluded and set(self._joined.nodes()) - set(excluded)):
            return
        reason = list(excluded.values())[-1]
        raise ClusterError(
            f"no node of the cluster can process recordings: {reason}",
            "Install the same version of meetscribe and the model weights on each node, and run the command again.",
        )

    def _report_unplaced(self, pool: Pool, count: int) -> None:
        resources = self._joined.resources()
        text = f"{count} × {pool} could not be placed in the cluster for a minute; it has {resources}"
        self._health.on_notice(
            Notice("cluster.unplaced", text, {"pool": str(pool), "workers": count, "resources": resources})
        )


def _checked(end: Event, host: str) -> Event:
    """Return the end of a task after a check whether its files exist on this machine.

    The failure "not-visible" becomes "input" if the recording does not exist here either. A recording whose outputs do
    not exist here fails with "not-visible".
    """
    if end.failure == "not-visible" and not _is_visible(end.recording):
        return replace(end, failure="input")
    if all(_is_visible(location_of(output)) for output in end.outputs):
        return end
    error = f"{host} wrote the output files, but they are not on this machine: is the output folder shared?"
    return replace(end, status="failed", outputs=(), error=error, code=3, failure="not-visible")


def _is_visible(location: Location) -> bool:
    """Return whether a file exists on this machine; remote files are visible everywhere."""
    return isinstance(location, RemoteFile) or is_file(location) or is_folder(location)
