"""A server in a process that can be killed: `python -m tests.server.load.child FOLDER SETTINGS` prints its address."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.server.running import RunningServer, local_settings, running_server
from tests.server.test_live import FakeModels

ROOT = Path(__file__).parents[3]


@contextmanager
def child_server(folder: Path, **changes: object) -> Iterator[tuple[subprocess.Popen[str], RunningServer]]:
    """Run a server in a process, which is killed at the end if it still runs; `changes` are its settings."""
    command = [sys.executable, "-m", "tests.server.load.child", str(folder), json.dumps(changes)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with httpx.Client(base_url=url, timeout=30) as client:
            yield process, RunningServer(url, client)
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Serve until a signal."""
    folder, changes = sys.argv[1:]
    with running_server(local_settings(Path(folder), **json.loads(changes)), models=FakeModels()) as server:
        print(server.url, flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
