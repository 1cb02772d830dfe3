"""The systems that are compared, each as a function that loads it and returns a function that recognises a recording.

All use the same weights, beam size and numeric type, all processor cores, and detect the language; everything else is
the default of the package, as its users would run it. Unless an aligner is given, none aligns, and none uses a hub.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.results import code_digest
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.devices import Device
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Diarization, Seconds, Span
from meetscribe.transcript import JSON
from tests.benchmarks.diarization import their_turns
from tests.benchmarks.launch import SentenceSplitter
from tests.benchmarks.real.code import digest_of_statements
from tests.benchmarks.real.ours import load_ours, settings_of

Timed: TypeAlias = tuple[str, Seconds, Seconds]


@dataclass(frozen=True, slots=True)
class Choices:
    """What all systems share: the directory of the model, the numeric type, and changed settings of meetscribe.

    `segmentation` and `embedder` are the models of diarization, `speakers` the true number of speakers of a path.
    `aligner` is the model of forced alignment for English, a directory or a hub id; None for no alignment.
    """

    model: Path
    compute_type: str = "int8"
    changes: Mapping[str, str] = field(default_factory=dict)
    segmentation: str = "auto"
    embedder: str = "campplus"
    speakers: Mapping[str, int] = field(default_factory=dict)
    aligner: str | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The result of a system: language, words, segments, whether words have times, the cost of checks, and turns."""

    language: str
    words: tuple[Timed, ...]
    segments: tuple[tuple[Seconds, Seconds, str], ...]
    timed: bool = True
    checks: Mapping[str, float] | None = None
    longest_pass: float | None = None
    diarization: Diarization | None = None


Recognise: TypeAlias = Callable[[Path, Audio], Recognised]


def ours(choices: Choices) -> Recognise:
    """Load meetscribe."""
    return _ours(choices, {})


def ours_unchecked(choices: Choices) -> Recognise:
    """Load meetscribe without quality checks."""
    return _ours(choices, _UNCHECKED)


_UNCHECKED = {"asr.quality": "false", "asr.coverage": "false"}


def _ours(choices: Choices, changes: Mapping[str, str]) -> Recognise:
    aligned = {} if choices.aligner is None else {"alignment.enabled": "true", "alignment.model": choices.aligner}
    online = {"run.offline": "false"} if choices.aligner and not Path(choices.aligner).exists() else {}
    run = load_ours(
        settings_of(choices.model, choices.compute_type, {**aligned, **online, **choices.changes, **changes})
    )

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

        align = None if choices.aligner is None else _whisperx_aligner(choices.aligner)

    def recognise(path: Path, audio: Audio) -> Recognised:
        with silence.loading():
            try:
                found = pipeline.transcribe(audio.samples[:], task="transcribe")
            except IndexError:  # of its progress, where no speech was detected
                found = {"segments": [], "language": "und"}
            if align is not None:
                return Recognised(found["language"], *align(found["segments"], audio.samples[:]))
        segments = tuple((part["start"], part["end"], part["text"]) for part in found["segments"])
        words = tuple(word for start, end, text in segments for word in _spread(text, start, end))
        return Recognised(found["language"], words, segments, timed=False)

    return recognise


def _whisperx_aligner(model: str) -> Callable[[list[Any], Any], tuple[tuple[Timed, ...], tuple[Any, ...]]]:
    """Return a function that aligns whisperX's segments; words without times are left where its segments are."""
    import whisperx.alignment

    whisperx.alignment.nltk_load = lambda path: SentenceSplitter()
    network, metadata = whisperx.alignment.load_align_model("en", "cpu", model_name=model)

    def align(segments: list[Any], samples: Any) -> tuple[tuple[Timed, ...], tuple[Any, ...]]:
        parts = whisperx.alignment.align(segments, network, metadata, samples, "cpu")["segments"]
        words = tuple(
            (word["word"], word.get("start", part["start"]), word.get("end", part["end"]))
            for part in parts
            for word in part["words"]
        )
        return words, tuple((part["start"], part["end"], part["text"]) for part in parts)

    return align


