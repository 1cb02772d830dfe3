"""A batch with the samples' weights, as the other commands start and kill it.

    python -m tests.benchmarks.archives.driver local|ray|HOST:PORT WORKERS OUT RECORDING...

A recording with "poison" in its name kills its worker. Each worker appends its measures of a recording to
OUT/measures. The last line on stdout has the times of the ends, and the processor seconds of this process.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
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
from meetscribe.storage.files import append_line
from tests.benchmarks.archives.clips import SAMPLES

FIXED = {"run.offline": "true", "run.threads": "1", "run.device": "cpu", "run.allow_empty": "true"}


@dataclass(frozen=True)
class MeasuringFactory:
    """Creates workers that transcribe, measure each recording, and die of one with "poison" in its name."""

    factory: TranscriptionFactory
    measures: Path

    @property
    def settings_digest(self) -> str:
        return self.factory.settings_digest

    @contextmanager
    def __call__(self) -> Iterator[Worker]:
        with self.factory() as worker:

            def run(task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
                if "poison" in task.recording.name:
                    os.kill(os.getpid(), signal.SIGKILL)
                before, spent = time.monotonic(), _processor_seconds()
                end = worker(task, upcoming, emit)
                measure = Measure(time.monotonic() - before, _processor_seconds() - spent, _threads(), os.nice(0))
                append_line(self.measures, json.dumps(asdict(measure)).encode())
                return end

            yield run


@dataclass(frozen=True)
class Measure:
    """A recording on a worker: seconds, processor seconds of all its threads, those of torch, and the niceness."""

    seconds: float
    processor: float
    threads: int
    niceness: int


def _processor_seconds() -> float:
    """Return the processor seconds of this process and of those that it has waited for, such as the decoder."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _threads() -> int:
    import torch

    return int(torch.get_num_threads())


def settings_of(cache: bool) -> Settings:
    """Return the samples' settings, for one thread on a processor."""
    return load_settings(SAMPLES / "offline.toml", {**FIXED, "run.cache": str(cache).lower()})


def options_for(kind: str, workers: int, out: Path) -> BatchOptions:
    """Return the options of a batch on processes of this machine, on a new Ray cluster, or on that at an address."""
    delivery = Delivery(out.absolute(), ("json",))
    settings = settings_of(cache=kind not in ("local", "ray"))
    factory = MeasuringFactory(TranscriptionFactory(settings, delivery, load=True), out.absolute() / "measures")
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
    Path(out).mkdir(parents=True, exist_ok=True)
    ends: list[float] = []

    def on_event(event: Event) -> None:
        if event.kind == "end":
            ends.append(time.monotonic())
        if event.kind in ("begin", "end", "retry"):
            members = {"kind": event.kind, "input": event.recording.name, "error": event.error}
            print(json.dumps(members), file=sys.stderr, flush=True)

    options = replace(options_for(kind, int(workers), Path(out)), tries=3)
    summary = run_batch(make_tasks(list(map(Path, recordings)), manifest), options, manifest, on_event)
    print(json.dumps({"done": summary.done, "ends": ends, "driver": time.process_time()}))


if __name__ == "__main__":
    from tests.benchmarks.archives import driver

    driver.main()  # workers import the factory from its module
