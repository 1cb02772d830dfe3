"""The base of a training run: a Whisper model with float32 weights, tokenizer and feature extractor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from faster_whisper.tokenizer import Tokenizer
from safetensors import SafetensorError
from torch import Tensor

from meetscribe import weights
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import SettingsError, WeightsError, first_line
from meetscribe.runtime import silence, telemetry
from meetscribe.text.languages import name_of

_MULTILINGUAL = 51865  # the smallest vocabulary of a multilingual model


@dataclass(frozen=True)
class WhisperBase:
    """A loaded model, with a tokenizer of the package tokenizers (`backend`) and Transformers' feature extractor."""

    directory: Path
    model: Any
    backend: Any
    extractor: Any

    @property
    def multilingual(self) -> bool:
        """Whether the model has tokens for languages and tasks."""
        return bool(self.model.config.vocab_size >= _MULTILINGUAL)

    @property
    def context(self) -> int:
        """The context length of the decoder in tokens."""
        return int(self.model.config.max_target_positions)

    @property
    def device(self) -> torch.device:
        """The device of the weights."""
        return torch.device(self.model.device)

    def tokenizer(self, language: str) -> Any:
        """Return faster-whisper's tokenizer for a language.

        Raises SettingsError if the model does not know the language.
        """
        known = self.backend.token_to_id(f"<|{language}|>") is not None if self.multilingual else language == "en"
        if not known:
            raise SettingsError(
                f"the model {self.directory.name} does not know {name_of(language)}",
                "Use a multilingual base (without .en in its name), or leave these examples out.",
            )
        return Tokenizer(self.backend, self.multilingual, task="transcribe", language=language)

    def features(self, clips: Sequence[npt.NDArray[np.float32]]) -> Tensor:
        """Return the log-mel spectrograms `(clips, bands, 3000)` of clips padded with silence to 30 s."""
        found: Tensor = self.extractor(list(clips), sampling_rate=SAMPLE_RATE, return_tensors="pt").input_features
        return found


def load_base(directory: Path, *, attention: str = "sdpa") -> WhisperBase:
    """Load a Whisper model in the layout of Transformers, with float32 weights whatever the type in the file.

    Half precision would lose small updates and overflow. `attention` is the implementation in Transformers. Raises
    WeightsError if the model cannot be loaded.
    """
    telemetry.switch_off()
    if not weights.is_transformers_whisper(directory):
        raise WeightsError(
            f"{directory} is not a Whisper model that can be trained",
            "Give a directory in the layout of Transformers, with config.json and model.safetensors; a model for "
            "CTranslate2 (model.bin) cannot be trained.",
        )
    try:
        with silence.loading():
            from transformers import AutoTokenizer, WhisperFeatureExtractor, WhisperForConditionalGeneration

            model: Any = WhisperForConditionalGeneration.from_pretrained(  # type: ignore[no-untyped-call]
                str(directory), dtype=torch.float32, attn_implementation=attention
            )
            backend = AutoTokenizer.from_pretrained(str(directory)).backend_tokenizer  # type: ignore[no-untyped-call]
            extractor: Any = WhisperFeatureExtractor
            has_settings = (directory / "preprocessor_config.json").is_file()
            default = extractor(feature_size=model.config.num_mel_bins)
            features = extractor.from_pretrained(str(directory)) if has_settings else default
    except (OSError, RuntimeError, ValueError, KeyError, SafetensorError) as error:
        raise WeightsError(
            f"the Whisper model {directory} cannot be loaded: {first_line(error)}",
            "Give a directory that Transformers saved.",
        ) from error
    return WhisperBase(directory, model.eval(), backend, features)
