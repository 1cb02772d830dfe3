"""Values exchanged by a cluster and its executor: worker pools, worker reports, and messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from meetscribe.corpus.events import Event, Failure


@dataclass(frozen=True, slots=True)
class Pool:
    """Workers of one kind: their device, their number, and the CPUs and GPUs that each one reserves."""

    device: str
    workers: int
    cpus: float = 1.0
    gpus: float = 0.0

    def __str__(self) -> str:
        needs = f"{self.cpus:g} CPU" + (f" and {self.gpus:g} GPU" if self.gpus else "")
        return f"{self.device} worker ({needs})"


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """The report of a worker with loaded models: its node, host, device and software.

    `version` is the version of meetscribe, `digest` the digest of its settings.
    """

    node: str
    host: str
    pid: int
    device: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A worker has a process on a node and loads its models."""

    worker: int
    node: str
    host: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has loaded its models."""

    worker: int
    report: WorkerReport


@dataclass(frozen=True, slots=True)
class Emitted:
    """A worker has emitted events of its task."""

    worker: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Died:
    """A worker is dead, or could not load its models; `failure` is the class of the reason."""

    worker: int
    reason: str
    failure: Failure


Message: TypeAlias = Placed | Ready | Emitted | Died
"""A message about a worker, whose number `Cluster.launch` returned."""
