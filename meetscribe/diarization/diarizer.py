"""A pipeline of pyannote.audio applied to recordings of any length; how it is put together: bundled and pretrained.

The networks and the clustering are pyannote.audio's; that all windows of a recording are not held in floats at
once, nor clustered at once, is ours.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from meetscribe.diarization.block_linking import Rule
from meetscribe.diarization.clustering import cluster
from meetscribe.diarization.output import nobody, to_diarization
from meetscribe.diarization.reconstruction import reconstruct
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.diarization.voiceprints import print_groups
from meetscribe.diarization.windows import listen
from meetscribe.errors import Notice, SettingsError
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Diarization, Seconds, Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.audio import Audio
    from meetscribe.diarization.voiceprints import Voices
    from meetscribe.runtime.devices import Device

PIPELINES: dict[str, str] = {
    "bundled": "meetscribe.diarization.bundled:load",
    "community-1": "meetscribe.diarization.pretrained:load",
}
"""Pipelines by name, as "module:function" from settings, device and offline to Loaded; others load as the last."""

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

_LISTENING = 0.98  # of the time; the rest is for clustering
_SHARE = 1 / 3  # of the smallest cluster of a recording, that must be in a block of it


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pipeline with its weights on the device, in single precision: half precision merges speakers.

    `voices` makes its voiceprints, under the name `embedder`; closer than `link_threshold`, unit vectors, those of
    two blocks are of one person.
    """

    pipeline: Any
    voices: Voices
    parameters: Callable[[Seconds], Parameters]  # as tuned, for a recording of this length
    link_threshold: float
    embedder: str | None = None
    notices: tuple[Notice, ...] = ()


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
        that was asked for but not found is said in `notices`. `progress` rises to 1.
        """
        found = self._found(audio, progress) if audio.duration >= SHORTEST else nobody(self.settings)
        progress(1.0)
        notices = (*self.loaded.notices, *found.notices)
        return Diarization(found.turns, found.exclusive, found.voiceprints, found.embedder, notices)

    def voiceprints(self, audio: Audio, groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        """A voiceprint `(groups, dim)` of what is heard in each group of spans, NaN where that is too little."""
        return print_groups(audio, groups, self.loaded.voices)

    def _found(self, audio: Audio, progress: Progress) -> Diarization:
        """Who speaks when in a recording that is long enough."""
        pipeline, settings = self.loaded.pipeline, self.settings
        block = max(1, round(settings.block / pipeline._segmentation.step))
        parameters = self._parameters(audio.duration)
        rule = self._rule(parameters["clustering"])
        pipeline.instantiate(parameters)
        windows = listen(audio, pipeline, self.loaded.voices, lambda done: progress(_LISTENING * done))
        if not windows.active.any():
            return nobody(settings)
        if len(windows) > block and rule.min_weight > 1:  # it holds for the sum of the blocks
            parameters["clustering"]["min_cluster_size"] = max(1, round(rule.min_weight * _SHARE))
            pipeline.instantiate(parameters)
        with silence.silenced():
            clusters = cluster(windows, pipeline.clustering, rule, block)
        activity = reconstruct(windows, clusters, rule.most)
        return to_diarization(activity, clusters.centroids, audio.duration, settings, self.loaded.embedder)

    def _rule(self, clustering: dict[str, Any]) -> Rule:
        """When voices are one, by the hyper-parameters of a clustering, and how many there may be."""
        settings = self.settings
        agglomerative = "min_cluster_size" in clustering
        return Rule(
            threshold=clustering["threshold"] if agglomerative else self.loaded.link_threshold,
            min_weight=clustering["min_cluster_size"] if agglomerative else 1,
            least=settings.speakers or settings.min_speakers or 1,
            most=settings.speakers or settings.max_speakers,
        )

    def _parameters(self, duration: Seconds) -> Parameters:
        """The hyper-parameters for a recording, settings before tuning.

        Raises SettingsError for a setting the pipeline does not have.
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
        return parameters


def load_diarizer(settings: DiarizationSettings, device: Device, offline: bool = False) -> Diarizer:
    """The pipeline that `settings` name, loaded onto the device; if `offline`, the hub is not asked for files.

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
    load = cast(
        Callable[[DiarizationSettings, "Device", bool], Loaded], getattr(importlib.import_module(module), function)
    )
    return Diarizer(load(settings, device, offline), settings)


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
