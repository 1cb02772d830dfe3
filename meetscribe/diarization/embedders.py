"""The models that make voiceprints, and how they are found and named; how windows are given to them is in voices."""

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
from meetscribe.segmentation import load_checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.runtime.devices import Device

CHECKPOINT = "pytorch_model.bin"
TUNING = "meetscribe.json"
"""Beside a checkpoint: {"clustering_threshold": 0.7, "tuned_on": "what on"}; other keys are for people."""

THRESHOLDS = {"WeSpeakerResNet34": 0.7045654963945799}
"""Clustering thresholds by architecture; of the ResNet34 in pyannote's pipeline 3.1, as tuned there."""

DEFAULT_THRESHOLD = 0.5
"""Where nobody has tuned it: best for Resemblyzer's voiceprints on 11 real recordings by `tests.benchmarks.linkage`,
each kind of which chooses it for the others too."""

_FACTORY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


@runtime_checkable
class Embedder(Protocol):
    """What tells voices apart: anything that turns clips of one voice each into vectors, alike for like voices.

    `name` is that of its weights, since only voiceprints under one name are compared; `threshold` the distance of
    unit vectors, 0 to 2, up to which voices are one, or None if nobody has tuned it. Two groups of voices are as far
    apart as their centroids.
    """

    name: str
    dimension: int
    threshold: float | None

    def embed(self, clips: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """A voiceprint `(clips, dim)` for each clip `(samples,)` at 16 000 Hz, a quarter of a second or longer."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A loaded model of pyannote.audio, with the distance at which its voices are clustered, if tuned."""

    model: Any
    threshold: float | None


def is_factory(name: str) -> bool:
    """Whether a name is that of code that makes an Embedder, as "package.module:function"."""
    return _FACTORY.fullmatch(name) is not None and not Path(name).exists()


def make_embedder(name: str, device: Device) -> Embedder:
    """The Embedder that the function or class of this name makes for a device; raises SettingsError if none."""
    module, _, function = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)(str(device))
    except (ImportError, AttributeError, TypeError) as error:
        raise SettingsError(
            f"diarization.embedder {name} cannot be made: {error}",
            "Give package.module:function, a function of the device's name, in a package that is installed.",
        ) from error
    if not isinstance(found, Embedder):
        raise SettingsError(
            f"what {name} makes is no embedder", "It needs name, dimension, threshold and embed(clips)."
        )
    return found


def load_embedder(name: str, token: str | None = None, *, offline: bool = False) -> Loaded:
    """The embedder in a directory or checkpoint of pyannote.audio, or on the Hugging Face hub; on the CPU.

    Raises WeightsError if it is not there, cannot be fetched, or is not an embedder.
    """
    path = _checkpoint(name, token, offline)
    model = load_checkpoint(path)
    if not type(model).__module__.startswith("pyannote.audio.models.embedding"):
        raise WeightsError(
            f"{path} is a {type(model).__name__}, which makes no voiceprints",
            "Set diarization.embedder to a speaker embedding.",
        )
    return Loaded(model, _tuned(path.with_name(TUNING)) or THRESHOLDS.get(type(model).__name__))


def fingerprint(model: Any) -> str:
    """A name for a model by its class, dimension and weights: the same wherever it lies, never another's.

    Voiceprints can be compared only if their embedders' names are equal.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return f"{type(model).__name__}-{model.dimension}-{digest.hexdigest()[:16]}"


def _checkpoint(name: str, token: str | None, offline: bool) -> Path:
    """The file of an embedder, fetched if need be; raises WeightsError if there is none."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        if (path / CHECKPOINT).is_file():
            return path / CHECKPOINT
        raise WeightsError(f"there is no {CHECKPOINT} in {path}", "Give the folder that has it.")
    from meetscribe.diarization.hub import fetch

    return fetch(name, CHECKPOINT, token, offline=offline)


def _tuned(path: Path) -> float | None:
    """The clustering threshold in the file beside a checkpoint, or None without such a file."""
    if not path.is_file():
        return None
    try:
        threshold = json.loads(path.read_text(encoding="utf-8"))["clustering_threshold"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} does not say the clustering_threshold: {error!r}") from error
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 < threshold <= 2:
        raise WeightsError(f"the clustering_threshold in {path} must be more than 0 and at most 2, not {threshold!r}")
    return float(threshold)
