"""The models of a session: each is loaded on first use and kept while memory allows."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from meetscribe.alignment import Aligner
from meetscribe.asr import Recognizer
from meetscribe.asr.planning import DecodingPlan, Machine, make_plan, model_size
from meetscribe.errors import MeetscribeError, Notice, first_line
from meetscribe.pipeline.loaders import Loaders
from meetscribe.pipeline.outcomes import is_programming_error
from meetscribe.runtime.devices import Device, is_device_failure, release_unused_models
from meetscribe.settings import Settings

if TYPE_CHECKING:
    from meetscribe.diarization import Diarizer

T = TypeVar("T")

# Chosen by hand.
_UNKNOWN_SIZE = 500_000_000  # bytes assumed for a model of unknown size
_WEIGHTS_FACTOR = 2  # memory of the weights, in sizes of the model's files
_WORKING_MEMORY = 2_000_000_000  # bytes that a model is assumed to need besides its weights


class LoadedModels:
    """The recogniser, the aligners and the diarizer.

    `settings` must have a path or a name to load for the recogniser and the diarizer, if they are used; `aligner` gets
    its model. Before a model is loaded, the others are released unless the device has free memory for all of them.
    """

    def __init__(self, settings: Settings, device: Device, loaders: Loaders) -> None:
        self.device = device
        self.notices: tuple[Notice, ...] = ()
        self._settings = settings
        self._loaders = loaders
        self._loaded: dict[Hashable, Any] = {}

    def recognizer(self) -> Recognizer:
        """Return the speech recogniser; raises SettingsError and WeightsError as `load_recognizer` does."""
        asr = self._settings.asr

        def load() -> Recognizer:
            decoding_plan = plan_for(self._settings, self._loaders.machine(self.device))
            return self._loaders.recognizer(asr, self.device, decoding_plan)

        return self._load("recognizer", asr.model, load)

    def aligner(self, model: str, language: str) -> Aligner | None:
        """Return the aligner `model` for a language; raises WeightsError if it cannot be loaded.

        `model` is a path, or "auto" for the default aligner; only then the result may be None, if there is no default.
        """
        return self._load(
            ("aligner", model, language), model, lambda: self._loaders.aligner(model, language, self.device)
        )

    def diarizer(self) -> Diarizer:
        """Return the diarizer; raises WeightsError and SettingsError as `load_diarizer` does."""
        diarization, offline = self._settings.diarization, self._settings.run.offline
        # The embedder is the largest model of the bundled pipeline; of other pipelines the size is unknown.
        return self._load(
            "diarizer", diarization.embedder, lambda: self._loaders.diarizer(diarization, self.device, offline)
        )

    def with_fallback(self, compute: Callable[[], T]) -> T:
        """Return the result of `compute`; if the GPU fails, repeat it on the CPU.

        All models then stay on the CPU, and a notice is added to `notices`. With `run.cpu_fallback` off, the error is
        raised.
        """
        try:
            return compute()
        except (MeetscribeError, RuntimeError, OSError) as error:
            device_failed = is_device_failure(error, self.device) and not is_programming_error(error)
            if not (device_failed and self._settings.run.cpu_fallback):
                raise
            if error.__traceback__ is not None:  # its frames hold the model
                traceback.clear_frames(error.__traceback__)
            reason = first_line(error)
        self.release()
        text = f"{self.device} failed; all later work ran on the CPU: {reason}"
        self.notices += (Notice("run.device", text, {"device": str(self.device), "reason": reason}),)
        self.device = Device("cpu")
        # The chosen numeric type, such as float16, may not exist on the CPU.
        self._settings = replace(self._settings, asr=replace(self._settings.asr, compute_type="auto"))
        return compute()

    def release(self) -> None:
        """Release all models and their memory."""
        self._loaded.clear()
        release_unused_models()

    def _load(self, key: Hashable, model: str, load: Callable[[], T]) -> T:
        """Return the model if it is loaded, otherwise load it."""
        if key not in self._loaded:
            if not self._fits(model):
                self.release()
            self._loaded[key] = load()
        loaded: T = self._loaded[key]
        return loaded

    def _fits(self, model: str) -> bool:
        """Return whether a model fits into memory beside the loaded ones; False if the free memory is unknown."""
        free = self._loaders.machine(self.device).memory
        size = model_size(Path(model)) or _UNKNOWN_SIZE
        return free is not None and free > _WEIGHTS_FACTOR * size + _WORKING_MEMORY


def plan_for(settings: Settings, machine: Machine, model: Path | None = None) -> DecodingPlan:
    """Return the workers, threads and batch size of the recogniser on a machine.

    `model` is the path of its weights, by default `asr.model` of the settings.
    """
    size = model_size(model or Path(settings.asr.model).expanduser())
    return make_plan(settings.asr, machine, settings.run.threads, size)
