"""Real kills and interruptions on a real cluster with a head and two nodes, and the weights of the samples."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(find_spec("ray") is None, reason="the package ray is not installed"),
]


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Workers, a node and the driver are killed: exactly the poison fails, and the rest is done once."""
    from tests.benchmarks.archives.faults import plan, run

    found = run(tmp_path, 20, 2, plan(20, actors=3, nodes=1, drivers=1, seed=0), limit=900.0)
    assert found["finished"]
    assert (found["lost"], found["doubled"], found["failed, others"], found["failed, poison"]) == (0, 0, 0, 2)
    assert (found["kills of actors"], found["kills of nodes"], found["kills of drivers"]) == (3, 1, 1)


def test_an_interruption_leaves_the_cluster_clean(tmp_path: Path) -> None:
    """After Ctrl-C no worker is left and all resources are free; the same command does the rest."""
    from tests.benchmarks.archives.clips import SAMPLES, cut_clips
    from tests.benchmarks.archives.faults import Nodes

    cut_clips(tmp_path / "in", 3, 20.0)
    nodes = Nodes()
    try:
        options = ("--executor", "ray", "--address", nodes.address, "--jobs", "2", "--progress", "json", "-f", "json")
        command = [sys.executable, "-m", "meetscribe", "run", "in", "-o", "out", *options]
        command += ["--config", str(SAMPLES / "offline.toml"), "--offline", "--threads", "1"]
        environment = {**os.environ, "PYTHONPATH": str(SAMPLES.parent), "MEETSCRIBE_CACHE": str(tmp_path / "cache")}
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("{") and json.loads(line)["event"] == "stage":
                break
        assert nodes.workers(0) or nodes.workers(1)
        process.send_signal(signal.SIGINT)
        shown = process.stderr.read()
        assert process.wait(60) == 130, shown
        assert "run the same command again" in shown
        deadline = time.monotonic() + 20
        while (nodes.workers(0) or nodes.workers(1)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert nodes.workers(0) == nodes.workers(1) == []
        again = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stderr
        entries = map(json.loads, (tmp_path / "out" / "meetscribe.manifest.jsonl").read_text().splitlines())
        assert sorted(entry["status"] for entry in entries) == ["done"] * 3
    finally:
        nodes.close()
