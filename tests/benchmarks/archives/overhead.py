"""Recordings a minute on this machine, by local processes and by Ray, with one and two workers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.archives.clips import cut_clips


@dataclass(frozen=True)
class Rate:
    """A batch: the seconds from the first begin to the last end, and those that workers were busy."""

    kind: str
    workers: int
    recordings: int
    seconds: float
    busy: float

    @property
    def per_minute(self) -> float:
        """Recordings a minute."""
        return 60 * self.recordings / self.seconds

    @property
    def busy_share(self) -> float:
        """The share of the time in which workers were busy."""
        return self.busy / self.seconds / self.workers


def measure(kind: str, workers: int, clips: int, length: float, folder: Path) -> Rate:
    """Process clips without the cache, each `length` seconds long; models are loaded before the time begins on Ray."""
    recordings = cut_clips(folder / f"in{length:g}", clips, length)
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tests.benchmarks.archives.driver", kind, str(workers), out]
        done = subprocess.run([*command, *map(str, recordings)], capture_output=True, text=True, check=True)
    count, seconds, busy = json.loads(done.stdout.splitlines()[-1])
    return Rate(kind, workers, count, seconds, busy)