def sequential(choices: Choices, **changes: bool) -> Recognise:
    """Load faster-whisper, which decodes window after window; `changes` are options of its transcription."""
    model = _faster_whisper(choices)
    return lambda path, audio: _recognised(*model.transcribe(audio.samples[:], word_timestamps=True, **changes))


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


def speakers(choices: Choices) -> Recognise:
    """Load meetscribe's diarizer."""
    diarizer = load_diarizer(_diarization(choices), Device("cpu"))
    return lambda path, audio: _diarized(diarizer.diarize(audio))


def speakers_given(choices: Choices) -> Recognise:
    """Load meetscribe's diarizer, which is given the true number of speakers of each recording."""
    loaded = load_diarizer(_diarization(choices), Device("cpu")).loaded

    def recognise(path: Path, audio: Audio) -> Recognised:
        settings = replace(_diarization(choices), speakers=choices.speakers.get(str(path)))
        return _diarized(Diarizer(loaded, settings).diarize(audio))

    return recognise


def speakers_pyannote(choices: Choices) -> Recognise:
    """Load pyannote.audio's own inference, which whisperX calls, with the same networks and parameters."""
    diarizer = load_diarizer(_diarization(choices), Device("cpu"))
    return lambda path, audio: _diarized(Diarization(their_turns(diarizer, audio), ()))


def _diarization(choices: Choices) -> DiarizationSettings:
    return DiarizationSettings(pipeline="bundled", segmentation=choices.segmentation, embedder=choices.embedder)


def _diarized(found: Diarization) -> Recognised:
    return Recognised("und", (), (), diarization=found)


SYSTEMS: dict[str, Callable[[Choices], Recognise]] = {
    "ours": ours,
    "ours unchecked": ours_unchecked,
    "whisperX": whisperx,
    "fw sequential": sequential,
    "fw batched": batched,
}
"""The systems by name: fw is faster-whisper; "ours unchecked" is meetscribe without quality checks."""

OTHERS: dict[str, Callable[[Choices], Recognise]] = {
    "fw unprompted": partial(sequential, condition_on_previous_text=False),
    "fw filtered": partial(sequential, vad_filter=True),
}
"""Systems that only `--variants` runs: not prompted by the text before, and after a speech filter."""

DIARIZERS: dict[str, Callable[[Choices], Recognise]] = {
    "speakers": speakers,
    "speakers given": speakers_given,
    "speakers pyannote": speakers_pyannote,
}
"""The diarizers by name."""

_SPEAKER_CODE = ("audio", "diarization", "segmentation", "timeline")
_CODE = ("asr", "audio", "segmentation", "text", "timeline", "vad", "pipeline.flow", "pipeline.stages")


def dependencies(system: str, choices: Choices, weights: str) -> dict[str, JSON]:
    """Return what the output of a system depends on besides the recording; `weights` is a digest of the model."""
    if system in DIARIZERS:
        return _diarizer_dependencies(system, choices)
    packages = ["faster-whisper", "ctranslate2", *(["whisperx"] if system == "whisperX" else [])]
    common: dict[str, JSON] = {
        "system": system,
        "weights": weights,
        "compute_type": choices.compute_type,
        **({"aligner": choices.aligner} if choices.aligner and not system.startswith("fw") else {}),
        "packages": {name: version(name) for name in packages},
    }
    if not system.startswith("ours"):
        return common
    code = digest_of_statements((*_CODE, "alignment") if choices.aligner else _CODE)
    return {**common, "code": code, "changes": dict(choices.changes)}


def _diarizer_dependencies(system: str, choices: Choices) -> dict[str, JSON]:
    """Return what the turns of a diarizer depend on; the number of speakers counts as part of the recording."""
    return {
        "system": system,
        "models": [Path(name).name for name in (choices.segmentation, choices.embedder)],
        "packages": {name: version(name) for name in ("pyannote.audio", "torch")},
        "code": code_digest(_SPEAKER_CODE),
    }
