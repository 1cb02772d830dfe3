"""Workers without a model; what they do is in the recording's name."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meetscribe.corpus import Event, Task
from meetscribe.corpus.delivery import Deliver
from meetscribe.corpus.events import OnEvent
from meetscribe.corpus.executors import Worker
from meetscribe.errors import InputError, Notice, WeightsError
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting

CUT_OFF = Notice("audio.truncated", "the recording is truncated", {"seconds": 2.0})
"""The notice about each recording with "cut" in its name."""


@dataclass(frozen=True)
class DeliveringFactory:
    """Creates workers that deliver a synthetic transcript for each recording, unless its name has "bad" in it."""

    settings: Settings
    deliver: Deliver

    @contextmanager
    def __call__(self) -> Iterator[Worker]:
        yield self._work

    def _work(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        if "bad" in task.recording.name:
            raise InputError(f"{task.recording.name} is not a recording", "Copy it again.")
        emit(Event("stage", task.recording, "transcription", 0.25, 60.0))
        transcript = synthetic_meeting(name=task.recording.name).transcript
        if "cut" in task.recording.name:
            emit(Event("notice", task.recording, notice=CUT_OFF))
        outputs = self.deliver(task, transcript).outputs
        return Event("end", task.recording, duration=60.0, status="done", outputs=outputs, hash="sha256:0")


@dataclass(frozen=True)
class FakeFactory:
    """Creates workers that write an empty file into `folder` for each recording, and a line into `folder/log`.

    Unless the name of the recording has one of these words in it: bad, weightless, memory, full and defect raise an
    error, exit and crash end the process, slow emits events for half a minute, pair waits for another one.
    """

    folder: Path
    error: Exception | None = None

    @contextmanager
    def __call__(self) -> Iterator[Worker]:
        self._log(f"created in {os.getpid()}")
        if self.error is not None:
            raise self.error
        yield self._work
        self._log("released")

    def _work(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        name = task.recording.name
        self._log(f"{name} {upcoming and upcoming.recording.name}")
        emit(Event("stage", task.recording, "transcription", 0.5, 60.0))
        if "cut" in name:
            emit(Event("notice", task.recording, notice=CUT_OFF))
        _fail(name)
        if "slow" in name:
            for _ in range(600):
                time.sleep(0.05)
                emit(Event("stage", task.recording, "transcription", 0.6, 60.0))
        if "pair" in name:
            self._wait_for_pair()
        output = self.folder / f"{str(task.stem).replace('/', '-')}.json"
        output.write_text("{}")
        incomplete = "half" in name
        return Event(
            "end",
            task.recording,
            duration=60.0,
            status="incomplete" if incomplete else "done",
            outputs=(str(output),),
            hash="sha256:0",
            error="diarization failed" if incomplete else None,
        )

    def _log(self, line: str) -> None:
        with (self.folder / "log").open("a") as log:
            log.write(f"{line}\n")

    def _wait_for_pair(self) -> None:
        """Wait until another worker has begun a recording with "pair" in its name."""
        end = time.monotonic() + 30
        while sum("pair" in line for line in (self.folder / "log").read_text().splitlines()) < 2:
            if time.monotonic() > end:
                raise TimeoutError("no other worker")
            time.sleep(0.01)


def _fail(name: str) -> None:
    """Fail as the recording's name says."""
    if "bad" in name:
        raise InputError(f"{name} is not a recording", "Copy it again.")
    if "weightless" in name:
        raise WeightsError("no model", "Fetch it.")
    if "memory" in name:
        raise MemoryError
    if "full" in name:
        raise OSError(errno.ENOSPC, "No space left on device")
    if "defect" in name:
        raise ZeroDivisionError("by nothing")
    if "exit" in name:
        raise SystemExit(3)
    if "crash" in name:
        os.kill(os.getpid(), signal.SIGSEGV)
