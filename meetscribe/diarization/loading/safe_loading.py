"""Load the parts of a pyannote.audio pipeline without running code from its files.

The config.yaml of a pipeline names classes to call, and its models are pickles, which pyannote.audio reads with
`weights_only=False`: both can run arbitrary code. Therefore, only pipelines of pyannote.audio are accepted, and their
parts are fetched and loaded first, models by `load_checkpoint`, and passed to the pipeline as objects.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyannote.audio.core.plda import PLDA

from meetscribe.diarization.loading.hub import fetch
from meetscribe.errors import WeightsError
from meetscribe.segmentation.checkpoint import load_checkpoint

PIPELINE_PACKAGE = "pyannote.audio.pipelines."
"""The package that must contain the class of a pipeline."""

_MODELS = ("segmentation", "embedding")
_MODEL_FILE = "pytorch_model.bin"
_PLDA_FILES = ("xvec_transform.npz", "plda.npz")
_ONNX_FILE = "speaker-embedding.onnx"
_FOREIGN = ("speechbrain", "nvidia")  # embeddings with these words in their names are loaded by other packages
_ALLOW = "To load it nevertheless, set diarization.allow_code=true; do so only if you trust its source."


@dataclass(frozen=True, slots=True)
class Access:
    """Access to the Hugging Face hub: the token, and whether only the cache is used."""

    token: str | None = None
    offline: bool = False


def check_configuration(configuration: Any, name: str) -> None:
    """Raise WeightsError if a pipeline's configuration names code that is not part of pyannote.audio."""
    pipeline = configuration["pipeline"]
    foreign = [str(pipeline["name"])] if not str(pipeline["name"]).startswith(PIPELINE_PACKAGE) else []
    foreign += [f"preprocessors: {key}" for key in configuration.get("preprocessors") or ()]
    embedding = str((pipeline.get("params") or {}).get("embedding", ""))
    foreign += [embedding] if any(word in embedding.lower() for word in _FOREIGN) else []
    if foreign:
        raise WeightsError(f"{name} requires code that is not part of pyannote.audio: {', '.join(foreign)}", _ALLOW)


def with_loaded_parts(configuration: Any, pipeline_class: type, access: Access) -> Any:
    """Return a configuration with the models and the PLDA that the class takes replaced by loaded objects.

    Raises WeightsError if a part cannot be fetched or contains more than weights.
    """
    parts = _parts(configuration, pipeline_class)
    loaded = {name: _load_model(value, access) for name, value in parts.items() if name in _MODELS}
    if "plda" in parts:
        transform, plda = (_find(parts["plda"], file, access) for file in _PLDA_FILES)
        loaded["plda"] = PLDA(transform, plda)
    return _with_parameters(configuration, loaded)


def with_local_parts(configuration: Any, pipeline_class: type, access: Access) -> Any:
    """Return a configuration with the models and the PLDA that the class takes replaced by local paths.

    pyannote.audio then loads them without restrictions, but downloads none. Parts that other packages load are not
    changed.
    """
    paths: dict[str, str] = {}
    for name, value in _parts(configuration, pipeline_class).items():
        if isinstance(value, str) and any(word in value.lower() for word in _FOREIGN):
            continue
        files = [_find(value, file, access) for file in (_PLDA_FILES if name == "plda" else (_model_file(value),))]
        paths[name] = str(files[0].parent if name == "plda" else files[0])
    return _with_parameters(configuration, paths)


def _parts(configuration: Any, pipeline_class: type) -> dict[str, Any]:
    """Return the value of each model or PLDA that the class takes, from the configuration or the class's defaults."""
    signature = inspect.signature(pipeline_class).parameters
    given = configuration["pipeline"].get("params") or {}
    return {name: given.get(name, signature[name].default) for name in (*_MODELS, "plda") if name in signature}


def _with_parameters(configuration: Any, parameters: Mapping[str, Any]) -> Any:
    """Return a configuration with some parameters of the pipeline replaced."""
    pipeline = configuration["pipeline"]
    return {**configuration, "pipeline": {**pipeline, "params": {**(pipeline.get("params") or {}), **parameters}}}


def _load_model(part: Any, access: Access) -> Any:
    """Return the model of a part; for an ONNX model, which is not a pickle, its path."""
    path = _find(part, _model_file(part), access)
    if path.suffix == ".onnx" and _is_onnx(str(path)):
        return str(path)
    try:
        return load_checkpoint(path)
    except WeightsError as error:
        raise WeightsError(error.message, f"{error.remedy}\n{_ALLOW}".strip()) from error


def _model_file(part: Any) -> str:
    """Return the file name of a model, given its name on the hub."""
    return _ONNX_FILE if isinstance(part, str) and _is_onnx(part) else _MODEL_FILE


def _is_onnx(name: str) -> bool:
    """Return whether pyannote.audio loads a model with this name as WeSpeaker's ONNX network."""
    return "wespeaker" in name and "pyannote" not in name


def _find(part: Any, file: str, access: Access) -> Path:
    """Return the path of a file of a part, which is a file, a directory, or a repository on the hub."""
    location: Mapping[str, Any] = part if isinstance(part, Mapping) else {"checkpoint": part}
    checkpoint, folder = str(location["checkpoint"]), location.get("subfolder") or ""
    path = Path(checkpoint)
    if path.is_file():
        return path
    if path.is_dir():
        return path / folder / file
    name = f"{folder}/{file}" if folder else file
    return fetch(checkpoint, name, access.token, offline=access.offline, revision=location.get("revision"))
