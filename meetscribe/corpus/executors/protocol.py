"""Protocols of workers, which process recordings, and executors, which run workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, TypeAlias

from meetscribe.corpus.events import Event, OnEvent, Task
from meetscribe.timeline import Seconds


class Worker(Protocol):
    """Processes recordings one after the other, with models loaded once."""

    def __call__(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        """Process a task and return its "end" event.

        `upcoming` is the next task, if known; the worker may prepare it. `emit` reports "stage" and "notice" events; it
        raises KeyboardInterrupt to interrupt the task, and the worker must not catch it.
        """
        ...


WorkerFactory: TypeAlias = Callable[[], AbstractContextManager[Worker]]
"""Creates a worker in the process that runs it; must be picklable."""


class Executor(Protocol):
    """Runs tasks on workers; a context manager that starts nothing before the first task.

    Leaving the context normally shuts down idle workers; leaving it with an exception kills all workers.
    """

    def __enter__(self) -> Executor: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def submit(self, task: Task, upcoming: Task | None = None) -> None:
        """Start a task on an idle or a new worker, or queue it; the worker may prepare `upcoming`, the next task."""
        ...

    def receive(self, timeout: Seconds) -> Sequence[Event]:
        """Return the events that have occurred; wait up to `timeout` seconds for the first.

        Each task has one "begin" first and one "end" last, even if its worker dies. A task that is still queued when
        the executor is stopped may have only the "end".
        """
        ...

    def stop(self, *, gently: bool) -> None:
        """Interrupt all running tasks.

        If `gently`, each task ends at its next event, and its "end" event is still received. Otherwise workers are
        killed, and no more events are received.
        """
        ...
