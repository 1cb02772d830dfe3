"""Stand-ins for diarization: an embedder of random weights, a conversation, and networks that hear loudness."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import Audio, load_audio
from meetscribe.diarization.diarizer import Loaded, Parameters
from meetscribe.runtime import silence, telemetry
from meetscribe.timeline import Turn

DIMENSION = 32


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an XVectorMFCC of random weights, in half precision, as pyannote.audio saves it."""
    telemetry.switch_off()
    with silence.loading():
        import torch
        from pyannote.audio.core.task import Problem, Resolution, Specifications
        from pyannote.audio.models.embedding import XVectorMFCC

        torch.manual_seed(1)
        model: Any = XVectorMFCC(dimension=DIMENSION)
        model.specifications = Specifications(problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0)
    halves = {
        name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in model.state_dict().items()
    }
    checkpoint: dict[str, Any] = {
        "state_dict": halves,
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": "2.6.0",
    }
    model.on_save_checkpoint(checkpoint)  # adds what is pyannote.audio's
    folder = tmp_path_factory.mktemp("embedder")
    torch.save(checkpoint, folder / "pytorch_model.bin")
    return folder


@pytest.fixture(scope="session")
def conversation() -> Audio:
    """Ten seconds of the two people in the recording that pyannote.audio brings along."""
    spec = importlib.util.find_spec("pyannote.audio")
    assert spec is not None and spec.origin is not None
    audio = load_audio(Path(spec.origin).with_name("sample") / "sample.wav")
    return Audio(audio.samples[6 * 16000 : 16 * 16000], audio.name, audio.hash)


LOUDNESS = 1 / 32
"""Of speaker number 1; number n is n times as loud."""
FRAMES, FRAME = 293, 270


def spoken(turns: Sequence[Turn], seconds: float) -> Audio:
    """A recording in which each speaker, called by number, is a constant of its own."""
    samples = np.zeros(round(seconds * 16000), np.float32)
    for turn in turns:
        samples[round(turn.start * 16000) : round(turn.end * 16000)] = int(turn.speaker) * LOUDNESS
    return Audio(samples, "spoken.wav", "sha256:0")


class LoudnessSegmentation:
    """An Inference whose local speakers are the constants in a window, in an order that changes with the window."""

    duration, step, batch_size = 5.0, 0.5, 64
    device = SimpleNamespace(type="cpu")

    def __init__(self) -> None:
        field = SimpleNamespace(step=FRAME / 16000, duration=991 / 16000)
        self.model = SimpleNamespace(specifications=SimpleNamespace(powerset=False), receptive_field=field)
        self.heard = 0

    def infer(self, sound: Any) -> npt.NDArray[np.float32]:
        who = _speakers(sound)
        scores = np.full((len(who), FRAMES, 3), 0.01, np.float32)
        for window, row in enumerate(who):
            for slot, speaker in enumerate(np.unique(row[row > 0])[:3]):
                scores[window, row == speaker, (slot + window + self.heard) % 3] = 0.9
        self.heard += len(who)
        return scores


class LoudnessVoices:
    """Voices that give each constant a direction of its own, with noise."""

    dimension, shortest = 24, 4000

    def __init__(self, noise: float = 0.05) -> None:
        self._random = np.random.default_rng(0)
        self._directions = np.eye(self.dimension)
        self._noise = noise

    def __call__(self, windows: Any, masks: Any) -> npt.NDArray[np.float32]:
        who, chosen = _speakers(windows), masks.numpy() > 0
        prints = np.full((*chosen.shape[:2], self.dimension), np.nan, np.float32)
        for window, speaker in zip(*np.nonzero(chosen.any(axis=2)), strict=True):
            number = np.bincount(who[window][chosen[window, speaker]]).argmax()
            noise = self._random.normal(0, self._noise, self.dimension)
            prints[window, speaker] = self._directions[number] + noise
        return prints


class LoudnessPipeline:
    """As much of a pyannote pipeline as a Diarizer uses, with pyannote's own clustering."""

    embedding_exclude_overlap = True

    def __init__(self) -> None:
        from pyannote.audio.pipelines.clustering import AgglomerativeClustering

        self._segmentation = LoudnessSegmentation()
        self.clustering = AgglomerativeClustering(metric="cosine")
        self.parameters: list[Any] = []

    def instantiate(self, parameters: Any) -> None:
        self.parameters.append({section: dict(values) for section, values in parameters.items()})
        self.segmentation = SimpleNamespace(**parameters["segmentation"])
        self.clustering.instantiate(parameters["clustering"])


TUNED: Parameters = {
    "segmentation": {"threshold": 0.4, "min_duration_off": 0.0},
    "clustering": {"method": "centroid", "threshold": 0.7, "min_cluster_size": 12},
}


def loudness() -> Loaded:
    """What hears who speaks in a recording that `spoken` made."""
    telemetry.switch_off()
    with silence.loading():
        return Loaded(LoudnessPipeline(), LoudnessVoices(), lambda _: TUNED, 0.7, "loudness-24")


def _speakers(sound: Any) -> npt.NDArray[np.int64]:
    """The number `(windows, frames)` of who is heard, 0 for nobody."""
    middles = sound.numpy()[:, 0, 495::FRAME][:, :FRAMES]
    numbers: npt.NDArray[np.int64] = np.rint(middles / LOUDNESS).astype(np.int64)
    return numbers
