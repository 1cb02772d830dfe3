"""Published pipelines of pyannote.audio, from the Hugging Face hub or a directory, as they were tuned.

No code from their files is run (see `safe_loading`), unless `diarization.allow_code` says that it may.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.diarization.diarizer import Loaded, Parameters, batch_size, hub_id
from meetscribe.diarization.embedders import DEFAULT_THRESHOLD, THRESHOLDS, fingerprint
from meetscribe.diarization.hub import fetch, fetching, unreachable
from meetscribe.diarization.safe_loading import Access, check_configuration, with_loaded_parts, with_local_parts
from meetscribe.diarization.voiceprints import OncePerSpeaker, OncePerWindow, Voices
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.runtime import silence

if TYPE_CHECKING:
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.devices import Device

_CONFIGURATION = "config.yaml"
_UNREADABLE = (
    *(KeyError, TypeError, ValueError, AttributeError, ImportError),  # config.yaml does not say what it must
    *(OSError, RuntimeError, EOFError, pickle.UnpicklingError),  # weights that are missing or damaged
)


def load(settings: DiarizationSettings, device: Device, offline: bool = False) -> Loaded:
    """The pipeline that `settings.pipeline` names, on the device.

    Raises WeightsError if it cannot be fetched or read, SettingsError for an embedder, which it brings along.
    """
    if settings.embedder != "auto":
        raise SettingsError(
            f"diarization.embedder is for the bundled pipeline; {settings.pipeline} brings its own",
            "Leave it out, or set diarization.pipeline to bundled.",
        )
    pipeline = _pipeline(hub_id(settings.pipeline), settings, offline)
    with silence.loading():
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
    with silence.without_warnings():  # of the shortest clips, when the model is asked how short they may be
        voices = _voices(pipeline)
    return Loaded(pipeline, voices, lambda _: tuned, threshold, model and fingerprint(model))


def _pipeline(name: str, settings: DiarizationSettings, offline: bool) -> Any:
    """The pipeline in a directory or on the hub, instantiated; raises WeightsError or SettingsError."""
    with silence.loading():
        import yaml  # type: ignore[import-untyped]

        pipeline: Any
        try:
            if Path(name).expanduser().exists():
                pipeline = _loaded(name, settings, offline)
            else:
                with fetching(name):
                    pipeline = _loaded(name, settings, offline)
        except (*_UNREADABLE, yaml.YAMLError) as error:
            raise WeightsError(
                f"{name} is not a pipeline this pyannote.audio can load: {error!r}",
                "A directory must hold config.yaml and the weights that it names.",
            ) from error
        if pipeline is None:
            raise unreachable(name)
        if not pipeline.instantiated:
            pipeline.instantiate(pipeline.default_parameters())
    return pipeline


def _loaded(name: str, settings: DiarizationSettings, offline: bool) -> Any:
    """Return the pipeline that pyannote.audio makes of a configuration; raises WeightsError or SettingsError."""
    import yaml
    from pyannote.audio import Pipeline
    from pyannote.audio.core.pipeline import expand_subfolders
    from pyannote.audio.pipelines import SpeakerDiarization
    from pyannote.core.utils.helper import get_class_by_name

    path = Path(name).expanduser()
    access = Access(settings.token, offline)
    file = path if path.exists() else fetch(name, _CONFIGURATION, access.token, offline=offline)
    file = file / _CONFIGURATION if file.is_dir() else file
    configuration = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not settings.allow_code:
        check_configuration(configuration, name)
    expand_subfolders(configuration, str(file.parent) if path.exists() else name)
    kind = get_class_by_name(configuration["pipeline"]["name"], default_module_name="pyannote.pipeline.blocks")
    if not issubclass(kind, SpeakerDiarization):
        raise SettingsError(f"{name} is a {kind.__name__}, not a pipeline that finds speakers on this machine")
    prepare = with_local_parts if settings.allow_code else with_loaded_parts
    return Pipeline.from_pretrained(prepare(configuration, kind, access), token=settings.token)


def _voices(pipeline: Any) -> Voices:
    """What makes the voiceprints of a pipeline; raises SettingsError if it has none."""
    embedding = getattr(pipeline, "_embedding", None)
    if embedding is None:
        raise SettingsError("the pipeline has no speaker embedding", "Choose one that clusters voiceprints.")
    model = getattr(embedding, "model_", None)
    if type(model).__module__.startswith("pyannote.audio.models.embedding"):
        return OncePerWindow(embedding)
    return OncePerSpeaker(embedding)
