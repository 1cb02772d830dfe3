"""Locate, identify and load speaker embedding models."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from meetscribe.errors import SettingsError, WeightsError
from meetscribe.segmentation.checkpoint import load_checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.runtime.devices import Device

CHECKPOINT = "pytorch_model.bin"
"""The file of a model of pyannote.audio in its directory."""

CAMPPLUS_WEIGHTS = "campplus_cn_en_common.pt"
"""The file of the embedder CAM++ as published by 3D-Speaker."""

TUNING = "meetscribe.json"
"""File beside a checkpoint: {"clustering_threshold": 0.7, "tuned_on": "data"}; other keys are ignored."""

THRESHOLDS = {"WeSpeakerResNet34": 0.7045654963945799}
"""Clustering thresholds by architecture; that of the ResNet34 is from pyannote's pipeline 3.1."""

DEFAULT_THRESHOLD = 0.5
"""The threshold of an untuned embedder. It is the best one for Resemblyzer on 11 real recordings, and still the best if
it is chosen on one kind of recording and used on the others (`tests.benchmarks.real diarization --thresholds`)."""

_FACTORY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


@runtime_checkable
class Embedder(Protocol):
    """A speaker embedding model, which maps clips of one speaker each to vectors that are similar for the same speaker.

    `name` identifies the weights: only voiceprints of embedders with the same name are compared. `threshold` is the
    maximum distance (0 to 2) between the centroids of one speaker's clusters of unit vectors; None if not tuned.
    """

    name: str
    dimension: int
    threshold: float | None

    def embed(self, clips: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """Return a voiceprint `(clips, dim)` of each clip `(samples,)` at 16 000 Hz, of at least 0.25 seconds."""


@dataclass(frozen=True, slots=True)
class LoadedEmbedder:
    """A loaded model of pyannote.audio, with its clustering threshold if it was tuned."""

    model: Any
    threshold: float | None


def is_factory(name: str) -> bool:
    """Return whether a name has the form "package.module:function", which names a factory of an Embedder."""
    return _FACTORY.fullmatch(name) is not None and not Path(name).exists()


def campplus_weights(name: str) -> Path | None:
    """Return the weights of CAM++ at a path, the file itself or in the directory; None for other embedders."""
    path = Path(name).expanduser()
    path = path / CAMPPLUS_WEIGHTS if path.is_dir() else path
    return path if path.name == CAMPPLUS_WEIGHTS and path.is_file() else None


def make_embedder(name: str, device: Device) -> Embedder:
    """Return the Embedder that a function or class "package.module:function" creates for a device.

    Raises SettingsError if it cannot be imported or called, or returns something else.
    """
    module, _, function = name.partition(":")
    try:
        embedder = getattr(importlib.import_module(module), function)(str(device))
    except (ImportError, AttributeError, TypeError) as error:
        raise SettingsError(
            f"diarization.embedder {name} cannot be created: {error}",
            "Give package.module:function, a function of the device's name, in an installed package.",
        ) from error
    if not isinstance(embedder, Embedder):
        raise SettingsError(
            f"{name} does not return an embedder", "It needs name, dimension, threshold and embed(clips)."
        )
    return embedder


def load_embedder(name: str, token: str | None = None, *, offline: bool = False) -> LoadedEmbedder:
    """Return the embedder in a directory or checkpoint of pyannote.audio, or on the Hugging Face hub, on the CPU.

    Raises WeightsError if it is missing, cannot be fetched, or is not an embedder.
    """
    path = checkpoint_path(name, token, offline)
    model = load_checkpoint(path)
    if not type(model).__module__.startswith("pyannote.audio.models.embedding"):
        raise WeightsError(
            f"{path} is a {type(model).__name__}, not a speaker embedding model",
            "Set diarization.embedder to a speaker embedding model.",
        )
    return LoadedEmbedder(model, _tuned_threshold(path.with_name(TUNING)) or THRESHOLDS.get(type(model).__name__))


def fingerprint(model: Any) -> str:
    """Return an identifier of a model from its class, dimension and weights, independent of its location.

    Voiceprints can be compared only if the identifiers of their embedders are equal.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return f"{type(model).__name__}-{model.dimension}-{digest.hexdigest()[:16]}"


def checkpoint_path(name: str, token: str | None, offline: bool) -> Path:
    """Return the path of a model's checkpoint, given a file, a directory or an id on the hub; fetched if necessary.

    Raises WeightsError if there is none, or it cannot be fetched.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        if (path / CHECKPOINT).is_file():
            return path / CHECKPOINT
        raise WeightsError(f"there is no {CHECKPOINT} in {path}", "Give the folder that contains it.")
    # The hub's client is not needed for local files.
    from meetscribe.diarization.loading.hub import fetch

    return fetch(name, CHECKPOINT, token, offline=offline)


def _tuned_threshold(path: Path) -> float | None:
    """Return the clustering threshold in the file beside a checkpoint; None if there is no file."""
    if not path.is_file():
        return None
    try:
        threshold = json.loads(path.read_text(encoding="utf-8"))["clustering_threshold"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} does not contain a clustering_threshold: {error!r}") from error
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 < threshold <= 2:
        raise WeightsError(f"the clustering_threshold in {path} must be more than 0 and at most 2, not {threshold!r}")
    return float(threshold)
