"""The pipeline that needs no account: whisperx's segmentation, any embedder, agglomerative clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines import SpeakerDiarization
from pyannote.audio.pipelines.speaker_verification import PyannoteAudioPretrainedSpeakerEmbedding

from meetscribe.diarization.diarizer import Diarizer, LoadedPipeline, Parameters, batch_size
from meetscribe.diarization.embedders import (
    DEFAULT_THRESHOLD,
    fingerprint,
    is_factory,
    load_embedder,
    make_embedder,
)
from meetscribe.diarization.voiceprints import ClipEmbedder, PerWindowEmbedder, WindowEmbedder
from meetscribe.errors import Notice, WeightsError
from meetscribe.runtime import silence
from meetscribe.segmentation.bundled import load_bundled
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.devices import Device

SEGMENTATION_THRESHOLD = 0.4442333667381752
"""The value tuned for this segmentation in pyannote's pipeline 2.1."""

_CLUSTER_SIZE = 12  # windows, for a meeting; as tuned in pyannote's pipeline 3.1
_MIN_CLUSTER_SIZE = 4
_MEETING: Seconds = 300.0


def load(settings: DiarizationSettings, device: Device, offline: bool = False) -> Diarizer:
    """Return the diarizer with the bundled segmentation and the embedder of `settings`, on the device.

    Raises WeightsError if the segmentation or the embedder cannot be loaded.
    """
    if settings.embedder == "auto":
        raise WeightsError(
            "the bundled pipeline has no speaker embedding model of its own",
            "Set diarization.embedder to a speaker embedding of pyannote.audio: a directory or a hub id.",
        )
    embedder, name, threshold = _load_embedder(settings, device, offline)
    pipeline = _build_pipeline(settings, device)
    if settings.clustering_threshold is not None:
        threshold = settings.clustering_threshold
    notices = () if threshold else (_untuned(),)
    used = threshold or DEFAULT_THRESHOLD
    parameters = _tuned_parameters(used, settings.step)
    return Diarizer(LoadedPipeline(pipeline, embedder, parameters, used, name, notices), settings)


def cluster_size(duration: Seconds, step: float = 0.1) -> int:
    """Return the minimum number of windows of a speaker: 12 from five minutes on, at least 4 in a shorter recording.

    It is smaller for longer steps, with which there are fewer windows.
    """
    size = min(_CLUSTER_SIZE, max(_MIN_CLUSTER_SIZE, _CLUSTER_SIZE * duration / _MEETING))
    return max(1, round(size * 0.1 / step))


def _untuned() -> Notice:
    """Return the notice about an embedder without a tuned threshold."""
    text = f"the clustering threshold of {DEFAULT_THRESHOLD} is not tuned for this embedder"
    return Notice("diarization.untuned", text, {"threshold": DEFAULT_THRESHOLD})


def _tuned_parameters(threshold: float, step: float) -> Any:
    """Return a function from the duration of a recording to the hyper-parameters of the pipeline."""

    def parameters(duration: Seconds) -> Parameters:
        return {
            "segmentation": {"threshold": SEGMENTATION_THRESHOLD, "min_duration_off": 0.0},
            "clustering": {
                "method": "centroid",
                "threshold": threshold,
                "min_cluster_size": cluster_size(duration, step),
            },
        }

    return parameters


def _load_embedder(
    settings: DiarizationSettings, device: Device, offline: bool
) -> tuple[WindowEmbedder, str, float | None]:
    """Return the embedder, its identifier and its tuned clustering threshold."""
    if is_factory(settings.embedder):
        embedder = make_embedder(settings.embedder, device)
        return ClipEmbedder(embedder), embedder.name, embedder.threshold
    loaded = load_embedder(settings.embedder, settings.token, offline=offline)
    with silence.loading():
        inner = PyannoteAudioPretrainedSpeakerEmbedding(loaded.model, device=torch.device(str(device)))
        return PerWindowEmbedder(inner), fingerprint(loaded.model), loaded.threshold


def _build_pipeline(settings: DiarizationSettings, device: Device) -> Any:
    """Return the pipeline of pyannote.audio with the bundled segmentation; its own embedding is not used."""
    segmentation: Any = load_bundled()
    with silence.loading():
        pipeline = SpeakerDiarization(
            segmentation=segmentation,
            segmentation_step=settings.step,
            segmentation_batch_size=batch_size(settings, device),
            embedding=segmentation,
            embedding_exclude_overlap=True,
            clustering="AgglomerativeClustering",
            # Only VBx uses a PLDA, but without one pyannote.audio fetches a gated one from the hub.
            plda=object.__new__(PLDA),
        )
        pipeline.to(torch.device(str(device)))
    return pipeline
