"""Kill a process that does not respond in time."""

from __future__ import annotations

import math
import subprocess
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meetscribe.timeline import Seconds


class Watchdog:
    """Kills a process `timeout` seconds after the last call of `restart`; used as a context."""

    def __init__(self, process: subprocess.Popen[bytes], timeout: Seconds) -> None:
        self._process = process
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decoder watchdog", daemon=True)
        self.expired = False

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def restart(self, since: float | None = None) -> None:
        """Count the timeout from `since`, a reading of `time.monotonic`, or from now on."""
        self._deadline = (time.monotonic() if since is None else since) + self._timeout

    def suspend(self) -> None:
        """Set no deadline until the next call of `restart`."""
        self._deadline = math.inf

    def _run(self) -> None:
        while not self._ended.wait(min(0.5, self._timeout / 4)):
            if time.monotonic() > self._deadline:
                self.expired = True
                self._process.kill()
                return
