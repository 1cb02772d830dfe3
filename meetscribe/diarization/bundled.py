"""The pipeline that needs no account: whisperx's segmentation, any embedder, agglomerative clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meetscribe import telemetry
from meetscribe.diarization.diarizer import Loaded, Parameters, batch_size
from meetscribe.diarization.embedders import DEFAULT_THRESHOLD, OncePerWindow, fingerprint, load_embedder
from meetscribe.errors import WeightsError
from meetscribe.segmentation import load_bundled
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.devices import Device
    from meetscribe.diarization.settings import DiarizationSettings

SEGMENTATION_THRESHOLD = 0.4442333667381752
"""As tuned for this segmentation in pyannote's pipeline 2.1."""

_CLUSTER_SIZE = 12  # windows, in a meeting; as tuned in pyannote's pipeline 3.1
_SMALLEST_CLUSTER = 4
_MEETING: Seconds = 300.0


def load(settings: DiarizationSettings, device: Device) -> Loaded:
    """The pipeline with the embedder of `settings`, on the device.

    Raises WeightsError if the segmentation or the embedder cannot be loaded.
    """
    if settings.embedder == "auto":
        raise WeightsError(
            "the bundled pipeline has no model of its own that tells voices apart",
            "Set diarization.embedder to a speaker embedding of pyannote.audio: a directory or a hub id.",
        )
    segmentation: Any = load_bundled()
    embedder = load_embedder(settings.embedder, settings.token)
    with telemetry.quiet():
        import torch
        from pyannote.audio.core.plda import PLDA
        from pyannote.audio.pipelines import SpeakerDiarization

        speakers = len(segmentation.specifications.classes)
        pipeline = SpeakerDiarization(
            segmentation=segmentation,
            segmentation_step=settings.step,
            segmentation_batch_size=batch_size(settings, device),
            embedding=embedder.model,
            embedding_batch_size=batch_size(settings, device) * speakers,
            embedding_exclude_overlap=True,
            clustering="AgglomerativeClustering",
            # Only VBx uses a PLDA, but without one pyannote.audio fetches a gated one from the hub.
            plda=object.__new__(PLDA),
        )
        pipeline.to(torch.device(str(device)))
    pipeline._embedding = OncePerWindow(pipeline._embedding, speakers)
    tuned = embedder.threshold if settings.clustering_threshold is None else settings.clustering_threshold
    untuned = f"the clustering threshold of {DEFAULT_THRESHOLD} is not tuned for this embedder"

    def parameters(duration: Seconds) -> Parameters:
        return {
            "segmentation": {"threshold": SEGMENTATION_THRESHOLD, "min_duration_off": 0.0},
            "clustering": {
                "method": "centroid",
                "threshold": tuned or DEFAULT_THRESHOLD,
                "min_cluster_size": cluster_size(duration, settings.step),
            },
        }

    return Loaded(pipeline, parameters, fingerprint(embedder.model), () if tuned else (untuned,))


def cluster_size(duration: Seconds, step: float = 0.1) -> int:
    """In how many windows a speaker must be heard: 12 from five minutes on, down to 4 in a short recording.

    With longer steps there are fewer windows, so it shrinks with them.
    """
    size = min(_CLUSTER_SIZE, max(_SMALLEST_CLUSTER, _CLUSTER_SIZE * duration / _MEETING))
    return max(1, round(size * 0.1 / step))
