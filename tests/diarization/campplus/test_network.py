"""CAM++ computes what 3D-Speaker's implementation computes.

`reference.json` holds the voiceprints by 3D-Speaker's code, in float32, of the signal of `chirp`: with the weights of
`formula_weights`, and with the published ones.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch

from meetscribe.diarization.campplus.embedder import load_campplus
from meetscribe.diarization.campplus.network import DIMENSION, FEATURES, CamPlusPlus, compute_features
from tests.support.real_weights import real_weights

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text())


def chirp(seconds: float = 2.6) -> npt.NDArray[np.float32]:
    """Return a signal with rising harmonics and a changing loudness, at 16 000 Hz."""
    time = np.arange(round(seconds * 16000)) / 16000
    phase = 2 * np.pi * (120 * time + 15 * time**2)
    harmonics = sum(np.sin(order * phase + order**2) / order for order in range(1, 25))
    return (0.05 * harmonics * (1.2 + np.sin(7 * time))).astype(np.float32)


def formula_weights(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return weights for the layers of a network that depend on their names and sizes only."""
    weights = {}
    for number, (name, tensor) in enumerate(network.state_dict().items()):
        values = torch.sin(torch.arange(tensor.numel(), dtype=torch.float64) * 1.7 + number)
        if name.endswith("running_var") or name.endswith("norm.weight") or ".bn" in name:
            values = 1 + 0.3 * values
        else:
            values = values * 1.4 / max(1, tensor[0].numel() if tensor.ndim > 1 else 4) ** 0.5
        weights[name] = values.reshape(tensor.shape).to(tensor.dtype)
    return weights


def test_the_numbers_are_those_of_the_reference() -> None:
    network = CamPlusPlus().eval()
    network.load_state_dict(formula_weights(network))
    with torch.inference_mode():
        found = network(compute_features(torch.from_numpy(chirp()))[None])[0].numpy()
    assert found.shape == (DIMENSION,) and np.std(REFERENCE["formula"]) > 0.1
    np.testing.assert_allclose(found, REFERENCE["formula"], rtol=1e-5, atol=1e-4)


def test_the_numbers_of_the_published_weights_are_those_of_the_reference() -> None:
    embedder = load_campplus(real_weights("campplus") / "campplus_cn_en_common.pt")
    (found,) = embedder.embed([chirp()])
    np.testing.assert_allclose(found, REFERENCE["published"], atol=1e-4)


def test_the_features_are_logarithmic_and_without_mean() -> None:
    """A frame begins every 10 ms; a louder signal has the same features."""
    signal = torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32))
    features = compute_features(signal)
    assert features.shape == (98, FEATURES)
    assert features.mean(dim=0).abs().max() < 1e-4
    torch.testing.assert_close(compute_features(2 * signal), features, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("frames", [23, 100, 101, 350])
def test_the_mask_of_each_segment_depends_on_its_context(frames: int) -> None:
    """Clips of any length have one voiceprint, and a batch has the same ones as its clips."""
    network = CamPlusPlus().eval()
    network.load_state_dict(formula_weights(network))
    features = torch.sin(torch.arange(2 * frames * FEATURES, dtype=torch.float32)).reshape(2, frames, FEATURES)
    with torch.inference_mode():
        both = network(features)
        torch.testing.assert_close(
            both, torch.cat([network(features[:1]), network(features[1:])]), atol=1e-4, rtol=1e-4
        )
