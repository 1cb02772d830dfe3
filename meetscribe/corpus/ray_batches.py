"""Batches on a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from meetscribe.corpus.batch import BatchOptions
from meetscribe.corpus.delivery import Delivery
from meetscribe.corpus.executors import WorkerFactory
from meetscribe.corpus.executors.cluster import ClusterExecutor, Pool
from meetscribe.corpus.executors.ray.cluster import RayCluster
from meetscribe.corpus.transcription import TranscriptionFactory
from meetscribe.errors import Notice
from meetscribe.pipeline.provenance import installed
from meetscribe.settings import Settings


@dataclass(frozen=True, slots=True)
class RayWorkers:
    """The number of CPU and GPU workers of a batch on Ray, each with one set of models.

    `address` is the address of the cluster for `ray.init`; without it, Ray is started on this machine.
    """

    cpu: int = 1
    gpu: int = 0
    address: str | None = None

    def pools(self, settings: Settings) -> tuple[Pool, ...]:
        """Return the worker pools; each worker reserves `run.threads` CPUs, at least one."""
        cpus = max(settings.run.threads, 1)
        pools = (Pool("cuda", self.gpu, cpus, 1.0), Pool("cpu", self.cpu, cpus))
        return tuple(pool for pool in pools if pool.workers)


def ray_options(
    settings: Settings, delivery: Delivery, workers: RayWorkers, on_notice: Callable[[Notice], None]
) -> BatchOptions:
    """Return the options of a batch that transcribes on Ray; `on_notice` receives notices about the cluster.

    The recordings and the output folder must have the same paths on all nodes, or be remote.
    """
    delivery = replace(delivery, folder=delivery.folder and delivery.folder.absolute())
    factory = TranscriptionFactory(settings, delivery, load=True)
    executor = partial(
        ClusterExecutor,
        partial(RayCluster, workers.address, partial(_factory_for, factory)),
        workers.pools(settings),
        installed("meetscribe"),
        factory.settings_digest,
        on_notice,
    )
    return BatchOptions(executor, factory.settings_digest, jobs=None)


def _factory_for(factory: TranscriptionFactory, pool: Pool) -> WorkerFactory:
    """Return the factory of the workers of a pool, with its device and number of threads."""
    run = replace(factory.settings.run, device=pool.device, threads=int(pool.cpus))
    return replace(factory, settings=replace(factory.settings, run=run))
