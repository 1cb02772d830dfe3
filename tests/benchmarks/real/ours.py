"""Meetscribe as a system of the benchmark: the whole pipeline without alignment and speakers, with timed checks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from meetscribe.asr import EngineRecognizer, load_recognizer
from meetscribe.audio import Audio, Recording
from meetscribe.pipeline import Loaders, Session
from meetscribe.settings import Settings, load_settings
from meetscribe.transcript import Transcript
from tests.benchmarks.stage_timer import StageTimer

if TYPE_CHECKING:
    import numpy.typing as npt

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.protocol import DecodingOptions, DecodingResult
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

CHECK_STAGES = ("segmentation", "coverage")
"""The stages of the pipeline that only serve quality checks."""


def settings_of(model: Path, compute_type: str, changes: Mapping[str, str]) -> Settings:
    """Return the default settings with a model, without alignment, speakers, cache and hub, and with changes."""
    fixed = {
        "asr.model": str(model),
        "asr.compute_type": compute_type,
        "alignment.enabled": "false",
        "diarization.enabled": "false",
        "run.cache": "false",
        "run.offline": "true",
        "run.allow_empty": "true",
    }
    return load_settings(None, {**fixed, **changes})


@dataclass(slots=True)
class Passes:
    """The calls of the engine during a run, and the processor seconds of the stages.

    A clip is known by its length and the place of its loudest sample, which amplification does not change.
    """

    timer: StageTimer = field(default_factory=StageTimer)
    first: float = 0.0
    again: float = 0.0
    longest: float = 0.0
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, clips: Sequence[npt.NDArray[np.float32]], seconds: float) -> None:
        """Add a call of the engine with its wall seconds."""
        keys = {(len(clip), int(np.argmax(np.abs(clip)))) for clip in clips}
        with self._lock:
            recovering = self.timer.stage == "coverage"
            if recovering or keys <= self._seen:
                self.longest = max(self.longest, seconds / len(clips))
                self.again += 0.0 if recovering else seconds
            else:
                self.first += seconds
            self._seen |= keys

    def checks(self) -> dict[str, float]:
        """Return the processor seconds of the checks.

        Those of the temperature fallback are the share of the repeated calls in the time of all calls, applied to the
        processor time of the transcription.
        """
        spent = self.timer.processor
        share = self.again / (self.first + self.again) if self.first else 0.0
        found = {stage: spent[stage] for stage in CHECK_STAGES if stage in spent}
        return {**found, "fallback": share * spent.get("transcription", 0.0)}


class TimedEngine:
    """An engine that reports its calls to the current `Passes`."""

    def __init__(self, engine: Any, current: Callable[[], Passes]) -> None:
        self._engine, self._current = engine, current

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        """Decode clips, and report the time."""
        start = time.perf_counter()
        results: list[DecodingResult] = self._engine.decode(clips, options)
        self._current().add(clips, time.perf_counter() - start)
        return results


Run: TypeAlias = Callable[[Path, Audio], tuple[Transcript, Passes]]


def load_ours(settings: Settings) -> Run:
    """Return a function that runs the pipeline on a decoded recording, with models that are loaded once."""
    current = Passes()

    def timed(asr: AsrSettings, device: Device, plan: DecodingPlan) -> EngineRecognizer:
        recognizer = load_recognizer(asr, device, plan)
        assert isinstance(recognizer, EngineRecognizer)
        return replace(recognizer, engine=TimedEngine(recognizer.engine, lambda: current))

    session = Session(settings, loaders=Loaders(recognizer=timed))

    def run(path: Path, audio: Audio) -> tuple[Transcript, Passes]:
        nonlocal current
        current = Passes()
        with current.timer.running():
            return session.run(Recording(path, lambda file, progress: audio), current.timer), current

    return run
