"""The pipeline that needs no account: whisperx's segmentation, any embedder, agglomerative clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meetscribe.diarization.diarizer import Loaded, Parameters, batch_size
from meetscribe.diarization.embedders import (
    DEFAULT_THRESHOLD,
    fingerprint,
    is_factory,
    load_embedder,
    make_embedder,
)
from meetscribe.diarization.voiceprints import OfClips, OncePerWindow, Voices
from meetscribe.errors import Notice, WeightsError
from meetscribe.runtime import silence
from meetscribe.segmentation import load_bundled
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.devices import Device

SEGMENTATION_THRESHOLD = 0.4442333667381752
"""As tuned for this segmentation in pyannote's pipeline 2.1."""

_CLUSTER_SIZE = 12  # windows, in a meeting; as tuned in pyannote's pipeline 3.1
_SMALLEST_CLUSTER = 4
_MEETING: Seconds = 300.0


def load(settings: DiarizationSettings, device: Device, offline: bool = False) -> Loaded:
    """The pipeline with the embedder of `settings`, on the device.

    Raises WeightsError if the segmentation or the embedder cannot be loaded.
    """
    if settings.embedder == "auto":
        raise WeightsError(
            "the bundled pipeline has no model of its own that tells voices apart",
            "Set diarization.embedder to a speaker embedding of pyannote.audio: a directory or a hub id.",
        )
    voices, name, threshold = _voices(settings, device, offline)
    pipeline = _pipeline(settings, device)
    tuned = threshold if settings.clustering_threshold is None else settings.clustering_threshold
    untuned = Notice(
        "diarization.untuned",
        f"the clustering threshold of {DEFAULT_THRESHOLD} is not tuned for this embedder",
        {"threshold": DEFAULT_THRESHOLD},
    )

    def parameters(duration: Seconds) -> Parameters:
        return {
            "segmentation": {"threshold": SEGMENTATION_THRESHOLD, "min_duration_off": 0.0},
            "clustering": {
                "method": "centroid",
                "threshold": tuned or DEFAULT_THRESHOLD,
                "min_cluster_size": cluster_size(duration, settings.step),
            },
        }

    return Loaded(pipeline, voices, parameters, tuned or DEFAULT_THRESHOLD, name, () if tuned else (untuned,))


def _voices(settings: DiarizationSettings, device: Device, offline: bool) -> tuple[Voices, str, float | None]:
    """What makes the voiceprints, its name, and the clustering threshold that was tuned for it."""
    if is_factory(settings.embedder):
        embedder = make_embedder(settings.embedder, device)
        return OfClips(embedder), embedder.name, embedder.threshold
    loaded = load_embedder(settings.embedder, settings.token, offline=offline)
    with silence.loading():
        import torch
        from pyannote.audio.pipelines.speaker_verification import PyannoteAudioPretrainedSpeakerEmbedding

        inner = PyannoteAudioPretrainedSpeakerEmbedding(loaded.model, device=torch.device(str(device)))
        return OncePerWindow(inner), fingerprint(loaded.model), loaded.threshold


def _pipeline(settings: DiarizationSettings, device: Device) -> Any:
    """The pipeline of pyannote.audio around the bundled segmentation; its embedding is nobody's."""
    segmentation: Any = load_bundled()
    with silence.loading():
        import torch
        from pyannote.audio.core.plda import PLDA
        from pyannote.audio.pipelines import SpeakerDiarization

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


def cluster_size(duration: Seconds, step: float = 0.1) -> int:
    """In how many windows a speaker must be heard: 12 from five minutes on, down to 4 in a short recording.

    With longer steps there are fewer windows, so it shrinks with them.
    """
    size = min(_CLUSTER_SIZE, max(_SMALLEST_CLUSTER, _CLUSTER_SIZE * duration / _MEETING))
    return max(1, round(size * 0.1 / step))
