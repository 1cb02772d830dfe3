"""Published pipelines of pyannote.audio, from the Hugging Face hub or a directory, as they were tuned.

No code from their files is run, see guarding, unless `diarization.allow_code` says that it may.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.diarization.diarizer import Loaded, Parameters, batch_size, hub_id
from meetscribe.diarization.embedders import DEFAULT_THRESHOLD, THRESHOLDS, fingerprint
from meetscribe.diarization.hub import fetch, fetching, unreachable
from meetscribe.diarization.safe_loading import check_configuration, weights_only
from meetscribe.diarization.voiceprints import OncePerSpeaker, OncePerWindow, Voices
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.runtime import telemetry

if TYPE_CHECKING:
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.devices import Device

_CONFIGURATION = "config.yaml"
_UNREADABLE = (
    *(KeyError, TypeError, ValueError, AttributeError, ImportError),  # config.yaml does not say what it must
    *(OSError, RuntimeError, EOFError, pickle.UnpicklingError),  # weights that are missing or damaged
)


def load(settings: DiarizationSettings, device: Device) -> Loaded:
    """The pipeline that `settings.pipeline` names, on the device.

    Raises WeightsError if it cannot be fetched or read, SettingsError for an embedder, which it brings along.
    """
    if settings.embedder != "auto":
        raise SettingsError(
            f"diarization.embedder is for the bundled pipeline; {settings.pipeline} brings its own",
            "Leave it out, or set diarization.pipeline to bundled.",
        )
    pipeline = _pipeline(hub_id(settings.pipeline), settings)
    with telemetry.quiet():
        import torch

        pipeline.to(torch.device(str(device)))
    inference = pipeline._segmentation
    inference.step = settings.step * inference.duration
    pipeline.segmentation_batch_size = batch_size(settings, device)
    tuned: Parameters = pipeline.parameters(instantiated=True)
    # Pauses are filled afterwards: pyannote.audio would fill them in exclusive turns over whoever speaks there.
    tuned["segmentation"]["min_duration_off"] = 0.0
    model = getattr(pipeline._embedding, "model_", None)
    threshold = THRESHOLDS.get(type(model).__name__, DEFAULT_THRESHOLD)
    return Loaded(pipeline, _voices(pipeline), lambda _: tuned, threshold, model and fingerprint(model))


def _pipeline(name: str, settings: DiarizationSettings) -> Any:
    """The pipeline in a directory or on the hub, instantiated; raises WeightsError or SettingsError."""
    with telemetry.quiet():
        import yaml  # type: ignore[import-untyped]
        from pyannote.audio.pipelines import SpeakerDiarization

        pipeline: Any
        try:
            if Path(name).expanduser().exists():
                pipeline = _loaded(name, settings)
            else:
                with fetching(name):
                    pipeline = _loaded(name, settings)
        except (*_UNREADABLE, yaml.YAMLError) as error:
            raise WeightsError(
                f"{name} is not a pipeline this pyannote.audio can load: {error!r}",
                "A directory must hold config.yaml and the weights that it names.",
            ) from error
        if pipeline is None:
            raise unreachable(name)
        if not issubclass(type(pipeline), SpeakerDiarization):
            raise SettingsError(
                f"{name} is a {type(pipeline).__name__}, not a pipeline that finds speakers on this machine"
            )
        if not pipeline.instantiated:
            pipeline.instantiate(pipeline.default_parameters())
    return pipeline


def _loaded(name: str, settings: DiarizationSettings) -> Any:
    """What pyannote.audio makes of a pipeline's files; None if it could not fetch them."""
    import yaml
    from pyannote.audio import Pipeline

    path = Path(name).expanduser()
    place = path if path.exists() else name
    if settings.allow_code:
        return Pipeline.from_pretrained(place, token=settings.token)
    file = path if path.exists() else fetch(name, _CONFIGURATION, settings.token)
    file = file / _CONFIGURATION if file.is_dir() else file
    check_configuration(yaml.safe_load(file.read_text(encoding="utf-8")), name)
    with weights_only():
        return Pipeline.from_pretrained(place, token=settings.token)


def _voices(pipeline: Any) -> Voices:
    """What makes the voiceprints of a pipeline; raises SettingsError if it has none."""
    embedding = getattr(pipeline, "_embedding", None)
    if embedding is None:
        raise SettingsError("the pipeline has no speaker embedding", "Choose one that clusters voiceprints.")
    model = getattr(embedding, "model_", None)
    if type(model).__module__.startswith("pyannote.audio.models.embedding"):
        return OncePerWindow(embedding)
    return OncePerSpeaker(embedding)
