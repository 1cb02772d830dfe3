"""The engine "openai-whisper", the reference implementation, with word times from cross-attention."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
import whisper

from meetscribe import weights
from meetscribe.asr.engines.openai_base import OpenaiWhisperBase
from meetscribe.asr.engines.sampling import SampledToken
from meetscribe.asr.engines.torch_device import place_on_torch
from meetscribe.errors import WeightsError, first_line
from meetscribe.runtime import silence
from meetscribe.runtime.threads import use_torch_threads
from meetscribe.transcript import AsrRecord

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_COMPUTE_TYPES = {"cpu": ("float32",), "cuda": ("float16", "float32")}


class OpenaiWhisper(OpenaiWhisperBase):
    """Reports word times, log probabilities and no-speech probabilities; one call at a time."""

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model from a `.pt` file.

        Raises SettingsError for unsupported settings, WeightsError if the model cannot be loaded.
        """
        placement = place_on_torch(settings, device, _COMPUTE_TYPES, "openai-whisper")
        self._device = placement.device
        self._threads = plan.workers * plan.threads  # only one worker computes at a time
        record = AsrRecord(
            version=version("openai-whisper"), device=placement.device, compute_type=placement.compute_type
        )
        super().__init__("whisper", _load(settings.model, placement.device), settings, record)
        self._notices = placement.notices

    def _running(self) -> AbstractContextManager[object]:
        return use_torch_threads(self._threads)

    def _spectrogram(self, clip: npt.NDArray[np.float32]) -> Any:
        bands = self._module("audio").log_mel_spectrogram(clip, self._model.dims.n_mels, device=self._device)
        return bands.half() if self._half else bands

    def _stacked(self, spectrograms: Sequence[Any]) -> Any:
        return torch.stack(list(spectrograms))

    def _numpy(self, logits: Any) -> npt.NDArray[np.float32]:
        values: npt.NDArray[np.float32] = logits.float().cpu().numpy()
        return values

    def _extended(self, tokens: Any, sampled: SampledToken, total: Any) -> tuple[Any, ...]:
        total += sampled.log_probability  # in place, as the library expects
        longer = torch.cat([tokens, tokens.new_tensor([[sampled.token]])], dim=-1)
        return longer, sampled.token == self._tokenizer.eot


def _load(model: str, device: str) -> Any:
    """Load a `.pt` file, with its attention heads for word times; raises WeightsError if it cannot be loaded."""
    path = Path(model)
    if not path.is_file():
        raise WeightsError(
            f"{model} is not a Whisper model for openai-whisper, which is a .pt file",
            "Convert a Transformers model with: meetscribe weights convert DIRECTORY --to openai-whisper",
        )
    try:
        with silence.without_warnings():
            loaded = whisper.load_model(str(path), device=device)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError) as error:
        raise WeightsError(
            f"the Whisper model {path.name} cannot be loaded: {first_line(error)}",
            "It may be damaged: fetch or convert it again.",
        ) from error
    heads = weights.alignment_heads(path)
    if heads:
        mask = torch.zeros(loaded.dims.n_text_layer, loaded.dims.n_text_head, dtype=torch.bool)
        for layer, head in heads:
            mask[layer, head] = True
        loaded.register_buffer("alignment_heads", mask.to_sparse().to(device), persistent=False)
    return loaded.eval()
