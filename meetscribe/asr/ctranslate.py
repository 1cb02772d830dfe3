"""What the engines on CTranslate2 share: where a model runs, what it can do, which language is spoken."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.asr.languages import LANGUAGES, UNKNOWN
from meetscribe.asr.settings import AsrSettings
from meetscribe.errors import SettingsError, WeightsError, nearest
from meetscribe.transcript import JSON, Meta, Segment, Source, Transcript

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from meetscribe.audio import Audio
    from meetscribe.devices import Device
    from meetscribe.progress import Progress
    from meetscribe.timeline import Span

_MAX_THREADS = 8  # more do not help one recording (SYSTRAN/faster-whisper #33)
_MAX_PROMPT = 223  # tokens: half of Whisper's context, less one; faster-whisper cuts what is beyond
_DETECTION_WINDOWS = 4  # of 30 s of speech, each read only if the ones before left doubt
_DETECTION_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how a model runs; `warnings` says what could not be as asked."""

    device: str
    index: int
    compute_type: str
    threads: int
    batch_size: int
    warnings: tuple[str, ...] = ()


def place(settings: AsrSettings, device: Device, threads: int) -> Placement:
    """Where the model is to run; raises SettingsError if CTranslate2 cannot run there in this way."""
    kind = "cuda" if device.kind == "cuda" else "cpu"
    if kind == "cuda":
        import torch  # noqa: F401  # before ctranslate2: it brings the cuDNN that both are to share
    import ctranslate2

    if kind == "cuda" and ctranslate2.get_cuda_device_count() <= device.index:
        raise SettingsError(
            f"CTranslate2 cannot use {device}", "Use --device cpu, or install CUDA 12 with cuDNN 9 for it."
        )
    supported = ctranslate2.get_supported_compute_types(kind, device.index)
    compute_type = settings.compute_type
    if compute_type == "auto":
        preferred = "float16" if kind == "cuda" else "int8"
        compute_type = preferred if preferred in supported else "float32"
    if compute_type not in supported:
        raise SettingsError(f"{device} cannot compute in {compute_type}: {nearest(compute_type, sorted(supported))}")
    note = "transcribed on the processor: CTranslate2 cannot use an Apple graphics card"
    return Placement(
        device=kind,
        index=device.index if kind == "cuda" else 0,
        compute_type=compute_type,
        threads=threads or min(_processors(), _MAX_THREADS),
        batch_size=settings.batch_size or (8 if kind == "cuda" else 4),
        warnings=(note,) if device.kind == "mps" else (),
    )


@contextmanager
def model_errors(model: str) -> Iterator[None]:
    """Turn what is raised by loading `model` into a WeightsError that says what to do."""
    if Path(model).is_dir():
        missing = [
            name for name in ("model.bin", "config.json", "tokenizer.json") if not (Path(model) / name).is_file()
        ]
        if missing:
            raise WeightsError(
                f"{model} is no Whisper model for CTranslate2: it has no {' and no '.join(missing)}",
                "Convert it with ct2-transformers-converter, and copy the tokenizer's files along.",
            )
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise WeightsError(
            f"the Whisper model {model} cannot be loaded: {(str(error) or repr(error)).splitlines()[0]}",
            "Check its name and the connection, or give the directory of a model converted for CTranslate2.",
        ) from error


def check_model(model: WhisperModel, settings: AsrSettings) -> None:
    """Raise SettingsError or WeightsError if the loaded model cannot do what the settings ask for."""
    multilingual = model.model.is_multilingual
    if settings.language not in (None, "en") and not multilingual:
        raise SettingsError(
            f"the model {settings.model} knows English only, not {settings.language}",
            "Use a model without .en in its name, or leave the language out.",
        )
    if settings.language is not None and multilingual and not _knows(model, settings.language):
        raise SettingsError(
            f"the model {settings.model} does not know {LANGUAGES[settings.language]}",
            "Use a newer one, such as large-v3.",
        )
    if settings.task == "translate" and not multilingual:
        raise SettingsError(f"the model {settings.model} knows English only and cannot translate", "Use another model.")
    if model.model.n_mels != model.feature_extractor.mel_filters.shape[0]:
        raise WeightsError(
            f"the model {settings.model} needs {model.model.n_mels} mel bands, but does not say so",
            "Put its preprocessor_config.json beside model.bin.",
        )
    hints = [text for text in (settings.prompt, hotwords(settings)) if text]
    tokens = sum(len(model.hf_tokenizer.encode(f" {text}", add_special_tokens=False)) for text in hints)
    if tokens > _MAX_PROMPT:
        raise SettingsError(
            f"asr.prompt and asr.vocabulary are too long: {tokens} tokens of at most {_MAX_PROMPT}",
            "Keep what matters most.",
        )


def hotwords(settings: AsrSettings) -> str | None:
    """The vocabulary as one text, as the engines want it."""
    return ", ".join(settings.vocabulary) or None


def spoken_language(
    model: WhisperModel, settings: AsrSettings, audio: Audio, chunks: Sequence[Span]
) -> tuple[str, float | None]:
    """The language of the recording and how sure the model is of it, None if it was not asked.

    It listens to the first chunks of speech, not to the start of the recording, which may be silent.
    """
    if settings.language is not None:
        return settings.language, None
    if not model.model.is_multilingual:
        return "en", None
    import numpy as np

    speech: list[np.ndarray] = []
    wanted = _DETECTION_WINDOWS * model.feature_extractor.n_samples
    for chunk in chunks:
        if sum(map(len, speech)) >= wanted:
            break
        speech.append(audio.slice(chunk))
    language, probability, _ = model.detect_language(
        np.concatenate(speech)[:wanted],
        language_detection_segments=_DETECTION_WINDOWS,
        language_detection_threshold=_DETECTION_THRESHOLD,
    )
    return language, float(probability)


def made_by(settings: AsrSettings, placement: Placement, model: WhisperModel) -> dict[str, JSON]:
    """How a transcript is made, for its `made_by`; of a model's path the last part only."""
    path = Path(settings.model)
    package = "whisperx" if settings.engine == "whisperx" else "faster-whisper"
    return {
        "engine": settings.engine,
        "version": version(package),
        "model": path.name if path.is_dir() else settings.model,
        "multilingual": bool(model.model.is_multilingual),
        "task": settings.task,
        "device": placement.device,
        "compute_type": placement.compute_type,
        "batch_size": placement.batch_size,
        "beam_size": settings.beam_size,
        "prompt": settings.prompt,
        "vocabulary": list(settings.vocabulary),
    }


def to_transcript(
    segments: Sequence[Segment],
    audio: Audio,
    settings: AsrSettings,
    made: dict[str, JSON],
    warnings: tuple[str, ...] = (),
) -> Transcript:
    """The segments as a transcript; its language is that of the text, so English for a translation."""
    spoken = made.get("language") or settings.language or UNKNOWN
    meta = Meta(
        language="en" if settings.task == "translate" else str(spoken),
        duration=audio.duration,
        source=Source(audio.name, audio.hash),
        warnings=audio.warnings + warnings,
        made_by={"asr": {"language": spoken, **made}},
    )
    return Transcript(tuple(segments), meta)


def rising(progress: Progress) -> Callable[[float], None]:
    """A progress that stays within 0 to 1 and never falls, whatever an engine reports."""
    reached = 0.0

    def report(done: float) -> None:
        nonlocal reached
        reached = max(reached, min(done, 1.0))
        progress(reached)

    return report


def _knows(model: WhisperModel, language: str) -> bool:
    """Whether the model has a token for the language."""
    return model.hf_tokenizer.token_to_id(f"<|{language}|>") is not None


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
