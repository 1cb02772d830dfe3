"""A pipeline of pyannote.audio applied to recordings; how it is put together: bundled and pretrained."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from meetscribe import telemetry
from meetscribe.diarization.outputs import to_diarization
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError
from meetscribe.progress import Progress, ignore_progress
from meetscribe.timeline import Diarization, Seconds

if TYPE_CHECKING:
    from meetscribe.audio import Audio
    from meetscribe.devices import Device

PIPELINES: dict[str, str] = {
    "bundled": "meetscribe.diarization.bundled:load",
    "community-1": "meetscribe.diarization.pretrained:load",
}
"""Pipelines by name, as "module:function" from settings and device to Loaded; others load as the last."""

SHORTEST: Seconds = 0.1
"""In less, nobody says anything."""

Parameters: TypeAlias = dict[str, dict[str, Any]]
"""Hyper-parameters of a pipeline: section, name, value."""

# What the pipeline calls each setting that overrides one of its hyper-parameters.
_OVERRIDES = {
    "segmentation_threshold": ("segmentation", "threshold"),
    "clustering_threshold": ("clustering", "threshold"),
    "min_cluster_size": ("clustering", "min_cluster_size"),
}

# The steps that take time, and from where to where in the whole; the rest is momentary.
_STEPS = {"segmentation": (0.0, 0.5), "embeddings": (0.5, 0.95)}


class Hook(Protocol):
    """What pyannote.audio calls to tell how far it is."""

    def __call__(
        self,
        step: str,
        artifact: object,
        file: object = None,
        total: int | None = None,
        completed: int | None = None,
    ) -> None:
        """Take note that `completed` of `total` batches of `step` are done."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pipeline with its weights on the device, in single precision: half precision merges speakers."""

    pipeline: Any
    parameters: Callable[[Seconds], Parameters]  # as tuned, for a recording of this length
    embedder: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diarizer:
    """A pipeline ready for any number of recordings, one at a time."""

    loaded: Loaded
    settings: DiarizationSettings

    def __post_init__(self) -> None:
        self._parameters(0.0)

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        """Who speaks when in `audio`; nobody, if it is silent or too short.

        Speakers are called SPEAKER_00, SPEAKER_01, … in the order in which they appear. A number of speakers
        that was asked for but not found is said in `warnings`. `progress` rises to 1.
        """
        output = self._apply(audio, progress) if audio.duration >= SHORTEST else None
        progress(1.0)
        return to_diarization(output, audio.duration, self.settings, self.loaded.embedder, self.loaded.warnings)

    def _apply(self, audio: Audio, progress: Progress) -> object:
        """What the pipeline returns for the recording, handed over in memory."""
        import torch

        pipeline = self.loaded.pipeline
        names = {"speakers": "num_speakers", "min_speakers": "min_speakers", "max_speakers": "max_speakers"}
        hints = {theirs: getattr(self.settings, ours) for ours, theirs in names.items()}
        hints = {name: number for name, number in hints.items() if number is not None}
        hook = _hook(progress)
        with telemetry.quiet():
            waveform = torch.from_numpy(audio.samples[:])[None]
            pipeline.instantiate(self._parameters(audio.duration))
            return cast(
                object,
                pipeline({"waveform": waveform, "sample_rate": 16000, "uri": "recording"}, hook=hook, **hints),
            )

    def _parameters(self, duration: Seconds) -> Parameters:
        """The hyper-parameters for a recording, settings before tuning.

        Pauses are filled afterwards, since pyannote.audio would fill them in the exclusive turns as well,
        over whoever speaks there. Raises SettingsError for a setting the pipeline does not have.
        """
        parameters = {section: dict(values) for section, values in self.loaded.parameters(duration).items()}
        for setting, (section, name) in _OVERRIDES.items():
            value = getattr(self.settings, setting)
            if value is None:
                continue
            if name not in parameters.get(section, {}):
                raise SettingsError(
                    f"diarization.{setting} means nothing to the pipeline {self.settings.pipeline}",
                    "Leave it out.",
                )
            parameters[section][name] = value
        if "min_duration_off" in parameters.get("segmentation", {}):
            parameters["segmentation"]["min_duration_off"] = 0.0
        return parameters


def load_diarizer(settings: DiarizationSettings, device: Device) -> Diarizer:
    """The pipeline that `settings` name, loaded onto the device.

    `settings.pipeline`, and `embedder` for the bundled one, must not be "auto" any more. Raises WeightsError
    if something to load is missing, SettingsError for a setting that the pipeline cannot honour.
    """
    if settings.pipeline == "auto":
        raise SettingsError(
            "diarization.pipeline must name a pipeline here",
            f"Give a directory, a hub id, or: {', '.join(PIPELINES)}.",
        )
    telemetry.switch_off()
    module, function = PIPELINES.get(settings.pipeline, PIPELINES["community-1"]).split(":")
    load = cast(Callable[[DiarizationSettings, "Device"], Loaded], getattr(importlib.import_module(module), function))
    return Diarizer(load(settings, device), settings)


def diarize(
    audio: Audio, settings: DiarizationSettings, device: Device, progress: Progress = ignore_progress
) -> Diarization:
    """Who speaks when in `audio`: `load_diarizer` and `Diarizer.diarize` in one, with what they raise."""
    return load_diarizer(settings, device).diarize(audio, progress)


def hub_id(pipeline: str) -> str:
    """The id on the Hugging Face hub of a pipeline's name; anything else is returned as it is."""
    return "pyannote/speaker-diarization-community-1" if pipeline == "community-1" else pipeline


def batch_size(settings: DiarizationSettings, device: Device) -> int:
    """How many windows to compute at once; on a processor more would only leave its caches."""
    return settings.batch_size or (4 if device.kind == "cpu" else 32)


def _hook(progress: Progress) -> Hook:
    """A hook for pyannote.audio that passes on how far it is, never falling although its counts overshoot."""
    furthest = 0.0
    stdout = sys.stdout

    def hook(
        step: str,
        artifact: object,
        file: object = None,
        total: int | None = None,
        completed: int | None = None,
    ) -> None:
        nonlocal furthest
        if step not in _STEPS or not total or completed is None:
            return
        start, end = _STEPS[step]
        furthest = max(furthest, start + (end - start) * min(1.0, float(completed) / total))
        with contextlib.redirect_stdout(stdout):  # what the callback prints is not pyannote's chatter
            progress(furthest)

    return hook
