"""The executor of this machine: one process per worker.

A crash in a library ends only the worker's process, and an empty batch starts none. Workers ignore Ctrl-C and SIGTERM,
which batch systems send to all processes: the parent interrupts them. They end when the parent ends.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import TracebackType

from meetscribe.corpus.events import Event, Task
from meetscribe.corpus.executors.protocol import WorkerFactory
from meetscribe.corpus.executors.runner import TaskRunner
from meetscribe.timeline import Seconds

_START = """
import json, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.path[:] = json.loads(sys.argv[1])
from multiprocessing.connection import Connection
from meetscribe.corpus.executors.processes import serve
from meetscribe.runtime.fast_exit import exit_process
from meetscribe.runtime.process import prepare_process
prepare_process()
serve(Connection(int(sys.argv[2])))
exit_process(0)
"""


class ProcessExecutor:
    """Runs each task in a worker process; processes are reused, and replaced after a crash."""

    def __init__(self, factory: WorkerFactory) -> None:
        self._factory = factory
        self._processes: list[_WorkerProcess] = []
        self._pending: list[Event] = []

    def __enter__(self) -> ProcessExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.stop(gently=False)
        for process in self._processes:
            process.close()

    def submit(self, task: Task, upcoming: Task | None = None) -> None:
        """Start a task in an idle process or a new one."""
        process = next((process for process in self._processes if process.task is None), None)
        if process is None:
            process = _WorkerProcess(self._factory)
            self._processes.append(process)
        process.begin(task, upcoming)
        self._pending.append(Event("begin", task.recording))

    def receive(self, timeout: Seconds) -> Sequence[Event]:
        """Return the events that have occurred; wait up to `timeout` seconds for the first."""
        events, self._pending = self._pending, []
        busy = [process for process in self._processes if process.task is not None]
        ready = wait([process.connection for process in busy], 0.0 if events else timeout) if busy else []
        return [*events, *(process.receive() for process in busy if process.connection in ready)]

    def stop(self, *, gently: bool) -> None:
        """Interrupt all running tasks, or kill their processes."""
        for process in self._processes:
            if not gently:
                process.kill()
            elif process.task is not None:
                process.interrupt()


class _WorkerProcess:
    """A process with a worker, started with its first task, and again after its death."""

    def __init__(self, factory: WorkerFactory) -> None:
        self.task: Task | None = None
        self._factory = factory
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._began_at: Seconds = 0.0

    @property
    def connection(self) -> Connection:
        """The connection to the running process."""
        assert self._connection is not None
        return self._connection

    def begin(self, task: Task, upcoming: Task | None) -> None:
        """Send the task, starting a process if there is none."""
        self.task, self._began_at = task, time.monotonic()
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._connection, self._process = _start(self._factory)
        self._send((task, upcoming))

    def receive(self) -> Event:
        """Return the next event of the task, or its failed end if the process has died."""
        assert self.task is not None
        try:
            event: Event = self.connection.recv()
        except (EOFError, OSError):
            event = self._end_after_crash()
        if event.kind == "end":
            self.task = None
        return event

    def interrupt(self) -> None:
        """Interrupt the task at its next event."""
        self._send(None)

    def kill(self) -> None:
        """End the process without waiting for its task."""
        if self._process is not None:
            self._process.kill()
        self.task = None

    def close(self) -> None:
        """End the process: it exits when its connection is closed and its task is over."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.wait()
        self._process = self._connection = None

    def _send(self, message: tuple[Task, Task | None] | None) -> None:
        with suppress(OSError):  # the process is dead, which `receive` reports
            self.connection.send(message)

    def _end_after_crash(self) -> Event:
        """Return the end of a task whose process is dead."""
        assert self.task is not None and self._process is not None
        code = self._process.wait()
        how = f"signal {-code} ({_signal_name(-code)})" if code < 0 else f"exit code {code}"
        seconds = time.monotonic() - self._began_at
        self.close()
        error = f"its worker process died: {how}"
        return Event(
            "end", self.task.recording, status="failed", seconds=seconds, error=error, code=1, failure="worker-died"
        )


def _start(factory: WorkerFactory) -> tuple[Connection, subprocess.Popen[bytes]]:
    """Start a process with the factory and return the connection to it.

    A multiprocessing.Process would run the program's main module again, so it is not used. The output of libraries
    goes to stderr.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-c", _START, json.dumps(sys.path), str(theirs.fileno())]
        errors = sys.__stderr__.fileno() if sys.__stderr__ else subprocess.DEVNULL
        # It must not receive these signals while it starts; `_START` ignores them.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, pass_fds=[theirs.fileno()]
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    connection = Connection(ours.detach())
    connection.send(factory)
    return connection, process


def serve(connection: Connection) -> None:
    """Receive a worker factory and then tasks on the connection, and run the tasks until it is closed."""
    runner = TaskRunner(connection.recv())
    try:
        while True:
            message = connection.recv()
            if message is None:  # an interruption that arrived after the end of its task
                continue
            task, upcoming = message
            connection.send(runner.run(task, upcoming, lambda event: _emit(connection, event)))
    except (EOFError, OSError):  # the parent has closed the connection, or is dead
        pass
    finally:
        runner.close()


def _emit(connection: Connection, event: Event) -> None:
    """Send an event; raises KeyboardInterrupt if the task must be interrupted or the parent is dead."""
    try:
        connection.send(event)
        interrupted = connection.poll()
        if interrupted:
            connection.recv()
    except (EOFError, OSError):
        interrupted = True
    if interrupted:
        raise KeyboardInterrupt


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
