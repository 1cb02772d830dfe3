"""A batch on a simulated cluster: the executor and the manifest are real, only the workers and the clock are not."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from meetscribe.corpus import BatchOptions, Manifest, Task, run_batch
from meetscribe.corpus.executors.cluster import ClusterExecutor, Pool
from meetscribe.corpus.executors.cluster.values import Message
from tests.support.simulated_cluster import DIGEST, VERSION, Faults, Node, SimulatedCluster

GPU_SPEED = 10.0


@dataclass(frozen=True)
class Result:
    """What a simulated batch did; times of the cluster are virtual, those of the driver are processor seconds."""

    recordings: int
    workers: int
    node_failures: float
    done: int
    failed: int
    retries: int
    hours: float
    ideal_hours: float
    driver_seconds: float
    manifest_mb: float
    restart_seconds: float
    memory_mb: float

    @property
    def efficiency(self) -> float:
        """The ideal time, without any failure and with all workers busy to the end, over the time taken."""
        return self.ideal_hours / self.hours


class TimedCluster(SimulatedCluster):
    """A simulated cluster that measures its own processor time."""

    own = 0.0

    def poll(self, timeout: float) -> Sequence[Message]:
        started = time.process_time()
        try:
            return super().poll(timeout)
        finally:
            self.own += time.process_time() - started


def resampled(count: int, pairs: Sequence[tuple[float, float]], factor: float) -> list[tuple[Task, float]]:
    """Return recordings drawn from those of a real batch, `factor` times as long, and the seconds that each takes."""
    drawn = random.Random(0).choices(pairs, k=count)
    return [
        (Task(Path(f"/r{number:06}.wav"), Path(f"r{number}"), factor * length), factor * seconds)
        for number, (length, seconds) in enumerate(drawn)
    ]


def simulate(recordings: Sequence[tuple[Task, float]], cpus: int, gpus: int, node_failures: float) -> Result:
    """Process recordings on nodes with a worker each, which fail at a rate per hour; cards are ten times as fast."""
    tasks, seconds = [task for task, _ in recordings], {task.recording: seconds for task, seconds in recordings}
    nodes = [Node(f"c{n}") for n in range(cpus)]
    nodes += [Node(f"g{n}", device="cuda", speed=GPU_SPEED) for n in range(gpus)]
    cluster = TimedCluster(nodes, lambda task: seconds[task.recording], Faults(nodes=node_failures), start=60.0)
    pools = [pool for pool in (Pool("cuda", gpus, gpus=1.0), Pool("cpu", cpus)) if pool.workers]
    create = partial(ClusterExecutor, lambda: cluster, pools, VERSION, DIGEST, lambda notice: None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manifest.jsonl"
        before = time.process_time()
        summary = run_batch(tasks, BatchOptions(create, DIGEST, jobs=None), Manifest(file), lambda event: None)
        spent = time.process_time() - before - cluster.own
        size, restarted = file.stat().st_size, time.perf_counter()
        Manifest(file)
        restart = time.perf_counter() - restarted
    ideal = sum(seconds.values()) / (cpus + GPU_SPEED * gpus)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Result(
        *(len(tasks), cpus + gpus, node_failures, summary.done, summary.failed, summary.retries, cluster.time / 3600),
        *(ideal / 3600, spent, size / 1e6, restart, memory),
    )


def manifest_at(lines: int) -> dict[str, float]:
    """Return the size of a manifest, the time to read it, the memory that it takes, and the time of a look-up."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manifest.jsonl"
        with file.open("w") as out:
            for number in range(lines):
                out.write(_LINE.replace("NUMBER", f"{number:07}"))
        before = _memory()
        started = time.perf_counter()
        manifest = Manifest(file)
        read, grown = time.perf_counter() - started, _memory() - before
        rng = random.Random(0)
        started = time.perf_counter()
        for _ in range(1000):
            assert manifest.last(Path(f"/archive/collection/{rng.randrange(lines):07}.flac")) is not None
        per_lookup = (time.perf_counter() - started) / 1000
        return {"MB": file.stat().st_size / 1e6, "read s": read, "memory MB": grown, "look-up us": per_lookup * 1e6}


def _memory() -> float:
    """Return the resident memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


_LINE = (
    '{"input": "/archive/collection/NUMBER.flac", "size": 31457280, "mtime_ns": 1795775129818808945, "hash": '
    '"sha256:98bc93256d040be18f0f5b797e3f963f3e390df9358bffc4650c275e77935dea", "outputs": '
    '["/archive/out/NUMBER.json", "/archive/out/NUMBER.srt"], "seconds": 312.152, "duration": 1808.154, "status": '
    '"done", "error": null, "code": 0, "made_for": "8de18b86ac620ef1", "notices": []}\n'
)
