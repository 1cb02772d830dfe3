"""Recognition with mlx-whisper, on Apple's graphics cards; what it shares with openai-whisper is in reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.asr.engines.dedicated_thread import DedicatedThread
from meetscribe.asr.engines.openai_base import OpenaiWhisperBase
from meetscribe.asr.engines.sampling import SampledToken
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.errors import Notice, SettingsError, WeightsError, first_line, nearest
from meetscribe.runtime import telemetry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_COMPUTE_TYPES = ("float16", "float32")


class MlxWhisper(OpenaiWhisperBase):
    """The engine "mlx-whisper": with word times, without beam search, one call at a time, all in one thread.

    MLX decides itself how many threads of a processor it takes.
    """

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model from a directory.

        Raises SettingsError for what it cannot do, WeightsError if it cannot be loaded.
        """
        telemetry.switch_off()
        import mlx.core as mx

        card = device.kind != "cpu" and mx.is_available(mx.gpu)
        self._device = mx.gpu if card else mx.cpu
        compute_type = settings.compute_type
        if compute_type == "auto":
            compute_type = "float16" if card else "float32"
        if compute_type not in _COMPUTE_TYPES:
            raise SettingsError(
                f"mlx-whisper cannot compute in {compute_type}: {nearest(compute_type, _COMPUTE_TYPES)}"
            )
        made_by = {
            "version": version("mlx-whisper"),
            "device": "gpu" if card else "cpu",
            "compute_type": compute_type,
            "beam_size": 1,
        }
        kind = mx.float16 if compute_type == "float16" else mx.float32
        model = _thread().do(lambda: self._loaded(settings.model, kind))
        super().__init__("mlx_whisper", model, settings, made_by, beams=False)
        if device.kind != "cpu" and not card:
            text = f"transcribed on the processor: MLX cannot use {device} here"
            self._notices = (Notice("asr.device", text, {"device": str(device), "engine": "MLX"}),)

    def _loaded(self, model: str, kind: Any) -> Any:
        """The model, made where it will run."""
        with self._running():
            return _load(model, kind)

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> Sequence[Mapping[str, float]]:
        return _thread().do(partial(super()._detect, clips))

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        return _thread().do(partial(super()._decode, clips, decoding))

    def _check(self, decoding: DecodingOptions) -> None:
        super()._check(decoding)
        if decoding.beam_size not in (1, DecodingOptions("en").beam_size):  # the default asks for nothing
            raise SettingsError(
                f"mlx-whisper has no beam search, so asr.beam_size cannot be {decoding.beam_size}",
                "Leave it out, or use another engine.",
            )

    @contextmanager
    def _running(self) -> Iterator[None]:
        import mlx.core as mx

        with mx.stream(self._device):
            yield

    def _spectrogram(self, clip: npt.NDArray[np.float32]) -> Any:
        import mlx.core as mx

        bands = self._module("audio").log_mel_spectrogram(clip, self._model.dims.n_mels)
        return bands.astype(mx.float16 if self._half else mx.float32)

    def _stacked(self, spectrograms: Sequence[Any]) -> Any:
        import mlx.core as mx

        return mx.stack(list(spectrograms))

    def _numpy(self, logits: Any) -> npt.NDArray[np.float32]:
        import numpy as np

        return np.array(logits, dtype=np.float32)

    def _extended(self, tokens: Any, drawn: SampledToken, total: Any) -> tuple[Any, ...]:
        import mlx.core as mx

        longer = mx.concatenate([tokens, mx.array([[drawn.token]])], axis=-1)
        return longer, drawn.token == self._tokenizer.eot, total + drawn.log_probability


@cache
def _thread() -> DedicatedThread:
    """The thread of all that MLX does; its streams are given up at the end, or they may abort the process."""
    import mlx.core as mx

    return DedicatedThread(at_end=mx.clear_streams)


def _load(model: str, kind: Any) -> Any:
    """The model of a directory; raises WeightsError if there is none, or it is damaged."""
    from mlx_whisper import load_models

    path = Path(model)
    if not (path / "config.json").is_file():
        raise WeightsError(
            f"{model} is no Whisper model for mlx-whisper: it has no config.json",
            "Convert one of Transformers with: meetscribe weights convert DIRECTORY --to mlx",
        )
    try:
        return load_models.load_model(str(path), dtype=kind)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"the Whisper model {path.name} cannot be loaded: {first_line(error)}",
            "It may be damaged: fetch or convert it again.",
        ) from error
