"""The engine "mlx-whisper", for the GPUs of Apple silicon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlx.core as mx
import numpy as np
import numpy.typing as npt

from meetscribe.asr.engines.dedicated_thread import DedicatedThread
from meetscribe.asr.engines.openai_base import OpenaiWhisperBase
from meetscribe.asr.engines.placement import unsupported_device
from meetscribe.asr.engines.sampling import SampledToken
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.errors import SettingsError, WeightsError, first_line, nearest
from meetscribe.runtime import telemetry
from meetscribe.transcript import AsrRecord

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_COMPUTE_TYPES = ("float16", "float32")


class MlxWhisper(OpenaiWhisperBase):
    """Reports word times; has no beam search. Calls run one at a time, in one thread.

    MLX chooses the number of CPU threads itself.
    """

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model from a directory.

        Raises SettingsError for unsupported settings, WeightsError if the model cannot be loaded.
        """
        telemetry.switch_off()
        on_gpu = device.kind != "cpu" and mx.is_available(mx.gpu)
        self._device = mx.gpu if on_gpu else mx.cpu
        compute_type = settings.compute_type
        if compute_type == "auto":
            compute_type = "float16" if on_gpu else "float32"
        if compute_type not in _COMPUTE_TYPES:
            raise SettingsError(
                f"mlx-whisper does not support the compute type {compute_type}: {nearest(compute_type, _COMPUTE_TYPES)}"
            )
        record = AsrRecord(version=version("mlx-whisper"), device="gpu" if on_gpu else "cpu", compute_type=compute_type)
        dtype = mx.float16 if compute_type == "float16" else mx.float32
        model = _thread().run(lambda: self._load(settings.model, dtype))
        super().__init__("mlx_whisper", model, settings, record, beam_search=False)
        if device.kind != "cpu" and not on_gpu:
            self._notices = (unsupported_device(device, "MLX"),)

    def _load(self, model: str, dtype: Any) -> Any:
        """Load the model on the device on which it will run."""
        with self._running():
            return _load_directory(model, dtype)

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> Sequence[Mapping[str, float]]:
        return _thread().run(partial(super()._detect, clips))

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        return _thread().run(partial(super()._decode, clips, options))

    def _check(self, options: DecodingOptions) -> None:
        super()._check(options)
        if options.beam_size > 1:
            raise SettingsError(
                f"mlx-whisper has no beam search, so asr.beam_size cannot be {options.beam_size}",
                "Leave it out, or use another engine.",
            )

    @contextmanager
    def _running(self) -> Iterator[None]:
        with mx.stream(self._device):
            yield

    def _spectrogram(self, clip: npt.NDArray[np.float32]) -> Any:
        bands = self._module("audio").log_mel_spectrogram(clip, self._model.dims.n_mels)
        return bands.astype(mx.float16 if self._half else mx.float32)

    def _stacked(self, spectrograms: Sequence[Any]) -> Any:
        return mx.stack(list(spectrograms))

    def _numpy(self, logits: Any) -> npt.NDArray[np.float32]:
        return np.array(logits, dtype=np.float32)

    def _extended(self, tokens: Any, sampled: SampledToken, total: Any) -> tuple[Any, ...]:
        longer = mx.concatenate([tokens, mx.array([[sampled.token]])], axis=-1)
        return longer, sampled.token == self._tokenizer.eot, total + sampled.log_probability


@cache
def _thread() -> DedicatedThread:
    """Return the thread of all MLX calls.

    At exit, it releases MLX's streams, because unreleased ones might abort the process.
    """
    return DedicatedThread(at_exit=mx.clear_streams)


def _load_directory(model: str, dtype: Any) -> Any:
    """Load the model in a directory; raises WeightsError if it cannot be loaded."""
    from mlx_whisper import load_models  # imports huggingface_hub, so after telemetry is off

    path = Path(model)
    if not (path / "config.json").is_file():
        raise WeightsError(
            f"{model} is not a Whisper model for mlx-whisper: it has no config.json",
            "Convert a Transformers model with: meetscribe weights convert DIRECTORY --to mlx",
        )
    try:
        return load_models.load_model(str(path), dtype=dtype)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"the Whisper model {path.name} cannot be loaded: {first_line(error)}",
            "It may be damaged: fetch or convert it again.",
        ) from error
