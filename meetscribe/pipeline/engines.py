"""The loaded models of a session: each is loaded when it is first used, and kept as long as there is room for it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from meetscribe.alignment import Aligner, load_aligner
from meetscribe.asr import Recognizer, load_recognizer
from meetscribe.asr.planning import DecodingPlan, inspect_machine, make_plan, model_size
from meetscribe.diarization import Diarizer, load_diarizer
from meetscribe.errors import MeetscribeError, Notice
from meetscribe.runtime.devices import Device, is_failure, make_room
from meetscribe.settings import Settings

T = TypeVar("T")

_UNKNOWN_SIZE = 500_000_000  # bytes, of a model that is known by its name only
_WORKING_ROOM = 2_000_000_000  # bytes that a model needs besides itself


class Engines:
    """Recogniser, aligners and diarizer of `settings`, in which every model is one that can be loaded.

    Before one is loaded, the others are let go if the free memory of the device would not do for it beside them.
    """

    def __init__(self, settings: Settings, device: Device) -> None:
        self.device = device
        self.notices: tuple[Notice, ...] = ()
        self._settings = settings
        self._held: dict[Hashable, Any] = {}

    def recognizer(self) -> Recognizer:
        """What writes down speech; raises SettingsError and WeightsError as `load_recognizer` does."""
        asr = self._settings.asr
        return self._load("recognizer", asr.model, lambda: load_recognizer(asr, self.device, self._plan()))

    def aligner(self, model: str, language: str) -> Aligner | None:
        """What finds the times of words in a language; raises WeightsError if it cannot be loaded."""
        return self._load(("aligner", model, language), model, lambda: load_aligner(model, language, self.device))

    def diarizer(self) -> Diarizer:
        """What finds the speakers; raises WeightsError and SettingsError as `load_diarizer` does."""
        diarization = self._settings.diarization
        return self._load("diarizer", diarization.embedder, lambda: load_diarizer(diarization, self.device))

    def on_device(self, make: Callable[[], T]) -> T:
        """What `make` makes with the models; once more on the processor if the graphics card fails.

        All that follows stays there, and `notices` says so. With `run.cpu_fallback` off the failure is raised.
        """
        try:
            return make()
        except (MeetscribeError, RuntimeError, OSError) as error:
            if not (self._settings.run.cpu_fallback and is_failure(error, self.device)):
                raise
            if error.__traceback__ is not None:  # its frames hold the model
                traceback.clear_frames(error.__traceback__)
            reason = str(error).strip().partition("\n")[0]
        self.release()
        text = f"{self.device} failed, so the processor was used from there on: {reason}"
        self.notices += (Notice("run.device", text, {"device": str(self.device), "reason": reason}),)
        self.device = Device("cpu")
        self._settings = replace(self._settings, asr=replace(self._settings.asr, compute_type="auto"))
        return make()

    def release(self) -> None:
        """Let go of all models, and give their memory back."""
        self._held.clear()
        make_room()

    def _load(self, what: Hashable, model: str, load: Callable[[], T]) -> T:
        """The model that is held, else the one that is loaded now."""
        if what not in self._held:
            if not self._fits(model):
                self.release()
            self._held[what] = load()
        found: T = self._held[what]
        return found

    def _fits(self, model: str) -> bool:
        """Whether there is room for a model beside those that are held; not if the system does not say."""
        free = inspect_machine(self.device).memory
        return free is not None and free > 2 * (model_size(Path(model)) or _UNKNOWN_SIZE) + _WORKING_ROOM

    def _plan(self) -> DecodingPlan:
        return plan_for(self._settings, self.device)


def plan_for(settings: Settings, device: Device, model: Path | None = None) -> DecodingPlan:
    """How the recogniser of `settings` is to use this machine; `model` is where its weights lie, if not there."""
    size = model_size(model or Path(settings.asr.model).expanduser())
    return make_plan(settings.asr, inspect_machine(device), settings.run.threads, size)
