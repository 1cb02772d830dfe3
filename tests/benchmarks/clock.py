"""Wall and processor time, and memory, of the stages of a run, for every benchmark that shows them."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Clock:
    """Wall seconds, processor seconds of all threads, and the most memory of each stage, as its progress tells."""

    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    megabytes: dict[str, float] = field(default_factory=dict)
    stage: str = "start"

    def __call__(self, stage: str, done: float) -> None:
        self.stage = stage

    @contextmanager
    def running(self, interval: float = 0.02) -> Iterator[None]:
        """Watch this process while the run lasts."""
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
    """The memory this process holds now, in megabytes; where that cannot be read, the most it ever held."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
