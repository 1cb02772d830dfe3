"""Find the speakers of a recording from its windows by clustering, without running a network.

This takes about a second for an hour of audio, so a recording can be clustered again with other numbers of speakers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from meetscribe.audio import Audio
from meetscribe.diarization.clustering.agglomerative import AgglomerativeClustering
from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.diarization.clustering.local_speakers import Clustering, cluster
from meetscribe.diarization.output import no_speakers, to_diarization
from meetscribe.diarization.reconstruction import reconstruct
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.diarization.windows import Windows
from meetscribe.errors import Notice
from meetscribe.runtime.progress import Progress
from meetscribe.timeline import Diarization, Seconds


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """The result of the networks for a recording, and the tuned clustering rule of the pipeline.

    `windows` is None for a recording that is too short. `tuned` is the rule for agglomerative clustering with unknown
    numbers of speakers, None if the pipeline has another clustering. `embedder` identifies the voiceprints.
    """

    windows: Windows | None
    duration: Seconds
    tuned: LinkingRule | None
    embedder: str | None = None
    notices: tuple[Notice, ...] = ()


@runtime_checkable
class Analyser(Protocol):
    """A diarizer that separates the networks, run once, from clustering, which can be repeated."""

    def analyse(self, audio: Audio, progress: Progress = ...) -> Analysis:
        """Return the result of the networks for a recording."""

    def find_speakers(self, analysis: Analysis) -> Diarization:
        """Return the speaker turns of a recording from its analysis."""


def find_speakers(analysis: Analysis, settings: DiarizationSettings) -> Diarization:
    """Return the speaker turns of a recording by agglomerative clustering, as `Diarizer.diarize` does.

    Raises ValueError if the pipeline has another clustering.
    """
    if analysis.tuned is None:
        raise ValueError("the clustering of this pipeline needs its models")
    diarization = no_speakers(settings)
    if analysis.windows is not None:
        rule = linking_rule(analysis.tuned, settings)
        diarization = cluster_windows(analysis.windows, AgglomerativeClustering(), rule, analysis.duration, settings)
    embedder = analysis.embedder if diarization.voiceprints else None
    return replace(diarization, embedder=embedder, notices=(*analysis.notices, *diarization.notices))


def linking_rule(tuned: LinkingRule, settings: DiarizationSettings) -> LinkingRule:
    """Return a tuned rule with the threshold, minimum size and numbers of speakers of the settings, if set."""
    return LinkingRule(
        threshold=tuned.threshold if settings.clustering_threshold is None else settings.clustering_threshold,
        min_weight=tuned.min_weight if settings.min_cluster_size is None else settings.min_cluster_size,
        min_speakers=settings.speakers or settings.min_speakers or 1,
        max_speakers=settings.speakers or settings.max_speakers,
        same_voice=tuned.same_voice,
    )


def cluster_windows(
    windows: Windows, clustering: Clustering, rule: LinkingRule, duration: Seconds, settings: DiarizationSettings
) -> Diarization:
    """Return the speaker turns of a recording from its windows, without the id of the embedder."""
    if not windows.active.any():
        return no_speakers(settings)
    clusters = cluster(windows, clustering, rule, max(1, round(settings.block / windows.grid.hop)))
    activity = reconstruct(windows, clusters, rule.max_speakers)
    return to_diarization(activity, clusters.centroids, duration, settings, None)
