"""A Ray cluster: each worker is an actor with one pending call, and all calls are awaited together."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from meetscribe.corpus.events import Event, Failure, Task
from meetscribe.corpus.executors.cluster.values import Died, Emitted, Message, Placed, Pool, Ready, WorkerReport
from meetscribe.corpus.executors.protocol import WorkerFactory
from meetscribe.corpus.executors.ray import actor as actor_module
from meetscribe.corpus.executors.ray.connection import join
from meetscribe.corpus.remote.files import Location
from meetscribe.timeline import Seconds

_RECEIVE_INTERVAL: Seconds = 1.0  # longest duration of a call of `receive`, which returns earlier if the task ends
_CALLS = 8  # concurrent calls of an actor: `interrupt` must run while `receive` waits
_VARIABLES = ("MEETSCRIBE_CACHE",)  # environment variables of this process that the workers receive


@dataclass(slots=True)
class _Actor:
    """An actor, its pending call, and in `step` the method that is called."""

    handle: Any
    pool: Pool
    call: Any
    step: Literal["locate", "start", "submit", "receive", "idle"] = "locate"
    node: str = ""
    host: str = ""
    recording: Location | None = None


class RayCluster:
    """Starts workers as actors of a Ray cluster.

    `factory_for` returns the factory of the workers of a pool, which must have absolute paths. Recordings are sent as
    absolute paths.
    """

    def __init__(self, address: str | None, factory_for: Callable[[Pool], WorkerFactory]) -> None:
        """Join the cluster at an address, or start one on this machine if it is None.

        Raises ClusterError and SettingsError, as `join` does.
        """
        self._ray: ModuleType = join(address)
        self._ray.cloudpickle.register_pickle_by_value(actor_module)
        self._remote = self._ray.remote(actor_module.WorkerActor)
        self._factory_for = factory_for
        self._actors: dict[int, _Actor] = {}
        self._launched = 0

    def launch(self, pool: Pool, excluded: Collection[str]) -> int:
        """Request a worker on a node that is not excluded, and return its number."""
        options: dict[str, Any] = {"num_cpus": pool.cpus, "num_gpus": pool.gpus}
        if excluded:
            options["label_selector"] = {"ray.io/node-id": f"!in({','.join(excluded)})"}
        handle = self._remote.options(**options, max_restarts=0, max_task_retries=0, max_concurrency=_CALLS).remote()
        self._launched += 1
        self._actors[self._launched] = _Actor(handle, pool, handle.locate.remote())
        return self._launched

    def begin(self, worker: int, task: Task, upcoming: Task | None) -> None:
        """Give a task to an idle worker; it may prepare `upcoming`, the next task."""
        actor = self._actors[worker]
        sent = (_absolute(task), upcoming and _absolute(upcoming))
        actor.recording = task.recording
        actor.step, actor.call = "submit", actor.handle.submit.remote(pickle.dumps(sent))

    def interrupt(self, worker: int) -> None:
        """Interrupt the task of a worker at its next event."""
        self._actors[worker].handle.interrupt.remote()

    def remove(self, worker: int) -> None:
        """End a worker at once."""
        actor = self._actors.pop(worker, None)
        if actor is not None:
            self._ray.kill(actor.handle)

    def poll(self, timeout: Seconds) -> Sequence[Message]:
        """Return the messages that have arrived; wait up to `timeout` seconds for the first."""
        calls = {actor.call: number for number, actor in self._actors.items() if actor.step != "idle"}
        if not calls:
            time.sleep(timeout)
            return []
        ready, _ = self._ray.wait(list(calls), num_returns=1, timeout=timeout)
        if ready:
            ready, _ = self._ray.wait(list(calls), num_returns=len(calls), timeout=0)
        return [message for call in ready for message in self._answer(calls[call])]

    def nodes(self) -> Mapping[str, str]:
        """Return the host of each living node with CPUs, by node id."""
        usable = (node for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU"))
        return {node["NodeID"]: node["NodeManagerHostname"] for node in usable}

    def resources(self) -> str:
        """Return the free and total CPUs and GPUs of the cluster, and the number of nodes, as text."""
        total, free = self._ray.cluster_resources(), self._ray.available_resources()
        shown = [f"{free.get(name, 0):g} of {total.get(name, 0):g} {name} free" for name in ("CPU", "GPU")]
        return f"{', '.join(shown)} on {len(self.nodes())} nodes"

    def now(self) -> Seconds:
        """Return the time of this machine's monotonic clock."""
        return time.monotonic()

    def close(self) -> None:
        """End all workers and leave the cluster; end the cluster if this process started it."""
        for worker in list(self._actors):
            self.remove(worker)
        self._ray.shutdown()

    def _answer(self, worker: int) -> list[Message]:
        """Return the messages of a finished call, and make the next call."""
        actor = self._actors[worker]
        try:
            result = self._ray.get(actor.call)
        except self._ray.exceptions.RayError as error:
            reason, failure = _describe(error, self._ray)
            has_not_begun = actor.step == "submit"  # in earlier steps, the worker has no task
            actor.step = "idle"
            return [Died(worker, reason, "node-lost" if has_not_begun else failure)]
        if actor.step == "locate":
            return [self._placed(worker, actor, *result)]
        if actor.step == "start":
            version, digest, pid = result
            actor.step = "idle"
            return [Ready(worker, WorkerReport(actor.node, actor.host, pid, actor.pool.device, version, digest))]
        events: tuple[Event, ...] = () if actor.step == "submit" else pickle.loads(result)
        if any(event.kind == "end" for event in events):
            actor.step = "idle"
        else:
            actor.step, actor.call = "receive", actor.handle.receive.remote(_RECEIVE_INTERVAL)
        assert actor.recording is not None
        return [Emitted(worker, tuple(replace(event, recording=actor.recording) for event in events))]

    def _placed(self, worker: int, actor: _Actor, node: str, host: str) -> Placed:
        """Start loading the models of a placed worker, and return the message about its placement."""
        factory = pickle.dumps(self._factory_for(actor.pool))
        variables = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
        actor.node, actor.host = node, host
        actor.step, actor.call = "start", actor.handle.start.remote(factory, str(Path.cwd()), variables)
        return Placed(worker, node, host)


def _absolute(task: Task) -> Task:
    return replace(task, recording=task.recording.absolute())


def _describe(error: Exception, ray: ModuleType) -> tuple[str, Failure]:
    """Return the reason and the failure class of an error in an actor call."""
    if isinstance(error, ray.exceptions.RayTaskError):
        cause = getattr(error, "cause", None) or error
        failure, _, text = str(cause).partition("\n")
        return text or failure, failure if text else "other"  # type: ignore[return-value]
    text = " ".join(str(error).split())
    if isinstance(error, ray.exceptions.OutOfMemoryError) or "OUT_OF_MEMORY" in text or "OutOfMemory" in text:
        return "its worker was killed because the memory of its node was full", "out-of-memory"
    if getattr(error, "preempted", False):
        return "its node was preempted", "node-lost"
    if "its node has died" in text:
        return "its worker process died with its node", "worker-died"
    return "its worker process died", "worker-died"
