"""The models that make voiceprints: loading them, naming them, and running them once per window."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.errors import WeightsError
from meetscribe.segmentation import load_checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import torch

CHECKPOINT = "pytorch_model.bin"
TUNING = "meetscribe.json"
"""Beside a checkpoint: {"clustering_threshold": 0.7, "tuned_on": "what on"}; other keys are for people."""

THRESHOLDS = {"WeSpeakerResNet34": 0.7045654963945799}
"""Clustering thresholds by architecture; of the ResNet34 in pyannote's pipeline 3.1, as tuned there."""

DEFAULT_THRESHOLD = 0.7


@dataclass(frozen=True, slots=True)
class Embedder:
    """A loaded model, with the distance at which its voices are clustered, if somebody has tuned it."""

    model: Any
    threshold: float | None


def load_embedder(name: str, token: str | None = None) -> Embedder:
    """The embedder in a directory or checkpoint of pyannote.audio, or on the Hugging Face hub; on the CPU.

    Raises WeightsError if it is not there, cannot be fetched, or is not an embedder.
    """
    path = _checkpoint(name, token)
    model = load_checkpoint(path)
    if not type(model).__module__.startswith("pyannote.audio.models.embedding"):
        raise WeightsError(
            f"{path} is a {type(model).__name__}, which makes no voiceprints",
            "Set diarization.embedder to a speaker embedding.",
        )
    return Embedder(model, _tuned(path.with_name(TUNING)) or THRESHOLDS.get(type(model).__name__))


def fingerprint(model: Any) -> str:
    """A name for a model by its class, dimension and weights: the same wherever it lies, never another's.

    Voiceprints can be compared only if their embedders' names are equal.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return f"{type(model).__name__}-{model.dimension}-{digest.hexdigest()[:16]}"


class OncePerWindow:
    """A pyannote embedding that runs its network once per window, not once per speaker of the window.

    pyannote.audio hands over each window as many times as the segmentation has local speakers, each time
    with the mask of one; only the pooling differs. Who is silent in a window is not computed at all: the row
    is NaN, which pyannote.audio leaves out of clustering. Else it behaves as what it wraps.
    """

    def __init__(self, inner: Any, speakers: int) -> None:
        """Wrap `inner`, a PyannoteAudioPretrainedSpeakerEmbedding, for batches of whole windows."""
        self._inner = inner
        self._speakers = speakers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __call__(self, waveforms: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Voiceprints `(batch, dim)` of `waveforms` `(batch, 1, samples)` under `masks` `(batch, frames)`."""
        import numpy as np
        import torch

        windows = waveforms[:: self._speakers]
        weights = masks.reshape(len(windows), self._speakers, -1)
        heard = weights.sum(dim=2) > 0
        busy = heard.any(dim=1)
        rows = np.full((len(windows), self._speakers, self._inner.dimension), np.nan, dtype=np.float32)
        if busy.any():
            device = self._inner.device
            with torch.inference_mode():
                found = self._inner.model_(windows[busy].to(device), weights=weights[busy].to(device))
            rows[busy.numpy()] = found.cpu().numpy()
        rows[~heard.numpy()] = np.nan
        return rows.reshape(len(waveforms), -1)


def _checkpoint(name: str, token: str | None) -> Path:
    """The file of an embedder, fetched if need be; raises WeightsError if there is none."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        if (path / CHECKPOINT).is_file():
            return path / CHECKPOINT
        raise WeightsError(f"there is no {CHECKPOINT} in {path}", "Give the folder that has it.")
    from meetscribe.diarization.hub import fetch

    return fetch(name, CHECKPOINT, token)


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
