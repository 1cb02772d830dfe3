"""The executor of a cluster, over a simulated one: what runs where, faults, and what is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from meetscribe.corpus import BatchOptions, Event, Manifest, Summary, Task, run_batch
from meetscribe.corpus.events import Failure
from meetscribe.corpus.executors.cluster import ClusterExecutor, Pool
from meetscribe.corpus.executors.cluster.values import Died
from meetscribe.errors import ClusterError, Notice
from tests.support.simulated_cluster import DIGEST, VERSION, Faults, Node, SimulatedCluster

CPU, GPU = "cpu", "cuda"


class Rig:
    """A batch on a simulated cluster."""

    def __init__(self, folder: Path, cluster: SimulatedCluster, *pools: Pool) -> None:
        self.cluster, self.pools = cluster, pools
        self.manifest = Manifest(folder / "manifest.jsonl")
        self.notices: list[Notice] = []
        self.events: list[Event] = []

    def run(self, tasks: Sequence[Task], **changes: object) -> Summary:
        create = partial(ClusterExecutor, lambda: self.cluster, self.pools, VERSION, DIGEST, self.notices.append)
        options = replace(BatchOptions(create, DIGEST, jobs=None), **changes)  # type: ignore[arg-type]
        return run_batch(tasks, options, self.manifest, self.events.append)

    def begun(self, node: str) -> list[str]:
        return [name for place, name in self.cluster.begun if place == node]


def tasks(*lengths: float, name: str = "r") -> list[Task]:
    return [
        Task(Path(f"/{name}{number}.wav"), Path(f"{name}{number}"), length) for number, length in enumerate(lengths)
    ]


def test_all_recordings_are_processed_the_longest_first(tmp_path: Path) -> None:
    """Two workers share five recordings; each begins once, and the cluster is left at the end."""
    rig = Rig(tmp_path, SimulatedCluster([Node("a"), Node("b")]), Pool(CPU, 2))
    summary = rig.run(tasks(10, 50, 30, 20, 40))
    assert (summary.done, summary.duration, summary.retries) == (5, 150.0, 0)
    assert [name for _, name in rig.cluster.begun][:2] == ["r1.wav", "r4.wav"]
    assert rig.cluster.closed
    assert summary.work_seconds[CPU] == 150.0
    begin = next(event for event in rig.events if event.kind == "begin")
    assert begin.host.startswith("host-") and begin.device == CPU


def test_a_processor_does_not_hold_the_longest_recording(tmp_path: Path) -> None:
    """With a card ten times as fast, the processor takes short recordings, and the last one is not left to it."""
    cluster = SimulatedCluster([Node("slow"), Node("fast", device=GPU, speed=10.0)])
    rig = Rig(tmp_path, cluster, Pool(GPU, 1, gpus=1.0), Pool(CPU, 1))
    summary = rig.run(tasks(3600, 1800, 1800, 900, 600, *[60] * 20))
    assert summary.done == 25
    ideal = (3600 + 3600 + 900 + 600 + 1200) / 11
    assert cluster.time < 1.1 * ideal + cluster.start
    assert "r0.wav" in rig.begun("fast") and rig.begun("slow")


def test_a_dead_worker_costs_its_recording_one_try_and_no_other(tmp_path: Path) -> None:
    """A recording that kills its worker fails after three tries; the others are done with one each."""
    cluster = SimulatedCluster(
        [Node("a"), Node("b")], faults=Faults(poison=lambda task: task.recording.name == "r3.wav")
    )
    rig = Rig(tmp_path, cluster, Pool(CPU, 2))
    summary = rig.run(tasks(*[60] * 12))
    assert (summary.done, summary.failed, summary.retries) == (11, 1, 2)
    assert summary.failures == {"worker-died": 1}
    names = [name for _, name in cluster.begun]
    assert sorted(set(names)) == sorted(f"r{number}.wav" for number in range(12)) and len(names) == 14
    assert len({node for node, name in cluster.begun if name == "r3.wav"}) == 2, "it goes to another node"
    entry = rig.manifest.last(Path("/r3.wav"))
    assert entry is not None and entry.error == "its worker process died (after 3 tries)"
    assert rig.notices == []


class FaultyNode(SimulatedCluster):
    """A cluster whose node "bad" fails every recording, for a reason."""

    failure: Failure = "other"

    def _end(self, number, task, seconds):  # type: ignore[no-untyped-def]
        if self._workers[number].node != "bad":
            return super()._end(number, task, seconds)
        end = Event("end", task.recording, status="failed", error="injected", code=3, failure=self.failure)
        return self._emit(number, task, end)


@pytest.mark.parametrize("failure", ["disk-full", "out-of-memory", "unreachable", "not-visible"])
def test_a_machine_that_fails_loses_no_recording(failure: Failure, tmp_path: Path) -> None:
    """A full disk, full memory or a folder that it does not see: other nodes process its recordings.

    After five of them it gets no more workers.
    """
    cluster = FaultyNode([Node("bad"), Node("good")])
    cluster.failure = failure
    work = [replace(task, recording=tmp_path / task.recording.name) for task in tasks(*[60] * 12)]
    for task in work:
        Path(str(task.recording)).touch()
    rig = Rig(tmp_path, cluster, Pool(CPU, 2))
    summary = rig.run(work)
    assert (summary.done, summary.failed, summary.retries) == (12, 0, 5)
    assert rig.notices[0].code == "cluster.excluded" and len(rig.begun("bad")) == 5


def test_a_recording_that_cannot_be_read_fails_at_once(tmp_path: Path) -> None:
    """It is begun once, and is no reason to exclude the node."""
    cluster = FaultyNode([Node("bad")])
    cluster.failure = "input"
    rig = Rig(tmp_path, cluster, Pool(CPU, 1))
    summary = rig.run(tasks(*[60] * 7))
    assert (summary.failures, summary.retries, len(cluster.begun), rig.notices) == ({"input": 7}, 0, 7, [])


def test_a_node_that_is_drained_costs_no_try(tmp_path: Path) -> None:
    """Its recordings begin again elsewhere, however often that happens."""

    class Drained(SimulatedCluster):
        drains = 4

        def _end(self, number, task, seconds):  # type: ignore[no-untyped-def]
            if self.drains == 0:
                return super()._end(number, task, seconds)
            self.drains -= 1
            return [Died(number, "its node was preempted", "node-lost")]

    rig = Rig(tmp_path, Drained([Node("a"), Node("b")]), Pool(CPU, 1))
    summary = rig.run(tasks(60), tries=1)
    assert (summary.done, summary.failed, summary.retries, rig.notices) == (1, 0, 4, [])


def test_tries(tmp_path: Path) -> None:
    cluster = SimulatedCluster([Node("a")], faults=Faults(poison=lambda task: True))
    assert Rig(tmp_path, cluster, Pool(CPU, 1)).run(tasks(60), tries=1).failed == 1
    assert len(cluster.begun) == 1


def test_a_node_on_which_models_do_not_load_is_excluded(tmp_path: Path) -> None:
    """After three deaths no worker starts there; the other node processes everything, and the user learns why."""
    rig = Rig(tmp_path, SimulatedCluster([Node("bad", starts=False), Node("good")]), Pool(CPU, 2))
    summary = rig.run(tasks(*[60] * 10))
    assert (summary.done, rig.begun("bad")) == (10, [])
    (notice,) = [notice for notice in rig.notices if notice.code == "cluster.excluded"]
    assert (notice.data["host"], notice.data["reason"]) == ("host-bad", "no model")


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (Node("old", version="0.9"), "meetscribe 0.9 with settings settings"),
        (Node("old", digest="others"), "meetscribe 1.0 with settings others"),
    ],
)
def test_a_worker_with_another_version_or_other_settings_is_refused(tmp_path: Path, node: Node, found: str) -> None:
    rig = Rig(tmp_path, SimulatedCluster([node, Node("new")]), Pool(CPU, 2))
    assert rig.run(tasks(60, 60)).done == 2
    assert rig.begun("old") == []
    assert f"it runs {found}, not 1.0 with settings" in rig.notices[0].text


@pytest.mark.parametrize("node", [Node("a", starts=False), Node("a", version="0.9")])
def test_a_cluster_without_a_usable_node_ends_the_batch(tmp_path: Path, node: Node) -> None:
    """The error says why; nothing is recorded as failed, so that the next run processes all."""
    rig = Rig(tmp_path, SimulatedCluster([node]), Pool(CPU, 1))
    with pytest.raises(ClusterError, match="no node of the cluster can process recordings: "):
        rig.run(tasks(60, 60))
    assert rig.cluster.closed and rig.manifest.inputs == ()


def test_workers_without_a_place_are_reported(tmp_path: Path) -> None:
    """After a minute, once for each pool, with the resources; the others do the work."""
    rig = Rig(tmp_path, SimulatedCluster([Node("a")]), Pool(CPU, 3))
    assert rig.run(tasks(*[100] * 5)).done == 5
    (notice,) = rig.notices
    assert notice.code == "cluster.unplaced"
    assert notice.text.startswith(
        "2 × cpu worker (1 CPU) could not be placed in the cluster for a minute; it has 1 nodes"
    )


def test_a_stop_interrupts_what_runs_and_reports_nothing_else(tmp_path: Path) -> None:
    """Recordings that waited have no event; a new run processes them."""
    rig = Rig(tmp_path, SimulatedCluster([Node("a")]), Pool(CPU, 1))
    work = tasks(*[60] * 10)
    summary = rig.run(work, stop=lambda: any(event.kind == "begin" for event in rig.events))
    assert (summary.interrupted, summary.done) == (True, 0)
    assert [event.kind for event in rig.events] == ["begin", "end"]
    assert rig.events[-1].status is None
    rig.cluster = SimulatedCluster([Node("a")])
    assert rig.run(work).done == 10


def test_the_failure_of_a_node(tmp_path: Path) -> None:
    """Its recording begins again on another node; workers return when the node does."""
    cluster = SimulatedCluster([Node("a"), Node("b")], faults=Faults(nodes=6.0, repair=300.0), seed=4)
    rig = Rig(tmp_path, cluster, Pool(CPU, 2))
    summary = rig.run(tasks(*[120] * 60), tries=10)
    assert (summary.done, summary.failed) == (60, 0)
    assert summary.retries > 3 and cluster.lost >= summary.retries
    assert rig.begun("a") and rig.begun("b")


def test_files_that_this_machine_does_not_see(tmp_path: Path) -> None:
    """A recording that a worker does not find is missing everywhere, or on its machine only."""
    seen = tmp_path / "seen.wav"
    seen.touch()

    class Blind(SimulatedCluster):
        def _end(self, number, task, seconds):  # type: ignore[no-untyped-def]
            end = Event("end", task.recording, status="failed", error="no such file", code=3, failure="not-visible")
            return self._emit(number, task, end)

    rig = Rig(tmp_path, Blind([Node("a"), Node("b")]), Pool(CPU, 2))
    summary = rig.run([Task(seen, Path("seen"), 10.0), Task(tmp_path / "gone.wav", Path("gone"), 10.0)])
    assert (summary.failures, summary.retries) == ({"not-visible": 1, "input": 1}, 2)


def test_outputs_that_this_machine_does_not_see(tmp_path: Path) -> None:
    class Elsewhere(SimulatedCluster):
        def _end(self, number, task, seconds):  # type: ignore[no-untyped-def]
            return self._emit(number, task, Event("end", task.recording, status="done", outputs=("/elsewhere/a.json",)))

    rig = Rig(tmp_path, Elsewhere([Node("a")]), Pool(CPU, 1))
    assert rig.run(tasks(10), tries=1).failures == {"not-visible": 1}
    assert "is the output folder shared?" in str(rig.events[-1].error)
