"""An executor for tests of batches, without processes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from types import TracebackType

from meetscribe.corpus.events import Event, Task
from meetscribe.corpus.executors import TaskRunner, WorkerFactory
from meetscribe.timeline import Seconds


class InProcessExecutor:
    """Runs each task in a thread of this process.

    Threads cannot be killed, so `stop` always interrupts tasks at their next event. A worker that raises SystemExit
    simulates a crashed worker process.
    """

    def __init__(self, factory: WorkerFactory) -> None:
        self._factory = factory
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._idle: list[TaskRunner] = []
        self._running: dict[threading.Thread, threading.Event] = {}

    def __enter__(self) -> InProcessExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(gently=kind is None)
        for thread in list(self._running):
            thread.join()
        for runner in self._idle:
            runner.close()

    def submit(self, task: Task, upcoming: Task | None = None) -> None:
        """Start a task in a thread, on an idle worker or a new one."""
        runner = self._idle.pop() if self._idle else TaskRunner(self._factory)
        interrupted = threading.Event()
        thread = threading.Thread(target=self._run, args=(runner, task, upcoming, interrupted), daemon=True)
        self._running[thread] = interrupted
        self._events.put(Event("begin", task.recording))
        thread.start()

    def receive(self, timeout: Seconds) -> Sequence[Event]:
        """Return the events that have occurred, or none after `timeout` seconds."""
        events = []
        try:
            events.append(self._events.get(timeout=timeout))
            while True:
                events.append(self._events.get_nowait())
        except queue.Empty:
            return events

    def stop(self, *, gently: bool) -> None:
        """Interrupt all running tasks at their next event, for any value of `gently`."""
        for interrupted in list(self._running.values()):
            interrupted.set()

    def _run(self, runner: TaskRunner, task: Task, upcoming: Task | None, interrupted: threading.Event) -> None:
        """Run a task in its thread."""

        def emit(event: Event) -> None:
            self._events.put(event)
            if interrupted.is_set():
                raise KeyboardInterrupt

        try:
            end = runner.run(task, upcoming, emit)
        except SystemExit as exit:
            runner.close()
            error = f"its worker process died: exit code {exit.code}"
            end = Event("end", task.recording, status="failed", error=error, code=1, failure="worker-died")
        self._idle.append(runner)
        del self._running[threading.current_thread()]
        self._events.put(end)
