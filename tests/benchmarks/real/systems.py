"""The systems that are compared, each as a function that loads it and returns a function that recognises a recording.

All use the same weights, beam size and numeric type, all processor cores, and detect the language; everything else is
the default of the package, as its users would run it. None aligns, and none uses a hub.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from meetscribe.audio import Audio
from meetscribe.results import code_digest
from meetscribe.runtime import silence, telemetry
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import JSON
from tests.benchmarks.real.ours import load_ours, settings_of

Timed: TypeAlias = tuple[str, Seconds, Seconds]


@dataclass(frozen=True, slots=True)
class Choices:
    """What all systems share: the directory of the model, the numeric type, and changed settings of meetscribe."""

    model: Path
    compute_type: str
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The result of a system: language, words, segments, whether words have times, and the cost of quality checks."""

    language: str
    words: tuple[Timed, ...]
    segments: tuple[tuple[Seconds, Seconds, str], ...]
    timed: bool = True
    checks: Mapping[str, float] | None = None
    longest_pass: float | None = None


Recognise: TypeAlias = Callable[[Path, Audio], Recognised]


def ours(choices: Choices) -> Recognise:
    """Load meetscribe."""
    return _ours(choices, {})


def ours_unchecked(choices: Choices) -> Recognise:
    """Load meetscribe without quality checks."""
    return _ours(choices, _UNCHECKED)


_UNCHECKED = {"asr.quality": "false", "asr.coverage": "false"}


def _ours(choices: Choices, changes: Mapping[str, str]) -> Recognise:
    run = load_ours(settings_of(choices.model, choices.compute_type, {**choices.changes, **changes}))

    def recognise(path: Path, audio: Audio) -> Recognised:
        transcript, passes = run(path, audio)
        words = tuple((word.text, word.start, word.end) for word in transcript.words)
        segments = tuple((segment.start, segment.end, segment.text) for segment in transcript.segments)
        return Recognised(transcript.language, words, segments, True, passes.checks(), passes.longest)

    return recognise


def whisperx(choices: Choices) -> Recognise:
    """Load whisperX's pipeline with the detector in its package."""
    telemetry.switch_off()
    with silence.loading():
        import whisperx.asr

        pipeline: Any = whisperx.asr.load_model(
            str(choices.model), "cpu", compute_type=choices.compute_type, threads=_cores()
        )

    def recognise(path: Path, audio: Audio) -> Recognised:
        with silence.loading():
            try:
                found = pipeline.transcribe(audio.samples[:], task="transcribe")
            except IndexError:  # of its progress, where no speech was detected
                found = {"segments": [], "language": "und"}
        segments = tuple((part["start"], part["end"], part["text"]) for part in found["segments"])
        words = tuple(word for start, end, text in segments for word in _spread(text, start, end))
        return Recognised(found["language"], words, segments, timed=False)

    return recognise


def sequential(choices: Choices) -> Recognise:
    """Load faster-whisper, which decodes window after window."""
    model = _faster_whisper(choices)
    return lambda path, audio: _recognised(*model.transcribe(audio.samples[:], word_timestamps=True))


def batched(choices: Choices) -> Recognise:
    """Load faster-whisper's batched pipeline."""
    from faster_whisper import BatchedInferencePipeline

    pipeline = BatchedInferencePipeline(_faster_whisper(choices))
    return lambda path, audio: _recognised(*pipeline.transcribe(audio.samples[:], word_timestamps=True))


def _faster_whisper(choices: Choices) -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(
        str(choices.model), device="cpu", compute_type=choices.compute_type, cpu_threads=_cores(), local_files_only=True
    )


def _recognised(found: Any, info: Any) -> Recognised:
    """Return faster-whisper's result; its segments are computed here, one after the other."""
    parts = list(found)
    words = tuple((word.word.strip(), word.start, word.end) for part in parts for word in part.words or ())
    return Recognised(info.language, words, tuple((part.start, part.end, part.text) for part in parts))


def _spread(text: str, start: Seconds, end: Seconds) -> list[Timed]:
    """Return the words of a text without word times, spread over its span."""
    texts = split_words(text)
    return [(word, at.start, at.end) for word, at in zip(texts, spread(texts, Span(start, end)), strict=True)]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


SYSTEMS: dict[str, Callable[[Choices], Recognise]] = {
    "ours": ours,
    "ours unchecked": ours_unchecked,
    "whisperX": whisperx,
    "fw sequential": sequential,
    "fw batched": batched,
}
"""The systems by name: fw is faster-whisper; "ours unchecked" is meetscribe without quality checks."""

_CODE = ("asr", "audio", "segmentation", "text", "timeline", "vad", "pipeline.flow", "pipeline.stages")


def dependencies(system: str, choices: Choices, weights: str) -> dict[str, JSON]:
    """Return what the output of a system depends on besides the recording; `weights` is a digest of the model."""
    packages = ["faster-whisper", "ctranslate2", *(["whisperx"] if system == "whisperX" else [])]
    common: dict[str, JSON] = {
        "system": system,
        "weights": weights,
        "compute_type": choices.compute_type,
        "packages": {name: version(name) for name in packages},
    }
    if not system.startswith("ours"):
        return common
    return {**common, "code": code_digest(_CODE), "changes": dict(choices.changes)}
