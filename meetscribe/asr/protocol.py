"""What an engine promises, and the table of those there are; how recordings are recognised is in recognition."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from meetscribe.errors import Notice, SettingsError, nearest
from meetscribe.transcript import JSON, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device
    from meetscribe.weights.whisper import Layout


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How clips are decoded: all of one call alike.

    With `temperature` 0 the likeliest wording among `beam_size` is written; above it tokens are drawn at
    random, the same for the same `seed`, clip and temperature, whatever was decoded before.
    """

    language: str
    task: str = "transcribe"
    beam_size: int = 5
    temperature: float = 0.0
    seed: int = 0
    prompt: str | None = None
    vocabulary: tuple[str, ...] = ()
    numerals: bool = True  # False: no digits, numbers are written as words
    word_times: bool = True  # whether to measure them, if the engine can


@dataclass(frozen=True, slots=True)
class DecodingResult:
    """What an engine makes of a clip.

    `words` lie in the clip, one after the other, times from its start, timing "engine"; there are none if the
    engine does not measure times or was not asked to. `log_probability` is the mean per token, in nats;
    `no_speech_probability` the probability that nobody speaks. None: the engine does not say.
    """

    text: str
    words: tuple[Word, ...] = ()
    log_probability: float | None = None
    no_speech_probability: float | None = None


class Engine(Protocol):
    """A loaded model that listens to clips: `(samples,)` each, float32 at 16 000 Hz, at most 30 s.

    Several threads may call it at once; an engine whose library does not allow that makes them wait.
    """

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the model knows; ("en",) for a model of English only."""
        ...

    @property
    def made_by(self) -> Mapping[str, JSON]:
        """For provenance: engine, version, model (no path), device, compute_type."""
        ...

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What could not be as asked for."""
        ...

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """The probability of each of `languages`, for each clip; they add up to 1."""
        ...

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        """What is heard in each clip, in their order; an empty clip is heard as nothing.

        Raises SettingsError for what the engine or its model cannot honour.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """Where an engine's class is, called with settings, device and plan; the layout of the models it reads, as
    `weights.converted` names it; and the distribution to install for it, if it is optional.
    """

    path: str
    layout: Layout
    distribution: str | None = None


ENGINES: dict[str, EngineEntry] = {
    "faster-whisper": EngineEntry("meetscribe.asr.engines.faster_whisper:FasterWhisper", "ctranslate2"),
    "whisperx": EngineEntry("meetscribe.asr.engines.whisperx:WhisperX", "ctranslate2"),
    "transformers": EngineEntry("meetscribe.asr.engines.transformers:TransformersWhisper", "transformers"),
    "openai-whisper": EngineEntry(
        "meetscribe.asr.engines.openai_whisper:OpenaiWhisper", "openai-whisper", "openai-whisper"
    ),
    "mlx-whisper": EngineEntry("meetscribe.asr.engines.mlx_whisper:MlxWhisper", "mlx", "mlx-whisper"),
}
"""Engines by name, the default first."""


def load_engine(settings: AsrSettings, device: Device, plan: DecodingPlan) -> Engine:
    """The engine of `settings` with its model loaded; `settings.model` must name one that it can read.

    Raises SettingsError for a setting that the engine cannot honour or an engine that is not installed,
    WeightsError if the model cannot be loaded.
    """
    if settings.model == "auto":
        raise SettingsError("asr.model must name a model here", "Give a directory, or an id of the Hugging Face hub.")
    if settings.engine not in ENGINES:
        raise SettingsError(f"unknown engine {settings.engine!r}: {nearest(settings.engine, ENGINES)}")
    entry = ENGINES[settings.engine]
    module, name = entry.path.split(":")
    try:
        return cast(Engine, getattr(importlib.import_module(module), name)(settings, device, plan))
    except ModuleNotFoundError as error:
        package = entry.distribution or str(error.name)
        raise SettingsError(
            f"the engine {settings.engine} needs the package {error.name}, which is not installed",
            f"Install it (pip install {package}), or choose another engine: {', '.join(ENGINES)}.",
        ) from error
