"""What a batch relies on in an executor, tested over the fake first, then over each real one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from meetscribe.corpus import Event, Executor, ProcessExecutor, Task
from meetscribe.corpus.executors import WorkerFactory
from meetscribe.errors import WeightsError
from meetscribe.testing.executors import InProcessExecutor
from tests.support.fake_workers import CUT_OFF, FakeFactory

EXECUTORS: dict[str, Callable[[WorkerFactory], Executor]] = {"fake": InProcessExecutor, "processes": ProcessExecutor}


def on_ray(factory: WorkerFactory) -> Executor:
    """Return an executor with two workers on a Ray cluster of its own, which it starts with the first task."""
    if find_spec("ray") is None:  # it is imported when a cluster is joined, after its variables have been set
        pytest.skip("the package ray is not installed")
    from meetscribe.corpus.executors.cluster import ClusterExecutor, Pool
    from meetscribe.corpus.executors.ray.cluster import RayCluster
    from meetscribe.pipeline.provenance import installed

    connect = partial(RayCluster, None, lambda pool: factory)
    return ClusterExecutor(connect, [Pool("cpu", 2, cpus=0.5)], installed("meetscribe"), "")


class Rig:
    """An executor over fake workers in a folder."""

    def __init__(self, create: Callable[[WorkerFactory], Executor], folder: Path, error: Exception | None = None):
        self.folder = folder
        self.executor = create(FakeFactory(folder, error))

    def submit(self, name: str, upcoming: str | None = None) -> None:
        self.executor.submit(self.task(name), self.task(upcoming) if upcoming else None)

    def task(self, name: str) -> Task:
        return Task(self.folder / name, Path(name).with_suffix(""))

    def until_end(self, count: int = 1) -> list[Event]:
        """Return the events up to the given number of ends."""
        events: list[Event] = []
        deadline = time.monotonic() + 60
        while sum(event.kind == "end" for event in events) < count:
            assert time.monotonic() < deadline, events
            events += self.executor.receive(0.2)
        return events

    def run(self, name: str) -> Event:
        """Run one task and return its end."""
        self.submit(name)
        return self.until_end()[-1]

    @property
    def log(self) -> list[str]:
        file = self.folder / "log"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture(scope="module", params=[*EXECUTORS, "ray"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One executor for all tests that leave it idle; that of Ray joins no other cluster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ADDRESS", "192.0.2.1:6379")
        patch.setenv("RAY_worker_niceness", "0")  # otherwise its workers take minutes to start on a busy machine
        rig = Rig({**EXECUTORS, "ray": on_ray}[request.param], tmp_path_factory.mktemp("shared"))
        with rig.executor:
            yield rig


@pytest.fixture(params=EXECUTORS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    """An executor that has not been entered."""
    return Rig(EXECUTORS[request.param], tmp_path)


def test_events_of_a_task(shared: Rig) -> None:
    """A task begins, reports stages and notices, and ends, in this order."""
    shared.submit("cut.wav")
    events = shared.until_end()
    assert [event.kind for event in events] == ["begin", "stage", "notice", "end"]
    assert {event.recording for event in events} == {shared.folder / "cut.wav"}
    assert events[2].notice == CUT_OFF
    end = events[-1]
    assert (end.status, end.outputs, end.hash) == ("done", (str(shared.folder / "cut.json"),), "sha256:0")
    assert 0 < end.seconds < 60


def test_receiving_ends_after_the_timeout(shared: Rig) -> None:
    """Without an event, none is returned."""
    started = time.monotonic()
    assert list(shared.executor.receive(0.01)) == []
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("name", "error", "code", "failures"),
    [
        ("bad.wav", "bad.wav is not a recording\nCopy it again.", 3, {"input", "not-visible"}),
        ("weightless.wav", "no model\nFetch it.", 4, {"weights", "node-lost"}),
        ("memory.wav", "MemoryError: no reason given", 1, {"out-of-memory"}),
        ("full.wav", "OSError: [Errno 28] No space left on device", 1, {"disk-full"}),
        ("defect.wav", "ZeroDivisionError: by nothing", 1, {"other"}),
        ("exit.wav", "its worker process died", 1, {"worker-died"}),
    ],
)
def test_a_failure_fails_its_task_only(shared: Rig, name: str, error: str, code: int, failures: set[str]) -> None:
    """An error, a full disk, a defect or the death of a worker is the end of its task; the next one succeeds.

    A cluster gives a recording without models to another node.
    """
    end = shared.run(name)
    assert end.failure in failures
    assert (end.status, (end.error or "").partition(": exit code 3")[0], end.code) == ("failed", error, code)
    assert shared.run("next.wav").status == "done"


def test_a_task_that_is_interrupted_has_no_status(shared: Rig) -> None:
    """A gentle stop ends running tasks with their next event; the executor takes other tasks afterwards."""
    shared.executor.stop(gently=True)  # nothing runs
    shared.submit("slow.wav")
    while not any(event.kind == "stage" for event in shared.executor.receive(0.2)):
        pass
    shared.executor.stop(gently=True)
    end = shared.until_end()[-1]
    assert (end.status, end.error, end.outputs) == (None, None, ())
    assert shared.run("next.wav").status == "done"


def test_a_task_may_be_interrupted_at_once(rig: Rig) -> None:
    """A gentle stop before the worker is ready interrupts the task; it does not fail."""
    with rig.executor:
        rig.submit("slow.wav")
        rig.executor.stop(gently=True)
        end = rig.until_end()[-1]
    assert (end.status, end.error) == (None, None)


def test_a_worker_is_created_once(rig: Rig) -> None:
    """Nothing is created before the first task; the same worker runs those that follow, and learns what is next."""
    with rig.executor:
        assert rig.log == []
        for name, upcoming in (("a.wav", "b.wav"), ("b.wav", None)):
            rig.submit(name, upcoming)
            assert rig.until_end()[-1].status == "done"
    assert [rig.log[0][:10], *rig.log[1:]] == ["created in", "a.wav b.wav", "b.wav None", "released"]


def test_a_defect_replaces_the_worker(rig: Rig) -> None:
    """The state of a worker is unknown after an unexpected error, so that it is not used again."""
    with rig.executor:
        assert [rig.run("defect.wav").status, rig.run("a.wav").status] == ["failed", "done"]
    assert sum(line.startswith("created") for line in rig.log) == 2


def test_tasks_run_at_once(rig: Rig) -> None:
    """A task that is submitted while another runs has a worker of its own."""
    with rig.executor:
        rig.submit("pair-1.wav")
        rig.submit("pair-2.wav")
        ends = [event for event in rig.until_end(2) if event.kind == "end"]
    assert [event.status for event in ends] == ["done", "done"]


@pytest.mark.parametrize("create", EXECUTORS.values(), ids=EXECUTORS)
def test_a_factory_that_fails(create: Callable[[WorkerFactory], Executor], tmp_path: Path) -> None:
    """A worker that cannot be created fails the task, and is tried again with the next one."""
    rig = Rig(create, tmp_path, WeightsError("no model", "Fetch it."))
    with rig.executor:
        ends = [rig.run("a.wav"), rig.run("b.wav")]
    assert [(end.status, end.error, end.code) for end in ends] == [("failed", "no model\nFetch it.", 4)] * 2


def test_an_exception_ends_all_tasks(rig: Rig) -> None:
    """An executor that is left by an exception does not wait for its tasks."""
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), rig.executor:
        rig.submit("slow.wav")
        while not any(event.kind == "stage" for event in rig.executor.receive(0.2)):
            pass
        raise KeyboardInterrupt
    assert time.monotonic() - started < 25
    assert not (rig.folder / "slow.json").exists()
