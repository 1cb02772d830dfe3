"""One recording on its way through the stages: what they share, and how one of them is run; which, is the pipeline's.

A stage's result is looked up before it is made, and kept as soon as it is. A stage that can be left out is
attempted: its failure is noted, and the others go on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias, TypeVar

from meetscribe.audio import Audio, Recording
from meetscribe.errors import MeetscribeError
from meetscribe.models.resolution import Models
from meetscribe.pipeline.engines import Engines
from meetscribe.results import Codec, Key, Store, key_of
from meetscribe.runtime.devices import Device, give_back
from meetscribe.runtime.progress import Progress
from meetscribe.settings import Settings
from meetscribe.transcript import JSON

StageProgress: TypeAlias = Callable[[str, float], None]
"""Called with the name of a stage and the share of it that is done, 0 to 1.

A stage that is told to be done without having begun was made by an earlier run.
"""

T = TypeVar("T")

# What a model can fail with after there are words: ours, torch's out of memory, the machine's.
_FAILURES = (MeetscribeError, RuntimeError, MemoryError, OSError)


@dataclass(frozen=True, slots=True)
class Work:
    """What the stages of one run share; `failures` are those of the stages that could be left out."""

    recording: Recording
    models: Models
    engines: Engines
    store: Store
    report: StageProgress
    failures: dict[str, Exception] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings, in which every model is one that can be loaded."""
        return self.models.settings

    @property
    def device(self) -> Device:
        """Where the models run."""
        return self.engines.device

    @property
    def audio(self) -> Audio:
        """The recording's samples; raises InputError if they cannot be had."""
        if self.recording.duration is not None:
            return self.recording.audio()
        with stage("audio", self.report) as done:
            done(0.0)
            return self.recording.audio(done)

    def key(self, stage: str, depends: Mapping[str, JSON]) -> Key:
        """Under what the result of a stage is kept that depends on this, and on the recording."""
        return key_of(self.recording.hash, stage, {"track": self.settings.audio.stream, **depends})

    def kept(self, key: Key, codec: Codec[T], make: Callable[[Audio], T], progress: Progress) -> T:
        """What an earlier run has kept under the key, else what is made now, and kept."""
        found = self.store.load(key, codec)
        if found is not None:
            return found
        audio, device = self.audio, self.device
        progress(0.0)
        made = self.engines.on_device(lambda: make(audio))
        give_back()
        if self.device == device:  # else it is not what the key says
            self.store.save(key, codec, made)
        return made

    def attempt(self, name: str, make: Callable[[Progress], T]) -> T | None:
        """What a stage makes; None if it fails, and the error put into `failures`."""
        try:
            with stage(name, self.report) as done:
                return make(done)
        except _FAILURES as error:
            if error.__traceback__ is not None:  # its frames hold the model, and the next stage needs the room
                traceback.clear_frames(error.__traceback__)
            self.failures[name] = error
            self.engines.release()
            return None


@contextmanager
def stage(name: str, report: StageProgress) -> Iterator[Progress]:
    """Yield the stage's own progress; its end is told if it did not fail."""
    yield partial(report, name)
    report(name, 1.0)


def ignore_stages(stage: str, done: float) -> None:
    """Nothing: the progress of whoever does not ask for it."""
