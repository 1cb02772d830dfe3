"""A batch with the samples' weights, as the other commands start and kill it.

    python -m tests.benchmarks.archives.driver local|ray|HOST:PORT WORKERS OUT RECORDING...

A recording with "poison" in its name kills its worker. The last line on stdout is the number of recordings done, the
seconds from the first begin to the last end, and those that workers were busy.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from meetscribe.corpus import BatchOptions, Delivery, Event, Manifest, ProcessExecutor, Task, make_tasks, run_batch
from meetscribe.corpus.delivery import settings_digest
from meetscribe.corpus.events import OnEvent
from meetscribe.corpus.executors import Executor, Worker
from meetscribe.corpus.executors.cluster import ClusterExecutor, Pool
from meetscribe.corpus.executors.ray.cluster import RayCluster
from meetscribe.corpus.transcription import TranscriptionFactory
from meetscribe.pipeline.provenance import installed
from meetscribe.settings import Settings, load_settings
from tests.benchmarks.archives.clips import SAMPLES

FIXED = {"run.offline": "true", "run.threads": "1", "run.device": "cpu", "run.allow_empty": "true"}


@dataclass(frozen=True)
class PoisonFactory:
    """Creates workers that transcribe, and die of a recording with "poison" in its name."""

    factory: TranscriptionFactory

    @property
    def settings_digest(self) -> str:
        return self.factory.settings_digest

    @contextmanager
    def __call__(self) -> Iterator[Worker]:
        with self.factory() as worker:

            def run(task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
                if "poison" in task.recording.name:
                    os.kill(os.getpid(), signal.SIGKILL)
                return worker(task, upcoming, emit)

            yield run


def settings_of(cache: bool) -> Settings:
    """Return the samples' settings, for one thread on a processor."""
    return load_settings(SAMPLES / "offline.toml", {**FIXED, "run.cache": str(cache).lower()})


def options_for(kind: str, workers: int, out: Path) -> BatchOptions:
    """Return the options of a batch on processes of this machine, on a new Ray cluster, or on that at an address."""
    delivery = Delivery(out.absolute(), ("json",))
    settings = settings_of(cache=kind not in ("local", "ray"))
    factory = PoisonFactory(TranscriptionFactory(settings, delivery, load=True))
    digest = settings_digest(settings, delivery)
    if kind == "local":
        create: Callable[[], Executor] = partial(ProcessExecutor, factory)
        return BatchOptions(create, digest, jobs=workers)
    connect = partial(RayCluster, None if kind == "ray" else kind, lambda pool: factory)
    create = partial(ClusterExecutor, connect, [Pool("cpu", workers)], installed("meetscribe"), digest)
    return BatchOptions(create, digest, jobs=None)


def main() -> None:
    """Run the batch."""
    kind, workers, out, *recordings = sys.argv[1:]
    manifest = Manifest(Path(out) / "meetscribe.manifest.jsonl")
    times: list[float] = []

    def on_event(event: Event) -> None:
        if event.kind in ("begin", "end", "retry"):
            times.append(time.monotonic())
            members = {"kind": event.kind, "input": event.recording.name, "error": event.error}
            print(json.dumps(members), file=sys.stderr, flush=True)

    options = replace(options_for(kind, int(workers), Path(out)), tries=3)
    summary = run_batch(make_tasks(list(map(Path, recordings)), manifest), options, manifest, on_event)
    busy = sum(summary.worked.values())
    print(json.dumps([summary.done, times[-1] - times[0] if times else 0.0, busy]))


if __name__ == "__main__":
    from tests.benchmarks.archives import driver

    driver.main()  # workers import the factory from its module
