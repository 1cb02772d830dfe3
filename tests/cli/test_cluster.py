"""`meetscribe run --executor ray`, over a simulated cluster."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.corpus import ray_batches
from meetscribe.corpus.executors import WorkerFactory
from meetscribe.corpus.executors.cluster import Pool
from meetscribe.pipeline.provenance import installed
from tests.support.simulated_cluster import Faults, Node, SimulatedCluster

Call = Callable[..., Result]


@pytest.fixture(autouse=True)
def cluster(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Recordings, one of which kills workers, and a cluster of two nodes; return the addresses that were joined."""
    (place / "in").mkdir()
    for name, size in (("a.wav", 400_000), ("b.wav", 300_000), ("poison.wav", 100_000)):
        (place / "in" / name).write_bytes(bytes(size))
    joined: list[str | None] = []

    def join(address: str | None, factory_for: Callable[[Pool], WorkerFactory]) -> SimulatedCluster:
        joined.append(address)
        digest = factory_for(Pool("cpu", 1)).settings_digest  # type: ignore[attr-defined]
        nodes = [Node(name, version=installed("meetscribe"), digest=digest) for name in "ab"]
        faults = Faults(poison=lambda task: "poison" in task.recording.name)
        return SimulatedCluster(nodes, faults=faults, start=100.0)

    monkeypatch.setattr(ray_batches, "RayCluster", join)
    return joined


def test_a_run_on_a_cluster(call: Call, cluster: list[str | None]) -> None:
    """Only what kills workers fails, after three tries; the summary has the classes of failures and the cost."""
    done = call("run", "in", "-o", "out", "--executor", "ray", "--address", "auto", "--jobs", "2", "--price", "cpu=36")
    assert (done.exit_code, cluster) == (6, ["auto"])
    assert done.stderr.count("its worker process died; it will be processed again") == 2
    assert "error: in/poison.wav: its worker process died (after 3 tries)" in done.stderr
    assert "2 done, 1 failed (1 worker died); 0:00:07 of audio" in done.stderr
    assert "[3/3] 0 running, 0:00:07 of audio done" in done.stderr
    assert "cpu hours per hour of audio, which cost" in done.stderr
    again = call("run", "in", "-o", "out", "--executor", "ray", "--tries", "1")
    assert "1 failed (1 worker died), 2 skipped" in again.stderr and cluster == ["auto", None]


def test_progress_for_programs(call: Call) -> None:
    """Each event says where it happened, and what has failed so far."""
    done = call("run", "in", "-o", "out", "--executor", "ray", "--jobs", "3", "--progress", "json")
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    notice = next(event for event in events if event["event"] == "notice")
    assert (notice["code"], notice["data"]["workers"]) == ("cluster.unplaced", 1)
    begin = next(event for event in events if event["event"] == "begin")
    assert begin["host"].startswith("host-") and begin["device"] == "cpu"
    assert sum(event["event"] == "retry" and event["failure"] == "worker-died" for event in events) == 2
    last = [event for event in events if event["event"] == "end"][-1]
    assert (last["ended"], last["of"], last["failures"]) == (3, 3, {"worker-died": 1})
    assert last["audio"] == pytest.approx(7.0)


def test_a_dry_run_names_the_workers(call: Call, cluster: list[str | None]) -> None:
    config = str(Path(__file__).parents[2] / "samples" / "offline.toml")
    given = ("--executor", "ray", "--gpu-jobs", "4", "--jobs", "2", "--config", config)
    done = call("run", "in", "--dry-run", *given)
    assert "Ray workers on this machine: 2 on CPUs and 4 on GPUs" in done.stdout
    joined = call("run", "in", "--dry-run", *given, "--address", "auto")
    assert "Ray workers on the cluster of --address auto: 2 on CPUs and 4 on GPUs" in joined.stdout
    assert cluster == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--address", "auto"), "--address requires --executor ray"),
        (("--gpu-jobs", "1"), "--gpu-jobs requires --executor ray"),
        (("--price", "cpu=1"), "--price requires --executor ray"),
        (("--executor", "ray", "--price", "cpu"), "--price cpu is not a price"),
        (("--executor", "ray", "--price", "gpu=1"), "--price gpu=1 is not a price"),
        (("--executor", "ray", "--jobs", "2", "--gpu-jobs", "1", "--price", "cpu=1"), "--price is missing for cuda"),
    ],
)
def test_options_that_do_not_fit(call: Call, given: tuple[str, ...], message: str) -> None:
    done = call("run", "in", "-o", "out", *given)
    assert done.exit_code == 2 and message in done.stderr
