"""Kill workers, nodes and drivers of a batch on a real Ray cluster, and count what was lost or done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meetscribe.corpus import Manifest
from meetscribe.corpus.executors.ray.connection import import_ray, private_folder, use_token
from tests.benchmarks.archives.clips import cut_clips

CHECKS = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 4}


@dataclass
class Kills:
    """The kills that are left, and those that were made."""

    left: list[tuple[int, str]]
    made: Counter[str] = field(default_factory=Counter)


class Nodes:
    """A head without CPUs and two nodes with one each."""

    def __init__(self) -> None:
        use_token(is_local=True)
        import_ray()
        from ray.cluster_utils import Cluster

        os.environ["RAY_TMPDIR"] = str(private_folder())
        (private_folder() / "ray").mkdir(exist_ok=True)
        head = {"num_cpus": 0, "object_store_memory": 80_000_000, "_system_config": CHECKS}
        self._cluster: Any = Cluster(initialize_head=True, head_node_args=head)
        self.nodes = [self.add(), self.add()]

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def add(self) -> Any:
        return self._cluster.add_node(num_cpus=1, object_store_memory=80_000_000)

    def kill(self, place: int) -> None:
        """Kill the raylet of a node with its workers, and start another node."""
        for worker in self.workers(place):
            os.kill(worker, signal.SIGKILL)
        self._cluster.remove_node(self.nodes[place], allow_graceful=False)
        self.nodes[place] = self.add()

    def workers(self, place: int) -> list[int]:
        """Return the processes of actors on a node."""
        raylet = self.nodes[place].all_processes["raylet"][0].process.pid
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == raylet and (entry / "cmdline").read_bytes().startswith(b"ray::WorkerActor"):
                    found.append(int(entry.name))
        return found

    def close(self) -> None:
        self._cluster.shutdown()


def plan(recordings: int, actors: int, nodes: int, drivers: int, seed: int) -> Kills:
    """Return kills at random counts of recordings done."""
    rng = random.Random(seed)
    kinds = ["actor"] * actors + ["node"] * nodes + ["driver"] * drivers
    rng.shuffle(kinds)
    counts = sorted(rng.sample(range(1, max(recordings - 4, len(kinds) + 2)), len(kinds)))
    return Kills(list(zip(counts, kinds, strict=True)))


def run(folder: Path, clips: int, poison: int, kills: Kills, limit: float) -> dict[str, int]:
    """Process clips and poison on a cluster while killing, at most for `limit` seconds; return the counts."""
    recordings = cut_clips(folder / "in", clips, 4.0)
    for number in range(poison):
        recordings.append(folder / "in" / f"poison{number}.wav")
        recordings[-1].write_bytes(recordings[number].read_bytes())
    log = folder / "kills"
    if log.exists():  # an earlier run with the same plan was interrupted
        kills.made.update(log.read_text().split())
        kills.left = kills.left[kills.made.total() :]
    nodes, rng, started = Nodes(), random.Random(1), time.monotonic()
    driver = _start(nodes, folder, recordings)
    try:
        while time.monotonic() - started < limit:
            time.sleep(0.1)
            if driver.poll() is not None:
                break
            if not kills.left or _done(folder) < kills.left[0][0]:
                continue
            kind = kills.left[0][1]
            place = rng.randrange(2)
            if kind == "actor" and not (workers := nodes.workers(place)):
                continue
            kills.left.pop(0)
            kills.made[kind] += 1
            with log.open("a") as file:
                file.write(f"{kind}\n")
            print(f"{_done(folder)} done: killing a {kind}", file=sys.stderr, flush=True)
            if kind == "actor":
                os.kill(workers[0], signal.SIGKILL)
            elif kind == "node":
                nodes.kill(place)
            else:
                driver.kill()
                driver.wait()
                driver = _start(nodes, folder, recordings)
    finally:
        driver.kill()
        driver.wait()
        nodes.close()
    return counts(folder, recordings, kills)


def counts(folder: Path, recordings: list[Path], kills: Kills) -> dict[str, int]:
    """Return how many recordings are done, lost, done twice and failed, and the kills."""
    entries = list(Manifest(folder / "out" / "meetscribe.manifest.jsonl").attempts())
    done = Counter(Path(entry.input).name for entry in entries if entry.status == "done")
    last = {Path(entry.input).name: entry.status for entry in entries}
    good = [path.name for path in recordings if "poison" not in path.name]
    outputs = {path.stem for path in (folder / "out").glob("*.json")}
    return {
        "recordings": len(recordings),
        "done": len(done),
        "lost": sum(last.get(name) != "done" or Path(name).stem not in outputs for name in good),
        "doubled": sum(count > 1 for count in done.values()),
        "failed, poison": sum("poison" in name and status == "failed" for name, status in last.items()),
        "failed, others": sum("poison" not in name and status == "failed" for name, status in last.items()),
        **{f"kills of {kind}s": count for kind, count in sorted(kills.made.items())},
    }


def _start(nodes: Nodes, folder: Path, recordings: list[Path]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.benchmarks.archives.driver", nodes.address, "2", str(folder / "out")]
    (folder / "out").mkdir(parents=True, exist_ok=True)
    with (folder / "driver.log").open("ab") as log:
        return subprocess.Popen([*command, *map(str, recordings)], stdout=log, stderr=log)


def _done(folder: Path) -> int:
    """Return the number of lines of the manifest."""
    file = folder / "out" / "meetscribe.manifest.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0
