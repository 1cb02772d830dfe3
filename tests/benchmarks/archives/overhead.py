"""Recordings a minute on this machine, by local processes and by Ray, with one and two workers of one thread each.

The time to start workers and to load models is left out: the rate is that from the moment at which each worker has
ended a recording to that at which the first has none left. On a machine that is busy with other work, compare the
processor seconds, and the share of the time in which workers had a recording.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests.benchmarks.archives.clips import cut_clips


@dataclass(frozen=True)
class Rate:
    """A batch in its steady state: recordings a minute, seconds of workers and processor seconds for a recording.

    `spent` is that of a worker with the decoder, `driver` that of the process that started the batch. `threads` and
    `niceness` are those of the workers. `load` is the average number of processes that wanted a processor.
    """

    kind: str
    workers: int
    recordings: int
    per_minute: float
    seconds: float
    spent: float
    driver: float
    threads: int
    niceness: int
    load: float

    @property
    def busy(self) -> float:
        """The share of the time in which workers had a recording."""
        return self.per_minute / 60 * self.seconds / self.workers


def measure(kind: str, workers: int, clips: int, length: float, folder: Path) -> Rate:
    """Process clips without the cache, each `length` seconds long."""
    recordings = cut_clips(folder / f"in{length:g}", clips, length)
    environment = {**os.environ, "RAY_worker_niceness": "0"}  # as local workers have
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tests.benchmarks.archives.driver", kind, str(workers), out]
        done = subprocess.run(
            [*command, *map(str, recordings)], capture_output=True, text=True, check=True, env=environment
        )
        measures = [json.loads(line) for line in (Path(out) / "measures").read_text().splitlines()][workers:]
    found = json.loads(done.stdout.splitlines()[-1])
    return Rate(
        kind,
        workers,
        found["done"],
        steady_rate(found["ends"], workers),
        mean(each["seconds"] for each in measures),
        mean(each["processor"] for each in measures),
        found["driver"] / clips,
        max(each["threads"] for each in measures),
        max(each["niceness"] for each in measures),
        os.getloadavg()[0],
    )


def steady_rate(ends: Sequence[float], workers: int) -> float:
    """Return the ends a minute while all workers work: without the first of each worker, and its last.

    >>> steady_rate([10.0, 12.0, 14.0, 16.0], workers=1)
    30.0
    """
    first, last = workers - 1, len(ends) - workers
    return 60 * (last - first) / (ends[last] - ends[first])
