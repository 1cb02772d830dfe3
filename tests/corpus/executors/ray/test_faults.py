"""Real kills on a real cluster with a head and two nodes, and the weights of the samples."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.mark.long
@pytest.mark.skipif(find_spec("ray") is None, reason="the package ray is not installed")
def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Workers, a node and the driver are killed: exactly the poison fails, and the rest is done once."""
    from tests.benchmarks.archives.faults import plan, run

    found = run(tmp_path, 20, 2, plan(20, actors=3, nodes=1, drivers=1, seed=0), limit=600.0)
    assert found["finished"]
    assert (found["lost"], found["doubled"], found["failed, others"], found["failed, poison"]) == (0, 0, 0, 2)
    assert (found["kills of actors"], found["kills of nodes"], found["kills of drivers"]) == (3, 1, 1)
