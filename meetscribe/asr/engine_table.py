"""The table of speech recognition engines, with the properties that are known before an engine is loaded.

Other packages add engines by an entry point in the group "meetscribe.engines". Its name is that of the engine, and
its object is an `EngineEntry`. The README of this room describes how to write one.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from meetscribe.errors import SettingsError, nearest
from meetscribe.text.languages import NAMES

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from meetscribe.weights import ModelSpec

GROUP = "meetscribe.engines"
"""The entry point group of other packages' engines."""

NEUTRAL: Mapping[str, object] = {
    "model": "auto",
    "task": "transcribe",
    "beam_size": 1,
    "compute_type": "auto",
    "prompt": None,
    "vocabulary": (),
    "numerals": True,
    "temperatures": (0.0,),
}
"""The settings that an engine may be unable to honour, each with the value that every engine supports."""


class EngineModels(Protocol):
    """The models that an engine can run, by name; only `prepare` may load one, in order to convert it."""

    def default(self, task: str, device: str) -> str:
        """Return the model selected by `asr.model = "auto"` on a kind of device, such as "cuda"."""
        ...

    def check(self, model: str, task: str) -> None:
        """Raise SettingsError if the model is known not to support the task."""
        ...

    def language(self, model: str) -> str | None:
        """Return the only language of a model if its name states it, otherwise None."""
        ...

    def spec(self, model: str) -> ModelSpec:
        """Return the files to locate or fetch for a model name, a hub id or a path."""
        ...

    def prepare(self, path: Path) -> Path:
        """Return the path that the engine can load, after converting the model at `path` if necessary.

        Raises WeightsError if it is not a model for this engine.
        """
        ...

    def known(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Return the languages of each known model, by the tuple of its names; an empty tuple means all languages."""
        ...


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """A row of the table of engines.

    `factory` and `models` are import paths such as "package.module:name", imported when first needed. `factory`
    is called with settings, device and plan, and returns an `Engine`; `models` is an `EngineModels`, or None for an
    engine without weights. `requires` names the packages to install, `extra` the extra of meetscribe that installs
    them, None if they come with meetscribe. The versions of the packages in `versions` are part of the cache key of
    a transcription, so it must list all packages that affect the result. `unsupported` names the settings of
    `NEUTRAL` that the engine cannot honour. `word_times` describes how it measures word times, for documentation.
    """

    factory: str
    languages: tuple[str, ...]
    requires: tuple[str, ...]
    versions: tuple[str, ...]
    models: str | None = None
    extra: str | None = None
    unsupported: frozenset[str] = frozenset()
    word_times: str = "none"

    def __post_init__(self) -> None:
        if unknown := sorted(self.unsupported - NEUTRAL.keys()):
            raise ValueError(f"the engine {self.factory} must support {unknown}; optional are only {sorted(NEUTRAL)}")
        if not (self.languages and self.versions):
            raise ValueError(
                f"the engine {self.factory} must name its languages, and the packages that it computes with"
            )

    def load_models(self) -> EngineModels | None:
        """Import the object at `models`, which loads no weights; return None if the engine has none."""
        return None if self.models is None else cast(EngineModels, import_object(self.models))


_WHISPER_LANGUAGES = tuple(NAMES)
_ATTENTION = "attention of the decoder"

BUILT_IN: Mapping[str, EngineEntry] = {
    "faster-whisper": EngineEntry(
        factory="meetscribe.asr.engines.faster_whisper:FasterWhisper",
        languages=_WHISPER_LANGUAGES,
        requires=("faster-whisper",),
        versions=("faster-whisper", "ctranslate2", "torch"),
        models="meetscribe.asr.whisper.models:CTRANSLATE2",
        word_times=_ATTENTION,
    ),
    "whisperx": EngineEntry(
        factory="meetscribe.asr.engines.whisperx:WhisperX",
        languages=_WHISPER_LANGUAGES,
        requires=("whisperx",),
        versions=("whisperx", "faster-whisper", "ctranslate2", "torch"),
        models="meetscribe.asr.whisper.models:CTRANSLATE2",
    ),
    "transformers": EngineEntry(
        factory="meetscribe.asr.engines.transformers:TransformersWhisper",
        languages=_WHISPER_LANGUAGES,
        requires=("transformers",),
        versions=("transformers", "faster-whisper", "safetensors", "torch"),  # the tokenizer is that of faster-whisper
        models="meetscribe.asr.whisper.models:TRANSFORMERS",
        word_times=_ATTENTION,
    ),
    "openai-whisper": EngineEntry(
        factory="meetscribe.asr.engines.openai_whisper:OpenaiWhisper",
        languages=_WHISPER_LANGUAGES,
        requires=("openai-whisper",),
        versions=("openai-whisper", "torch"),
        models="meetscribe.asr.whisper.models:OPENAI",
        extra="openai",
        word_times=_ATTENTION,
    ),
    "mlx-whisper": EngineEntry(
        factory="meetscribe.asr.engines.mlx_whisper:MlxWhisper",
        languages=_WHISPER_LANGUAGES,
        requires=("mlx-whisper",),
        versions=("mlx-whisper", "mlx"),
        models="meetscribe.asr.whisper.models:MLX",
        extra="mlx",
        unsupported=frozenset({"beam_size"}),
        word_times=_ATTENTION,
    ),
}
"""The engines of this package, the default first."""


class _EngineTable(Mapping[str, EngineEntry]):
    """The built-in engines, then those of other packages by name; entry points are read lazily."""

    def __getitem__(self, name: str) -> EngineEntry:
        return BUILT_IN[name] if name in BUILT_IN else _entry(entry_points()[name])

    def __iter__(self) -> Iterator[str]:
        yield from BUILT_IN
        yield from sorted(entry_points().keys() - BUILT_IN.keys())

    def __len__(self) -> int:
        return len(BUILT_IN.keys() | entry_points().keys())


ENGINES: Mapping[str, EngineEntry] = _EngineTable()
"""All installed engines by name."""


def engine_entry(name: str) -> EngineEntry:
    """Return the row of an engine; raises SettingsError with the nearest name for an unknown one."""
    if name not in BUILT_IN and name not in entry_points():
        raise SettingsError(f"unknown asr.engine {name!r}: {nearest(name, ENGINES)}")
    return ENGINES[name]


@cache
def entry_points() -> dict[str, EntryPoint]:
    """Return the entry points of other packages' engines by name, without importing them."""
    from importlib import metadata  # slow to import, and not needed for a built-in engine

    return {point.name: point for point in metadata.entry_points(group=GROUP)}


def import_object(path: str) -> Any:
    """Import the object at an import path such as "package.module:name"."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def _entry(point: EntryPoint) -> EngineEntry:
    """Import the row of an entry point; raises SettingsError if that fails, or if it is not an EngineEntry."""
    try:
        entry = point.load()
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(
            f"the engine {point.name} of {point.value} cannot be imported: {error}", "Install its package again."
        ) from error
    if not isinstance(entry, EngineEntry):
        raise SettingsError(f"the entry point {point.name} of {GROUP} is not an EngineEntry: {point.value}")
    return entry
