"""Hands that work without a model, in processes of their own; what they do is in the recording's name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meetscribe.corpus import Event, Task
from meetscribe.corpus.manifest import Status
from meetscribe.corpus.processes import Hand, Tell
from meetscribe.corpus.transcription import Deliver
from meetscribe.errors import InputError, WeightsError
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting

CUT_OFF = "the file ends 2.0 s before its stated length"
"""The notice about each recording with "cut" in its name."""


@dataclass(frozen=True)
class DeliveringHire:
    """Hires a hand that has a made-up transcript delivered for each recording but those that are bad."""

    settings: Settings
    deliver: Deliver

    @contextmanager
    def __call__(self) -> Iterator[Hand]:
        yield self._work

    def _work(self, task: Task, following: Task | None, tell: Tell) -> Event:
        if "bad" in task.recording.name:
            raise InputError(f"{task.recording.name} is not a recording", "Copy it again.")
        tell(Event("stage", task.recording, "transcription", 0.25, 60.0))
        transcript = synthetic_meeting(name=task.recording.name).transcript
        if "cut" in task.recording.name:
            tell(Event("notice", task.recording, notice=CUT_OFF))
        outputs = self.deliver(task, transcript)
        return Event("end", task.recording, duration=60.0, status="done", outputs=outputs, hash="sha256:0")


@dataclass(frozen=True)
class FakeHire:
    """Hires a hand that writes an empty file into `folder` for each recording, and a line into `folder/log`."""

    folder: Path

    @contextmanager
    def __call__(self) -> Iterator[Hand]:
        with (self.folder / "log").open("a") as log:
            log.write(f"hired {os.getpid()}\n")
        yield self._work

    def _work(self, task: Task, following: Task | None, tell: Tell) -> Event:
        name = task.recording.name
        with (self.folder / "log").open("a") as log:
            log.write(f"{name} {following and following.recording.name}\n")
        tell(Event("stage", task.recording, "transcription", 0.5, 60.0))
        if "cut" in name:
            tell(Event("notice", task.recording, notice=CUT_OFF))
        if "bad" in name:
            raise InputError(f"{name} is not a recording", "Copy it again.")
        if "weightless" in name:
            raise WeightsError("no model", "Fetch it.")
        if "crash" in name:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "mistake" in name:
            raise ZeroDivisionError("by nothing")
        if "memory" in name:
            raise MemoryError
        if "slow" in name:
            for _ in range(600):
                time.sleep(0.05)
                tell(Event("stage", task.recording, "transcription", 0.6, 60.0))
        output = self.folder / f"{str(task.stem).replace('/', '-')}.json"
        output.write_text("{}")
        status: Status = "incomplete" if "half" in name else "done"
        error = "diarization failed" if status == "incomplete" else None
        return Event(
            "end",
            task.recording,
            duration=60.0,
            status=status,
            outputs=(str(output),),
            hash="sha256:0",
            error=error,
        )
