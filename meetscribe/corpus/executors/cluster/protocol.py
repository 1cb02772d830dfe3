"""The protocol of a cluster: starts workers on nodes, gives them tasks, and passes on their messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from meetscribe.corpus.events import Task
from meetscribe.corpus.executors.cluster.values import Message, Pool
from meetscribe.timeline import Seconds


class Cluster(Protocol):
    """Starts workers and passes messages; `ClusterExecutor` makes the decisions."""

    def launch(self, pool: Pool, excluded: Collection[str]) -> int:
        """Request a worker on a node that is not excluded, and return its number; raises ClusterError."""
        ...

    def begin(self, worker: int, task: Task, upcoming: Task | None) -> None:
        """Give a task to an idle worker; it may prepare `upcoming`, the next task."""
        ...

    def interrupt(self, worker: int) -> None:
        """Interrupt the task of a worker at its next event."""
        ...

    def remove(self, worker: int) -> None:
        """End a worker at once; no further message about it is received."""
        ...

    def poll(self, timeout: Seconds) -> Sequence[Message]:
        """Return the messages that have arrived; wait up to `timeout` seconds for the first."""
        ...

    def nodes(self) -> Mapping[str, str]:
        """Return the host of each living node by node id."""
        ...

    def resources(self) -> str:
        """Return the free and total resources of the cluster as text."""
        ...

    def now(self) -> Seconds:
        """Return the time of a monotonic clock."""
        ...

    def close(self) -> None:
        """End all workers and leave the cluster; end the cluster if this process started it."""
        ...
