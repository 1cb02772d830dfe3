"""Published pipelines of pyannote.audio, from the Hugging Face hub or a directory, with their tuned parameters.

Code in their files is not run (see `safe_loading`) unless `diarization.allow_code` is set.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import yaml  # type: ignore[import-untyped]
from pyannote.audio import Pipeline
from pyannote.audio.core.pipeline import expand_subfolders
from pyannote.audio.pipelines import SpeakerDiarization
from pyannote.core.utils.helper import get_class_by_name

from meetscribe.diarization.diarizer import Diarizer, LoadedPipeline, Parameters, batch_size
from meetscribe.diarization.embedders import DEFAULT_THRESHOLD, THRESHOLDS, fingerprint
from meetscribe.diarization.loading.hub import fetch, fetching, unreachable
from meetscribe.diarization.loading.safe_loading import Access, check_configuration, with_loaded_parts, with_local_parts
from meetscribe.diarization.voiceprints import PerSpeakerEmbedder, PerWindowEmbedder, WindowEmbedder
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.runtime import silence

if TYPE_CHECKING:
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.devices import Device

COMMUNITY_1 = "pyannote/speaker-diarization-community-1"
"""The id of "community-1" on the Hugging Face hub."""

_CONFIGURATION = "config.yaml"
_LOADING_ERRORS = (
    *(KeyError, TypeError, ValueError, AttributeError, ImportError, yaml.YAMLError),  # an incomplete config.yaml
    *(OSError, RuntimeError, EOFError, pickle.UnpicklingError),  # missing or damaged weights
)


def load(settings: DiarizationSettings, device: Device, offline: bool = False) -> Diarizer:
    """Return the diarizer with the pipeline of `settings.pipeline`, on the device.

    Raises WeightsError if it cannot be fetched or read; SettingsError if `settings.embedder` is set, because the
    pipeline includes an embedder.
    """
    if settings.embedder != "auto":
        raise SettingsError(
            f"diarization.embedder is for the bundled pipeline; {settings.pipeline} has its own",
            "Leave it out, or set diarization.pipeline to bundled.",
        )
    name = COMMUNITY_1 if settings.pipeline == "community-1" else settings.pipeline
    pipeline = _load_pipeline(name, settings, offline)
    with silence.loading():
        pipeline.to(torch.device(str(device)))
    inference = pipeline._segmentation
    inference.step = settings.step * inference.duration
    pipeline.segmentation_batch_size = batch_size(settings, device)
    tuned: Parameters = pipeline.parameters(instantiated=True)
    # Pauses are filled in `output.py`: pyannote.audio fills them in exclusive turns even if another speaker is active.
    tuned["segmentation"]["min_duration_off"] = 0.0
    model = getattr(pipeline._embedding, "model_", None)
    threshold = THRESHOLDS.get(type(model).__name__, DEFAULT_THRESHOLD)
    with silence.without_warnings():  # the model tries very short clips to find its minimum length
        embedder = _window_embedder(pipeline)
    loaded = LoadedPipeline(pipeline, embedder, lambda _: tuned, threshold, model and fingerprint(model))
    return Diarizer(loaded, settings)


def _load_pipeline(name: str, settings: DiarizationSettings, offline: bool) -> Any:
    """Return the instantiated pipeline in a directory or on the hub; raises WeightsError or SettingsError."""
    with silence.loading():
        pipeline: Any
        try:
            if Path(name).expanduser().exists():
                pipeline = _from_configuration(name, settings, offline)
            else:
                with fetching(name):
                    pipeline = _from_configuration(name, settings, offline)
        except _LOADING_ERRORS as error:
            raise WeightsError(
                f"{name} is not a pipeline that the installed pyannote.audio can load: {error!r}",
                "A directory must contain config.yaml and the weights that it names.",
            ) from error
        if pipeline is None:
            raise unreachable(name)
        if not pipeline.instantiated:
            pipeline.instantiate(pipeline.default_parameters())
    return pipeline


def _from_configuration(name: str, settings: DiarizationSettings, offline: bool) -> Any:
    """Return the pipeline that pyannote.audio builds from a configuration; raises WeightsError or SettingsError."""
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
        raise SettingsError(f"{name} is a {kind.__name__}, not a local speaker diarization pipeline")
    prepare = with_local_parts if settings.allow_code else with_loaded_parts
    return Pipeline.from_pretrained(prepare(configuration, kind, access), token=settings.token)


def _window_embedder(pipeline: Any) -> WindowEmbedder:
    """Return the embedder of a pipeline; raises SettingsError if it has none."""
    embedding = getattr(pipeline, "_embedding", None)
    if embedding is None:
        raise SettingsError("the pipeline has no speaker embedding", "Choose one that clusters voiceprints.")
    model = getattr(embedding, "model_", None)
    if type(model).__module__.startswith("pyannote.audio.models.embedding"):
        return PerWindowEmbedder(embedding)
    return PerSpeakerEmbedder(embedding)
