"""The Whisper models that an engine can run: names, files, and conversion to the engine's layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from meetscribe import weights
from meetscribe.errors import SettingsError
from meetscribe.weights import ModelSpec
from meetscribe.weights.catalogue import WHISPER_BY_LAYOUT
from meetscribe.weights.whisper import Layout


@dataclass(frozen=True, slots=True)
class WhisperModels:
    """The `EngineModels` of an engine that reads Whisper checkpoints in one layout."""

    layout: Layout

    def default(self, task: str, device: str) -> str:
        """Return a large model on a CUDA device, otherwise "small"; turbo models cannot translate."""
        large = "large-v3" if task == "translate" else "large-v3-turbo"
        return large if device == "cuda" else "small"

    def check(self, model: str, task: str) -> None:
        """Raise SettingsError for translation with a turbo model."""
        if task == "translate" and "turbo" in model.lower():
            raise SettingsError(
                f"the model {model} cannot translate: turbo models were trained without translations",
                "Use a model such as large-v3 or medium, or --task transcribe.",
            )

    def language(self, model: str) -> str | None:
        """Return "en" for a model such as "small.en"."""
        return "en" if model.endswith(".en") else None

    def spec(self, model: str) -> ModelSpec:
        """Return the files of a checkpoint in this layout, or of one that can be converted to it."""
        return weights.whisper_spec(model, layout=self.layout)

    def prepare(self, path: Path) -> Path:
        """Return the path of the checkpoint in this layout, converted once if necessary."""
        return weights.converted(path, self.layout)

    def known(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Return the names of each known checkpoint with its languages."""
        names: dict[str, list[str]] = {}
        for name, (model, _) in WHISPER_BY_LAYOUT[self.layout].items():
            names.setdefault(model, []).append(name)
        return {tuple(each): ("en",) if _is_english(each[0]) else () for each in names.values()}


def _is_english(name: str) -> bool:
    """Return whether a model was trained on English only; Distil-Whisper was, even with a multilingual vocabulary."""
    return name.endswith(".en") or name.startswith("distil")


CTRANSLATE2 = WhisperModels("ctranslate2")
TRANSFORMERS = WhisperModels("transformers")
OPENAI = WhisperModels("openai-whisper")
MLX = WhisperModels("mlx")
