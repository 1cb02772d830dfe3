"""What the result of each stage depends on besides the recording and what earlier stages made of it.

Settings that only say how fast a stage works, or whether it runs, are left out; weights count by what is in them,
wherever they lie. The code of the rooms that a stage uses is its version.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from meetscribe.settings.provenance import installed
from meetscribe.settings.values import Settings
from meetscribe.stages import source_of
from meetscribe.transcript import JSON
from meetscribe.weights import identify

if TYPE_CHECKING:
    from meetscribe.devices import Device

_PACKAGES = {
    "faster-whisper": ("faster-whisper", "ctranslate2"),
    "whisperx": ("whisperx", "ctranslate2"),
    "transformers": ("transformers", "torch"),
    "openai-whisper": ("openai-whisper", "torch"),
    "mlx-whisper": ("mlx-whisper", "mlx"),
}


def speech(settings: Settings) -> dict[str, JSON]:
    """Of the chunks in which somebody speaks."""
    return {"vad": _values(settings.vad), **_versions(("faster-whisper", "onnxruntime"), ("vad", "segmentation"))}


def voices() -> dict[str, JSON]:
    """Of where voices are heard."""
    return _versions(("whisperx", "torch"), ("segmentation",))


def transcription(settings: Settings, device: Device, language: str | None = None) -> dict[str, JSON]:
    """Of what is heard in chunks, in a language if that is known otherwise than by the settings."""
    asr = settings.asr if language is None else replace(settings.asr, language=language)
    without = ("model", "batch_size", "workers", "coverage", "min_uncovered")
    return {
        "asr": _values(asr, without),
        "weights": identified(asr.model),
        "device": device.kind,
        **_versions(_PACKAGES.get(asr.engine, (asr.engine,)), ("asr",)),
    }


def alignment(settings: Settings, device: Device, aligners: Mapping[str, tuple[str, str] | None]) -> dict[str, JSON]:
    """Of where words are heard by these aligners, which are paths and names by language."""
    return {
        "alignment": _values(settings.alignment, ("enabled", "model", "batch_size")),
        "weights": {language: found and [identified(found[0]), found[1]] for language, found in aligners.items()},
        "device": device.kind,
        **_versions(("torch", "transformers"), ("alignment",)),
    }


def diarization(settings: Settings, device: Device) -> dict[str, JSON]:
    """Of who speaks when."""
    own = settings.diarization
    without = ("enabled", "token", "batch_size", "pipeline", "embedder")
    return {
        "diarization": _values(own, without),
        "weights": [identified(own.pipeline), identified(own.embedder)],
        "device": device.kind,
        **_versions(("pyannote.audio", "torch"), ("diarization", "segmentation")),
    }


@cache
def identified(model: str) -> str:
    """What tells the model from every other one; read once in a process."""
    return identify(model)


def _values(room: Any, without: Collection[str] = ()) -> dict[str, JSON]:
    """The settings of a room but for some."""
    return cast("dict[str, JSON]", {name: value for name, value in asdict(room).items() if name not in without})


def _versions(packages: Collection[str], rooms: Collection[str]) -> dict[str, JSON]:
    """The versions of what computes: packages, our own rooms, and those that all stages stand on."""
    versions: dict[str, JSON] = {package: installed(package) for package in ("av", "numpy", *packages)}
    code = source_of(*rooms, "audio", "transcript")
    return {"packages": versions, "code": code, "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
