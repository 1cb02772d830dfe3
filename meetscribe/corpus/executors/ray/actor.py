"""The worker of a Ray cluster: an actor with one set of models, which runs one task at a time in a thread.

The class is pickled by value, so that a node without meetscribe can say so. Therefore this module imports meetscribe
in its functions only.
"""

from __future__ import annotations

import os
import pickle
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meetscribe.corpus.events import Event, Task
    from meetscribe.corpus.executors.runner import TaskRunner


class WorkerActor:
    """Runs tasks with a worker whose factory it receives; values are pickled here, not by Ray."""

    def __init__(self) -> None:
        self._runner: TaskRunner | None = None
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._given: tuple[Task, Task | None] | None = None
        self._is_interrupted = False

    def place(self) -> tuple[str, str]:
        """Return the id of the node and the name of the host."""
        import ray

        return ray.get_runtime_context().get_node_id(), socket.gethostname()

    def start(self, factory: bytes, folder: str, variables: Mapping[str, str]) -> tuple[str, str, int]:
        """Create the worker in a folder and with variables of the driver; return version, settings digest and pid.

        Raises RuntimeError with the class of the failure and the message of an error, separated by a line feed.
        """
        try:
            return self._start(factory, folder, variables)
        except Exception as error:  # the boundary of a batch worker
            raise RuntimeError("\n".join(_described(error))) from None

    def _start(self, factory: bytes, folder: str, variables: Mapping[str, str]) -> tuple[str, str, int]:
        os.environ.update(variables)
        if os.path.isdir(folder):  # noqa: PTH112
            os.chdir(folder)
        from meetscribe.corpus.executors.runner import TaskRunner
        from meetscribe.pipeline.provenance import installed
        from meetscribe.runtime.process import prepare_process

        prepare_process()
        create = pickle.loads(factory)
        self._runner = TaskRunner(create)
        self._runner.start()
        return installed("meetscribe"), getattr(create, "settings_digest", ""), os.getpid()

    def give(self, task: bytes) -> None:
        """Receive a task and the next one; it begins with the first `receive`.

        A worker that dies before this returns has not begun the task.
        """
        self._is_interrupted = False
        self._given = pickle.loads(task)

    def receive(self, seconds: float) -> bytes:
        """Return the events of the task so far: after this time, or at once when it ends."""
        with self._changed:
            if self._given is not None:
                given, self._given = self._given, None
                threading.Thread(target=self._run, args=given, daemon=True).start()
            self._changed.wait_for(lambda: any(event.kind == "end" for event in self._events), seconds)
            events, self._events = self._events, []
        return pickle.dumps(tuple(events))

    def interrupt(self) -> None:
        """Interrupt the task with its next event."""
        self._is_interrupted = True

    def _run(self, task: Task, upcoming: Task | None) -> None:
        from dataclasses import replace

        assert self._runner is not None
        try:
            end = self._runner.run(task, upcoming, self._emit)
        except SystemExit as exit:  # ends a process, not only its thread
            os._exit(exit.code if isinstance(exit.code, int) else 1)
        if end.failure == "input" and isinstance(task.recording, Path) and not task.recording.exists():
            end = replace(end, failure="not-visible")
        self._add(end)

    def _emit(self, event: Event) -> None:
        self._add(event)
        if self._is_interrupted:
            raise KeyboardInterrupt

    def _add(self, event: Event) -> None:
        """Keep an event until it is received; only the last of a stage, so that their number is bounded."""
        with self._changed:
            last = self._events[-1] if self._events else None
            if last is not None and last.kind == event.kind == "stage" and last.stage == event.stage:
                self._events.pop()
            self._events.append(event)
            self._changed.notify_all()


def _described(error: Exception) -> tuple[str, str]:
    """Return the class of a failure and its message."""
    if isinstance(error, ImportError) and str(getattr(error, "name", "")).partition(".")[0] == "meetscribe":
        return "other", f"meetscribe is not installed there ({error})"
    from meetscribe.corpus.executors.failures import failure_class

    return failure_class(error), str(error) or type(error).__name__
