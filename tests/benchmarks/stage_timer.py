"""Measure wall time, processor time and memory of each stage of a run."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class StageTimer:
    """Wall seconds, processor seconds of all threads, and peak memory of each stage.

    It is passed to the pipeline as its progress callback, which names the current stage.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    megabytes: dict[str, float] = field(default_factory=dict)
    stage: str = "start"

    def __call__(self, stage: str, done: float) -> None:
        self.stage = stage

    @contextmanager
    def running(self, interval: float = 0.02) -> Iterator[None]:
        """Sample time and memory of this process every `interval` seconds until the block ends."""
        stop = threading.Event()

        def watch() -> None:
            before = time.perf_counter(), time.process_time()
            while not stop.wait(interval):
                now = time.perf_counter(), time.process_time()
                for spent, start, end in zip((self.seconds, self.processor), before, now, strict=True):
                    spent[self.stage] = spent.get(self.stage, 0.0) + end - start
                self.megabytes[self.stage] = max(self.megabytes.get(self.stage, 0.0), resident())
                before = now

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def resident() -> float:
    """Return the resident memory of this process in megabytes, or its peak if the current value cannot be read."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
