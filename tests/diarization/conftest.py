"""An embedder with random weights, a conversation, and fake networks that identify speakers by amplitude."""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding import XVectorMFCC
from pyannote.audio.pipelines.clustering import AgglomerativeClustering

from meetscribe.audio import Audio, load_audio
from meetscribe.diarization.diarizer import LoadedPipeline, Parameters
from meetscribe.runtime import silence, telemetry
from meetscribe.timeline import Diarization, Span, Turn, total
from tests.benchmarks.synthetic_weights import pipeline_directory

DIMENSION = 32


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an XVectorMFCC with random weights, in half precision, as saved by pyannote.audio."""
    telemetry.switch_off()
    with silence.loading():
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
    model.on_save_checkpoint(checkpoint)  # adds the entries of pyannote.audio
    folder = tmp_path_factory.mktemp("embedder")
    torch.save(checkpoint, folder / "pytorch_model.bin")
    return folder


@pytest.fixture(scope="session")
def conversation() -> Audio:
    """Return ten seconds of the recording of two speakers that is part of pyannote.audio."""
    spec = importlib.util.find_spec("pyannote.audio")
    assert spec is not None and spec.origin is not None
    audio = load_audio(Path(spec.origin).with_name("sample") / "sample.wav")
    return Audio(audio.samples[6 * 16000 : 16 * 16000], audio.name, audio.hash)


@pytest.fixture(scope="session")
def community(embedder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the layout of community-1, with VBx and random weights."""
    return pipeline_directory(tmp_path_factory.mktemp("pipeline"), embedder, DIMENSION)


def check_diarization(found: Diarization, audio: Audio) -> None:
    """Check the properties of every diarization of real speech."""
    spoken = total(turn.span for turn in found.turns)
    assert spoken > audio.duration / 2
    assert total(turn.span for turn in found.exclusive) == pytest.approx(spoken, abs=0.5)
    assert all(a.end <= b.start for a, b in pairwise(found.exclusive))
    assert all(Span(0, audio.duration).overlap(turn.span) == turn.duration for turn in found.turns)
    assert list(found.speakers) == [f"SPEAKER_{index:02d}" for index in range(len(found.speakers))]
    assert {turn.speaker for turn in found.exclusive} <= set(found.speakers)
    assert found.voiceprints and found.voiceprints.keys() <= set(found.speakers)
    assert {vector.shape for vector in found.voiceprints.values()} == {(DIMENSION,)}
    assert found.embedder is not None and found.embedder.startswith("XVectorMFCC-")


AMPLITUDE = 1 / 32
"""Amplitude of speaker 1; that of speaker n is n times as high."""
FRAMES, FRAME = 293, 270


def spoken(turns: Sequence[Turn], seconds: float) -> Audio:
    """Return a recording in which each speaker, named by a number, is a constant signal."""
    samples = np.zeros(round(seconds * 16000), np.float32)
    for turn in turns:
        samples[round(turn.start * 16000) : round(turn.end * 16000)] = int(turn.speaker) * AMPLITUDE
    return Audio(samples, "spoken.wav", "sha256:0")


class AmplitudeSegmentation:
    """An Inference whose local speakers are the amplitudes in a window, in an order that changes with the window."""

    duration, step, batch_size = 5.0, 0.5, 64
    device = SimpleNamespace(type="cpu")

    def __init__(self) -> None:
        field = SimpleNamespace(step=FRAME / 16000, duration=991 / 16000)
        self.model = SimpleNamespace(specifications=SimpleNamespace(powerset=False), receptive_field=field)
        self.computed = 0

    def infer(self, waveforms: Any) -> npt.NDArray[np.float32]:
        speakers = _speakers(waveforms)
        scores = np.full((len(speakers), FRAMES, 3), 0.01, np.float32)
        for window, row in enumerate(speakers):
            for slot, speaker in enumerate(np.unique(row[row > 0])[:3]):
                scores[window, row == speaker, (slot + window + self.computed) % 3] = 0.9
        self.computed += len(speakers)
        return scores


class AmplitudeEmbedder:
    """A WindowEmbedder with a direction for each amplitude, and noise that depends on the window and its mask only."""

    dimension, min_samples = 24, 4000

    def __init__(self, noise: float = 0.05) -> None:
        self._directions = np.eye(self.dimension)
        self._noise = noise

    def __call__(self, windows: Any, masks: Any) -> npt.NDArray[np.float32]:
        speakers, chosen = _speakers(windows), masks.numpy() > 0
        voiceprints = np.full((*chosen.shape[:2], self.dimension), np.nan, np.float32)
        for window, speaker in zip(*np.nonzero(chosen.any(axis=2)), strict=True):
            number = np.bincount(speakers[window][chosen[window, speaker]]).argmax()
            seed = zlib.crc32(windows[window].numpy().tobytes() + masks[window, speaker].numpy().tobytes())
            noise = np.random.default_rng(seed).normal(0, self._noise, self.dimension)
            voiceprints[window, speaker] = self._directions[number] + noise
        return voiceprints


class AmplitudePipeline:
    """The part of a pyannote pipeline that a Diarizer uses, with pyannote's clustering."""

    embedding_exclude_overlap = True

    def __init__(self) -> None:
        self._segmentation = AmplitudeSegmentation()
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


def amplitude_pipeline() -> LoadedPipeline:
    """Return a pipeline that finds the speakers of recordings made by `spoken`."""
    telemetry.switch_off()
    with silence.loading():
        return LoadedPipeline(AmplitudePipeline(), AmplitudeEmbedder(), lambda _: TUNED, 0.7, "amplitude-24")


def _speakers(waveforms: Any) -> npt.NDArray[np.int64]:
    """Return the number of the active speaker in each frame `(windows, frames)`, 0 for silence."""
    centres = waveforms.numpy()[:, 0, 495::FRAME][:, :FRAMES]
    numbers: npt.NDArray[np.int64] = np.rint(centres / AMPLITUDE).astype(np.int64)
    return numbers
