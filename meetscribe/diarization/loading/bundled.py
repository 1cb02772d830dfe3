"""The pipeline that needs no account: a segmentation model, any embedder, agglomerative clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines import SpeakerDiarization
from pyannote.audio.pipelines.speaker_verification import PyannoteAudioPretrainedSpeakerEmbedding

from meetscribe.diarization.campplus.embedder import load_campplus
from meetscribe.diarization.clustering.agglomerative import cluster_size
from meetscribe.diarization.diarizer import Diarizer, LoadedPipeline, Parameters, batch_size
from meetscribe.diarization.embedders import (
    DEFAULT_THRESHOLD,
    campplus_weights,
    checkpoint_path,
    fingerprint,
    is_factory,
    load_embedder,
    make_embedder,
)
from meetscribe.diarization.settings import SEGMENTATION_2021
from meetscribe.diarization.voiceprints import ClipEmbedder, PerWindowEmbedder, WindowEmbedder
from meetscribe.errors import Notice, WeightsError
from meetscribe.runtime import silence
from meetscribe.segmentation.bundled import load_bundled
from meetscribe.segmentation.checkpoint import load_checkpoint
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.devices import Device

SEGMENTATION_THRESHOLD = 0.4442333667381752
"""The value for segmentation-2021 in pyannote's pipeline 2.1, used for all models but those with powerset output."""


def load(settings: DiarizationSettings, device: Device, offline: bool = False) -> Diarizer:
    """Return the diarizer with the segmentation model and the embedder of `settings`, on the device.

    Raises WeightsError if one of them cannot be loaded, SettingsError for an unusable factory of an embedder, or a
    setting that the pipeline does not support.
    """
    if settings.embedder == "auto":
        raise WeightsError(
            "diarization.embedder must name a speaker embedding model here",
            "Give a directory (CAM++ or a model of pyannote.audio), a hub id, or package.module:function.",
        )
    embedder, name, threshold = _load_embedder(settings, device, offline)
    segmentation = _load_segmentation(settings, offline)
    pipeline = _build_pipeline(segmentation, settings, device)
    if settings.clustering_threshold is not None:
        threshold = settings.clustering_threshold
    notices = () if threshold else (_untuned(),)
    threshold_used = threshold or DEFAULT_THRESHOLD
    parameters = _tuned_parameters(threshold_used, settings.step, powerset=segmentation.specifications.powerset)
    loaded = LoadedPipeline(
        pipeline, embedder, parameters, threshold_used, name, notices, has_tuned_threshold=bool(threshold)
    )
    return Diarizer(loaded, settings)


def _untuned() -> Notice:
    """Return the notice about an embedder without a tuned threshold."""
    text = f"the clustering threshold of {DEFAULT_THRESHOLD} is not tuned for this embedder"
    return Notice("diarization.untuned", text, {"threshold": DEFAULT_THRESHOLD})


def _tuned_parameters(threshold: float, step: float, *, powerset: bool) -> Any:
    """Return a function from the duration of a recording to the hyper-parameters of the pipeline.

    A powerset model has no segmentation threshold, because it outputs decisions.
    """
    activation = {} if powerset else {"threshold": SEGMENTATION_THRESHOLD}

    def parameters(duration: Seconds) -> Parameters:
        return {
            "segmentation": {**activation, "min_duration_off": 0.0},
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
    """Return the embedder, its identifier and its clustering threshold, None if it was not tuned."""
    if is_factory(settings.embedder):
        embedder = make_embedder(settings.embedder, device)
        return ClipEmbedder(embedder), embedder.name, embedder.threshold
    if (weights := campplus_weights(settings.embedder)) is not None:
        campplus = load_campplus(weights, str(device))
        return ClipEmbedder(campplus), campplus.name, campplus.threshold
    loaded = load_embedder(settings.embedder, settings.token, offline=offline)
    with silence.loading():
        inner = PyannoteAudioPretrainedSpeakerEmbedding(loaded.model, device=torch.device(str(device)))
        return PerWindowEmbedder(inner), fingerprint(loaded.model), loaded.threshold


def _load_segmentation(settings: DiarizationSettings, offline: bool) -> Any:
    """Return the segmentation model, on the CPU; raises WeightsError for other kinds of models."""
    if settings.segmentation in ("auto", SEGMENTATION_2021):
        return load_bundled()
    path = checkpoint_path(settings.segmentation, settings.token, offline)
    model = load_checkpoint(path)
    if not type(model).__module__.startswith("pyannote.audio.models.segmentation"):
        raise WeightsError(
            f"{path} is a {type(model).__name__}, not a segmentation model",
            "Set diarization.segmentation to a segmentation model.",
        )
    return model


def _build_pipeline(segmentation: Any, settings: DiarizationSettings, device: Device) -> Any:
    """Return the pipeline of pyannote.audio with a segmentation model; its embedding is a placeholder."""
    with silence.loading():
        pipeline = SpeakerDiarization(
            segmentation=segmentation,
            segmentation_step=settings.step,
            segmentation_batch_size=batch_size(settings, device),
            embedding=segmentation,
            embedding_exclude_overlap=True,
            clustering="AgglomerativeClustering",
            # A placeholder: only VBx uses a PLDA, but without one, pyannote.audio fetches a gated one from the hub.
            plda=object.__new__(PLDA),
        )
        pipeline.to(torch.device(str(device)))
    return pipeline
