"""One server at a time uses a folder: real processes, one of which is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meetscribe.server.holding import PID_FILE
from tests.conftest import SAMPLES


def arguments(folder: Path) -> list[str]:
    """Return the command of a server on a free port."""
    config = ["--config", str(SAMPLES / "offline.toml"), "--set", "server.max_live=0"]
    return [sys.executable, "-m", "meetscribe", "serve", "--port", "0", "--folder", str(folder), *config]


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a server that answers."""
    server = subprocess.Popen(arguments(folder), stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        assert "serving at" in line, line
        yield server
    finally:
        server.kill()
        server.communicate(timeout=20)


def test_a_second_server_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    """The error names the process and a remedy; after kill -9 the folder is free."""
    with serving(tmp_path) as first:
        second = subprocess.run(arguments(tmp_path), capture_output=True, text=True, check=False, timeout=60)
        assert second.returncode == 3
        assert f"the folder {tmp_path} is in use by process {first.pid}" in second.stderr
        assert "--set server.folder=" in second.stderr
    assert (tmp_path / PID_FILE).exists()  # it was killed
    with serving(tmp_path) as third:
        assert int((tmp_path / PID_FILE).read_text()) == third.pid
