"""What the result of each stage depends on besides the recording and what earlier stages made of it.

Settings that only say how fast a stage works, or whether it runs, are left out; weights count by what is in them,
wherever they lie. The code of the rooms that a stage uses is its version.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from meetscribe.diarization.embedders import TUNING, is_factory
from meetscribe.pipeline.provenance import installed
from meetscribe.results import source_of
from meetscribe.settings.values import Settings
from meetscribe.transcript import JSON
from meetscribe.weights import identify
from meetscribe.weights.fingerprint import fingerprint_of

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device

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


def segmentation() -> dict[str, JSON]:
    """Return what the speech activity depends on."""
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
        "weights": [identified(own.pipeline), *_parts(own.pipeline), identified(own.embedder)],
        "embedder": _made_by(own.embedder) if is_factory(own.embedder) else _tuning(own.embedder),
        "device": device.kind,
        **_versions(("pyannote.audio", "torch"), ("diarization", "segmentation")),
    }


@cache
def _made_by(factory: str) -> dict[str, JSON]:
    """What can be had of the code that a "package.module:function" is in: versions of its package, and its files.

    Nothing of it is imported. What it imports itself, and weights of its own, are not known.
    """
    module = factory.partition(":")[0].split(".")
    found = find_spec(module[0]) if module[0] != "__main__" else None
    packages = packages_distributions().get(module[0], ())
    versions: dict[str, JSON] = {package: installed(package) for package in packages}
    return {"packages": versions, "code": fingerprint_of(sorted(_modules(found, module[1:])))}


def _modules(package: ModuleSpec | None, inner: Sequence[str]) -> Iterator[Path]:
    """The files of a module that lies so deep in a package, with those beside it; of a lone module its own."""
    if package is None:
        return
    if package.submodule_search_locations is None:
        yield from [Path(package.origin)] if package.origin and Path(package.origin).is_file() else []
        return
    for place in package.submodule_search_locations:
        folder = Path(place, *inner)
        yield from (folder if folder.is_dir() else folder.parent).glob("*.py")


def _parts(pipeline: str) -> list[str]:
    """What tells the models that a pipeline in a directory names by where they lie."""
    import yaml  # type: ignore[import-untyped]

    try:
        parts = yaml.safe_load((Path(pipeline).expanduser() / "config.yaml").read_bytes())["pipeline"]["params"]
        return [identify(part) for part in parts.values() if isinstance(part, str) and Path(part).exists()]
    except (OSError, LookupError, TypeError, AttributeError, yaml.YAMLError):  # whoever loads it says what is wrong
        return []


def _tuning(embedder: str) -> str | None:
    """What stands beside a checkpoint that is named itself: the distance at which its voices are one."""
    path = Path(embedder).expanduser()
    return identify(str(path.with_name(TUNING))) if path.is_file() and path.with_name(TUNING).is_file() else None


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
