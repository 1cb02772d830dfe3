"""Check the trained model in every installed engine, offline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.errors import MeetscribeError
from meetscribe.evaluation import ErrorRate, wer
from meetscribe.evaluation.normalization import normalize_characters
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.training.comparison.transcribing import Clips, Machine, transcribe_clips

CLIPS = 4
"""The number of clips that each engine decodes."""


@dataclass(frozen=True, slots=True)
class EngineCheck:
    """The errors of an engine with the trained model, or the reason why the engine failed."""

    engine: str
    errors: ErrorRate | None
    problem: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the engine is not installed."""
        return self.errors is None and not self.problem


def check_engines(
    model: Path, clips: Clips, machine: Machine, progress: Progress = ignore_progress
) -> list[EngineCheck]:
    """Decode a few clips greedily with each built-in engine; return its word errors, or why it failed."""
    few = Clips(clips.folder, clips.examples[:CLIPS])
    checks = []
    for number, engine in enumerate(BUILT_IN, start=1):
        checks.append(_check(engine, model, few, machine))
        progress(number / len(BUILT_IN))
    return checks


def _check(engine: str, model: Path, clips: Clips, machine: Machine) -> EngineCheck:
    try:
        texts = transcribe_clips(model, clips, machine, engine=engine, beam_size=1)
    except MeetscribeError as error:
        is_missing = isinstance(error.__cause__, ModuleNotFoundError)
        return EngineCheck(engine, None, "" if is_missing else error.message)
    pairs = zip(clips.examples, texts, strict=True)
    errors = [wer(normalize_characters(one.text), normalize_characters(text)) for one, text in pairs]
    return EngineCheck(engine, sum(errors, ErrorRate.zero()))
