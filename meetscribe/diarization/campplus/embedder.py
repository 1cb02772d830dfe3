"""The embedder CAM++."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from meetscribe.diarization.campplus.network import DIMENSION, CamPlusPlus, compute_features
from meetscribe.errors import WeightsError, first_line, os_reason

THRESHOLD = 0.8
"""The clustering threshold. Whichever of AMI excerpts, LibriSpeech mixes and a call is left out, the other two select
this value (`python -m tests.benchmarks.real diarization`)."""


class CamPlusPlusEmbedder:
    """An Embedder that runs CAM++ on one clip at a time."""

    def __init__(self, network: CamPlusPlus, name: str, device: torch.device) -> None:
        self.name = name
        self.dimension = DIMENSION
        self.threshold: float | None = THRESHOLD
        self._network = network.eval().to(device)
        self._device = device

    def embed(self, clips: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """Return a voiceprint `(clips, dim)` of each clip `(samples,)` at 16 000 Hz, of at least 0.25 seconds."""
        with torch.inference_mode():
            vectors = [self._network(compute_features(torch.from_numpy(clip))[None].to(self._device)) for clip in clips]
            voiceprints: npt.NDArray[np.float32] = torch.cat(vectors).cpu().numpy()
        return voiceprints


def load_campplus(path: Path, device: torch.device | str = "cpu") -> CamPlusPlusEmbedder:
    """Return the embedder with the weights in a file of 3D-Speaker, which is unpickled as weights only.

    Raises WeightsError if the file cannot be read, contains more than weights, or does not match the network.
    """
    try:
        content = path.read_bytes()
        weights = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        network = CamPlusPlus()
        network.load_state_dict(weights)
    except OSError as error:
        raise WeightsError(f"the model {path} cannot be read: {os_reason(error)}", "Check the path.") from error
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{path} does not hold the weights of CAM++: {first_line(error)}",
            "Fetch it again: meetscribe weights pull campplus",
        ) from error
    name = f"CAM++-{DIMENSION}-{hashlib.sha256(content).hexdigest()[:16]}"
    return CamPlusPlusEmbedder(network, name, torch.device(device))
