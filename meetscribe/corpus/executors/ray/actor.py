"""The worker of a Ray cluster: an actor with one set of models, which runs one task at a time in a thread.

The class is pickled by value, so that a node without meetscribe can report this. Therefore this module imports
meetscribe only within functions.
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
    """Runs tasks with a worker, from a factory that it receives; values are pickled here, not by Ray."""

    def __init__(self) -> None:
        self._runner: TaskRunner | None = None
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._given: tuple[Task, Task | None] | None = None
        self._is_interrupted = False

    def locate(self) -> tuple[str, str]:
        """Return the id of the node and the name of the host."""
        import ray

        return ray.get_runtime_context().get_node_id(), socket.gethostname()

    def start(self, factory: bytes, folder: str, variables: Mapping[str, str]) -> tuple[str, str, int]:
        """Create the worker with the folder and environment variables of the driver.

        Returns the version of meetscribe, the digest of the settings and the process id. Raises a RuntimeError
        with the failure class and the error message as its text, separated by a line feed.
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

    def submit(self, task: bytes) -> None:
        """Accept a pickled task and its successor; the task begins with the first `receive`.

        If the worker dies before this returns, the task has not begun.
        """
        self._is_interrupted = False
        self._given = pickle.loads(task)

    def receive(self, seconds: float) -> bytes:
        """Return the new events of the task, pickled, after `seconds` or as soon as the task ends."""
        with self._changed:
            if self._given is not None:
                given, self._given = self._given, None
                threading.Thread(target=self._run, args=given, daemon=True).start()
            self._changed.wait_for(lambda: any(event.kind == "end" for event in self._events), seconds)
            events, self._events = self._events, []
        return pickle.dumps(tuple(events))

    def interrupt(self) -> None:
        """Interrupt the task at its next event."""
        self._is_interrupted = True

    def _run(self, task: Task, upcoming: Task | None) -> None:
        from dataclasses import replace

        assert self._runner is not None
        try:
            end = self._runner.run(task, upcoming, self._emit)
        except SystemExit as exit:  # must end the process, not only this thread
            os._exit(exit.code if isinstance(exit.code, int) else 1)
        if end.failure == "input" and isinstance(task.recording, Path) and not task.recording.exists():
            end = replace(end, failure="not-visible")
        self._add(end)

    def _emit(self, event: Event) -> None:
        self._add(event)
        if self._is_interrupted:
            raise KeyboardInterrupt

    def _add(self, event: Event) -> None:
        """Keep an event until it is received; of a stage, only the last event is kept, so their number is bounded."""
        with self._changed:
            last = self._events[-1] if self._events else None
            if last is not None and last.kind == event.kind == "stage" and last.stage == event.stage:
                self._events.pop()
            self._events.append(event)
            self._changed.notify_all()


def _described(error: Exception) -> tuple[str, str]:
    """Return the class of a failure and its message."""
    if isinstance(error, ImportError) and str(getattr(error, "name", "")).partition(".")[0] == "meetscribe":
        return "other", f"meetscribe is not installed on the node ({error})"
    from meetscribe.corpus.executors.failures import failure_class

    return failure_class(error), str(error) or type(error).__name__
