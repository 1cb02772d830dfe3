"""Diarize recordings of any length with a pipeline of pyannote.audio, or one that consists of its components.

The segmentation network is that of pyannote.audio. Agglomerative clustering is our own; any other, such as VBx, is that
of pyannote.audio. The embedder is that of the pipeline: for the bundled one, a model of pyannote.audio, CAM++ or a
custom embedder. Windows are computed in batches and clustered in blocks, which bounds the memory for long recordings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.audio import Audio
from meetscribe.diarization.clustering.agglomerative import AgglomerativeClustering
from meetscribe.diarization.clustering.block_linking import SAME_VOICE, LinkingRule
from meetscribe.diarization.clustering.local_speakers import Clustering
from meetscribe.diarization.inference import compute_windows
from meetscribe.diarization.output import no_speakers
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.diarization.speakers import Analysis, cluster_windows, find_speakers, linking_rule
from meetscribe.diarization.voiceprints import WindowEmbedder, embed_groups
from meetscribe.diarization.windows import Windows
from meetscribe.errors import Notice, SettingsError
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Diarization, Seconds, Span

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device

MIN_DURATION: Seconds = 0.1
"""Recordings shorter than this are treated as silent."""

Parameters: TypeAlias = dict[str, dict[str, Any]]
"""Hyper-parameters of a pipeline: section, name, value."""

_OVERRIDES = {
    "segmentation_threshold": ("segmentation", "threshold"),
    "clustering_threshold": ("clustering", "threshold"),
    "min_cluster_size": ("clustering", "min_cluster_size"),
}
"""The hyper-parameter (section and name) that each setting overrides."""

_WINDOWS_SHARE = 0.98  # share of the progress; the rest is clustering


@dataclass(frozen=True, slots=True)
class LoadedPipeline:
    """A pipeline with its models on the device, in single precision, because half precision merges speakers.

    `window_embedder` computes voiceprints, identified by `embedder_id`. Clusters of two blocks are one speaker if the
    means of their unit vectors are closer than `link_threshold`. `parameters` returns the hyper-parameters for a
    duration in seconds; `has_tuned_threshold` states whether their clustering threshold was tuned for the embedder or
    set by the user.
    """

    pipeline: Any
    window_embedder: WindowEmbedder
    parameters: Callable[[Seconds], Parameters]
    link_threshold: float
    embedder_id: str | None = None
    notices: tuple[Notice, ...] = ()
    has_tuned_threshold: bool = True


@dataclass(frozen=True, slots=True)
class Diarizer:
    """A loaded pipeline for any number of recordings, one at a time.

    Raises SettingsError for a setting that the pipeline does not support.
    """

    loaded: LoadedPipeline
    settings: DiarizationSettings

    def __post_init__(self) -> None:
        self._parameters(0.0)

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        """Return the speaker turns of a recording; none if it is silent or too short.

        Speakers are named SPEAKER_00, SPEAKER_01, … by first appearance. If the number of speakers is not the requested
        one, a notice is added. `progress` rises to 1.
        """
        analysis = self.analyse(audio, lambda done: progress(_WINDOWS_SHARE * done))
        diarization = self.find_speakers(analysis)
        progress(1.0)
        return diarization

    def analyse(self, audio: Audio, progress: Progress = ignore_progress) -> Analysis:
        """Run the networks on a recording; the result can be stored, and clustered any number of times."""
        windows = self.windows(audio, progress) if audio.duration >= MIN_DURATION else None
        clustering = self.loaded.parameters(audio.duration)["clustering"]
        tuned = None
        if _is_agglomerative(clustering):
            same_voice = SAME_VOICE if self.loaded.has_tuned_threshold else 0.0
            tuned = LinkingRule(clustering["threshold"], clustering["min_cluster_size"], same_voice=same_voice)
        return Analysis(windows, audio.duration, tuned, self.loaded.embedder_id, self.loaded.notices)

    def find_speakers(self, analysis: Analysis) -> Diarization:
        """Return the speaker turns of a recording from its analysis, as `diarize` does."""
        if analysis.tuned is not None:
            return find_speakers(analysis, self.settings)
        diarization = no_speakers(self.settings)
        if analysis.windows is not None:
            diarization = self.cluster(analysis.windows, analysis.duration)
        return replace(diarization, notices=(*analysis.notices, *diarization.notices))

    @property
    def embedder(self) -> str | None:
        """The identifier of the embedder, None if its voiceprints cannot be compared with others."""
        return self.loaded.embedder_id

    @property
    def window(self) -> Seconds:
        """The length of a window in seconds."""
        return float(self.loaded.pipeline._segmentation.duration)

    @property
    def hop(self) -> Seconds:
        """The time from one window to the next in seconds."""
        return float(self.loaded.pipeline._segmentation.step)

    def windows(self, audio: Audio, progress: Progress = ignore_progress) -> Windows:
        """Return the segmentation and voiceprints of a recording, or of a part that begins where a window does.

        `join_windows` joins the windows of consecutive parts.
        """
        self.loaded.pipeline.instantiate(self._parameters(audio.duration))
        return compute_windows(audio, self.loaded.pipeline, self.loaded.window_embedder, progress)

    def voiceprints(self, audio: Audio, groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        """Return a voiceprint `(groups, dim)` of the audio in each group of spans, NaN where it is too short."""
        return embed_groups(audio, groups, self.loaded.window_embedder)

    def cluster(self, windows: Windows, duration: Seconds) -> Diarization:
        """Return the speaker turns of a recording of this duration from its windows, without the pipeline's notices."""
        pipeline, parameters = self.loaded.pipeline, self._parameters(duration)
        clustering_parameters = parameters["clustering"]
        size = clustering_parameters.get("min_cluster_size", 1)
        # VBx has no minimum size, and its threshold is that of its initial clusters.
        has_size = "min_cluster_size" in clustering_parameters
        threshold = clustering_parameters["threshold"] if has_size else self.loaded.link_threshold
        rule = linking_rule(LinkingRule(threshold, size), self.settings)
        clustering: Clustering = AgglomerativeClustering()
        if not _is_agglomerative(clustering_parameters):
            # Imported here, because agglomerative clustering does not need pyannote.audio.
            from meetscribe.diarization.clustering.by_pyannote import PyannoteClustering

            pipeline.instantiate(parameters)
            clustering = PyannoteClustering(pipeline.clustering)
            # `linking_rule` has set the threshold in the settings, which may be that of VBx.
            rule = replace(rule, threshold=threshold)
        diarization = cluster_windows(windows, clustering, rule, duration, self.settings)
        return replace(diarization, embedder=self.loaded.embedder_id if diarization.voiceprints else None)

    def _parameters(self, duration: Seconds) -> Parameters:
        """Return the hyper-parameters for a recording; settings override tuned values.

        Raises SettingsError for a setting that the pipeline does not support.
        """
        parameters = {section: dict(values) for section, values in self.loaded.parameters(duration).items()}
        for setting, (section, name) in _OVERRIDES.items():
            value = getattr(self.settings, setting)
            if value is None:
                continue
            if name not in parameters.get(section, {}):
                raise SettingsError(
                    f"the pipeline {self.settings.pipeline} does not support diarization.{setting}",
                    "Leave it out.",
                )
            parameters[section][name] = value
        return parameters


def _is_agglomerative(clustering: dict[str, Any]) -> bool:
    """Return whether the hyper-parameters are those of agglomerative clustering by centroid linkage."""
    return clustering.get("method") == "centroid" and "min_cluster_size" in clustering


def batch_size(settings: DiarizationSettings, device: Device) -> int:
    """Return the number of windows per batch; on a CPU, larger batches exceed the caches."""
    return settings.batch_size or (4 if device.kind == "cpu" else 32)
