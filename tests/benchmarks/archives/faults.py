"""Kill workers, nodes and drivers of a batch on a real Ray cluster, and count what was lost or done twice.

Each kill is recorded in a file when it has been made, so that an interrupted measurement goes on with the others.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meetscribe.corpus import Manifest
from meetscribe.corpus.executors.ray.connection import import_ray, private_folder, use_token
from tests.benchmarks.archives.clips import cut_clips

CHECKS = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 4}


@dataclass(frozen=True)
class Kill:
    """A planned kill: of what, and the number of lines of the manifest from which on it is made."""

    lines: int
    kind: str


class Kills:
    """The kills of a plan that are left; those made are the lines of a file."""

    def __init__(self, plan: list[Kill], file: Path) -> None:
        self._file = file
        made = file.read_text().splitlines() if file.exists() else []
        self.made = Counter(json.loads(line)["kind"] for line in made)
        self._left = plan[len(made) :]

    @property
    def next(self) -> Kill | None:
        """The next kill, None if all were made."""
        return self._left[0] if self._left else None

    def record(self, killed: int) -> None:
        """Note that the next kill was made, of a process."""
        kill = self._left.pop(0)
        self.made[kill.kind] += 1
        line = json.dumps({"kind": kill.kind, "pid": killed, "lines": kill.lines, "at": round(time.time())})
        with self._file.open("a") as file:
            file.write(f"{line}\n")
        print(line, file=sys.stderr, flush=True)


class Nodes:
    """A head without CPUs and two nodes with one each."""

    def __init__(self) -> None:
        use_token(is_local=True)
        import_ray()
        from ray.cluster_utils import Cluster

        os.environ["RAY_TMPDIR"] = str(private_folder())
        os.environ.setdefault("RAY_worker_niceness", "0")  # on a busy machine, Ray's own niceness makes this take hours
        (private_folder() / "ray").mkdir(exist_ok=True)
        head = {"num_cpus": 0, "object_store_memory": 80_000_000, "_system_config": CHECKS}
        self._cluster: Any = Cluster(initialize_head=True, head_node_args=head)
        self.nodes = [self.add(), self.add()]

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def add(self) -> Any:
        return self._cluster.add_node(num_cpus=1, object_store_memory=80_000_000)

    def kill(self, place: int) -> int:
        """Kill the raylet of a node with its workers, start another node, and return the process of the raylet."""
        raylet = int(self.nodes[place].all_processes["raylet"][0].process.pid)
        for worker in self.workers(place):
            os.kill(worker, signal.SIGKILL)
        self._cluster.remove_node(self.nodes[place], allow_graceful=False)
        self.nodes[place] = self.add()
        return raylet

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


def plan(recordings: int, actors: int, nodes: int, drivers: int, seed: int) -> list[Kill]:
    """Return kills at random counts of recordings done."""
    rng = random.Random(seed)
    kinds = ["actor"] * actors + ["node"] * nodes + ["driver"] * drivers
    rng.shuffle(kinds)
    counts = sorted(rng.sample(range(1, max(recordings - 4, len(kinds) + 2)), len(kinds)))
    return [Kill(lines, kind) for lines, kind in zip(counts, kinds, strict=True)]


def run(folder: Path, clips: int, poison: int, planned: list[Kill], limit: float) -> dict[str, int]:
    """Process clips and poison on a cluster while killing, at most for `limit` seconds; return the counts.

    Called again with the same folder and plan, it continues.
    """
    recordings = cut_clips(folder / "in", clips, 4.0)
    for number in range(poison):
        recordings.append(folder / "in" / f"poison{number}.wav")
        recordings[-1].write_bytes(recordings[number].read_bytes())
    kills = Kills(planned, folder / "kills.jsonl")
    nodes, rng, started = Nodes(), random.Random(kills.made.total()), time.monotonic()
    driver = _Driver(nodes, folder, recordings)
    try:
        while time.monotonic() - started < limit and driver.is_running:
            time.sleep(0.1)
            if kills.next is not None and _lines(folder) >= kills.next.lines:
                killed = _kill(kills.next.kind, rng.randrange(2), nodes, driver)
                if killed is not None:
                    kills.record(killed)
        is_finished = not driver.is_running
    finally:
        driver.stop()
        nodes.close()
    return {"finished": int(is_finished and kills.next is None)} | counts(folder, recordings, kills)


def _kill(kind: str, place: int, nodes: Nodes, driver: _Driver) -> int | None:
    """Kill a worker of a node, the node, or the driver; return its process, None if there is no worker."""
    if kind == "node":
        return nodes.kill(place)
    if kind == "driver":
        return driver.restart()
    workers = nodes.workers(place)
    if not workers:
        return None
    os.kill(workers[0], signal.SIGKILL)
    return workers[0]


class _Driver:
    """The process of the batch."""

    def __init__(self, nodes: Nodes, folder: Path, recordings: list[Path]) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.archives.driver", nodes.address, "2", str(folder / "out")]
        self._command = [*command, *map(str, recordings)]
        self._log = folder / "driver.log"
        (folder / "out").mkdir(parents=True, exist_ok=True)
        self._process = self._start()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def restart(self) -> int:
        """Kill the driver, start another one, and return the process that was killed."""
        killed = self._process.pid
        self.stop()
        self._process = self._start()
        return killed

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, stdout=log, stderr=log)


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


def _lines(folder: Path) -> int:
    """Return the number of lines of the manifest."""
    file = folder / "out" / "meetscribe.manifest.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0
