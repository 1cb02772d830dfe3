"""Processes that work on one recording after the other, and what they tell; what the work is, they are given.

A process of its own for the work keeps the batch alive where a library takes its process down with it, and starts
nothing where nothing is to be done. It ignores Ctrl-C, which its parent passes on, and ends when its parent does.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path, PurePath
from typing import Literal, Protocol, TypeAlias

from meetscribe.corpus.manifest import Status
from meetscribe.errors import MeetscribeError
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class Task:
    """A recording to work on, and what its files are called but for the template."""

    recording: Path
    stem: PurePath


@dataclass(frozen=True, slots=True)
class Event:
    """Report that a recording was skipped, begins, has reached a point of a stage, has a notice, or has ended.

    `duration` is the recording's length, if known. A "notice" has the text of a warning in `notice`. An "end" has
    `status` (None if the recording was interrupted), `outputs`, `hash` and `seconds`, and `error` and the exit `code`
    of a failure.
    """

    kind: Literal["begin", "stage", "notice", "end", "skip"]
    recording: Path
    stage: str = ""
    done: float = 0.0
    duration: Seconds | None = None
    status: Status | None = None
    outputs: tuple[str, ...] = ()
    hash: str | None = None
    seconds: Seconds = 0.0
    error: str | None = None
    code: int = 0
    notice: str = ""


Tell: TypeAlias = Callable[[Event], None]

_START = """
import json, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = json.loads(sys.argv[1])
from multiprocessing.connection import Connection
from meetscribe.corpus.processes import serve
from meetscribe.runtime.fast_exit import leave
serve(Connection(int(sys.argv[2])))
leave(0)
"""


class Hand(Protocol):
    """What works on recordings once it is ready."""

    def __call__(self, task: Task, following: Task | None, tell: Tell) -> Event:
        """The end of a task; `following` comes next and may be prepared. Raises KeyboardInterrupt if `tell` does."""
        ...


Hire: TypeAlias = Callable[[], AbstractContextManager[Hand]]
"""Makes a hand ready, in the process in which it works; it must survive pickling."""


@dataclass(slots=True)
class Worker:
    """A process with a hand in it, started with its first task, and anew after it died."""

    hire: Hire
    task: Task | None = None
    _process: subprocess.Popen[bytes] | None = None
    _line: Connection | None = None
    _begun: float = field(default=0.0)

    def begin(self, task: Task, following: Task | None) -> None:
        """Have the task worked on."""
        self.task, self._begun = task, time.monotonic()
        if self._process is None or self._process.poll() is not None:
            self._line, self._process = _started(self.hire)
        self.line.send((task, following))

    @property
    def line(self) -> Connection:
        """Where it tells what happens."""
        assert self._line is not None
        return self._line

    def hear(self) -> Event:
        """The next event of the task; the end, if the process has died."""
        assert self.task is not None
        try:
            event: Event = self.line.recv()
        except (EOFError, OSError):
            event = self._death()
        if event.kind == "end":
            self.task = None
        return event

    def stop(self) -> None:
        """Have it end its task at the next place where that does no harm."""
        self.line.send(None)

    def dismiss(self, at_once: bool = False) -> None:
        """End the process: when it has noticed, or at once."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            if at_once:
                self._process.kill()
            self._process.wait()
        self._process = self._line = None

    def _death(self) -> Event:
        """What to say of a task whose process is gone."""
        assert self.task is not None and self._process is not None
        code = self._process.wait()
        how = f"signal {-code} ({_signal_name(-code)})" if code < 0 else f"exit code {code}"
        error = f"the process that worked on it died: {how}"
        taken = time.monotonic() - self._begun
        self.dismiss()
        return Event("end", self.task.recording, status="failed", seconds=taken, error=error, code=1)


def _started(hire: Hire) -> tuple[Connection, subprocess.Popen[bytes]]:
    """A process that is told whom to hire, and the line to it.

    Not one of multiprocessing's, which would run the program's main module again. What libraries print in it goes to
    stderr.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-c", _START, json.dumps(sys.path), str(theirs.fileno())]
        errors = sys.__stderr__.fileno() if sys.__stderr__ else subprocess.DEVNULL
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # it begins deaf to Ctrl-C
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, pass_fds=[theirs.fileno()]
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    line = Connection(ours.detach())
    line.send(hire)
    return line, process


def serve(line: Connection) -> None:
    """Hire who is named along the line, and have what comes after that worked on until it ends."""
    hire: Hire = line.recv()
    hand: Hand | None = None
    ready = None
    try:
        while True:
            order = line.recv()
            if order is None:  # it came after the end of the task
                continue
            task, following = order
            started = time.monotonic()
            try:
                if hand is None:
                    ready = hire()
                    hand = ready.__enter__()
                end = hand(task, following, lambda event: _tell(line, event))
            except KeyboardInterrupt:
                end = Event("end", task.recording)
            except MeetscribeError as error:
                end = Event("end", task.recording, status="failed", error=str(error), code=error.exit_code)
            except (RuntimeError, MemoryError, OSError) as error:  # anything else is a mistake, and ends the process
                said = f"{type(error).__name__}: {str(error).strip() or 'no reason given'}".splitlines()[0]
                end = Event("end", task.recording, status="failed", error=said, code=1)
            line.send(replace(end, seconds=time.monotonic() - started))
    except (EOFError, OSError):  # the parent is gone, or wants nothing more
        pass
    finally:
        if ready is not None:
            ready.__exit__(None, None, None)


def _tell(line: Connection, event: Event) -> None:
    """Tell an event; raises KeyboardInterrupt if the task is to end."""
    line.send(event)
    if line.poll():
        line.recv()  # raises EOFError if the parent is gone
        raise KeyboardInterrupt


def _signal_name(number: int) -> str:
    """What a signal is called."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
