"""Stand-ins for diarization: an embedder of random weights, a conversation, a pipeline that does as told."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from meetscribe import telemetry
from meetscribe.audio import Audio, load_audio

DIMENSION = 32


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an XVectorMFCC of random weights, in half precision, as pyannote.audio saves it."""
    telemetry.switch_off()
    with telemetry.quiet():
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


class Segment(NamedTuple):
    start: float
    end: float


class Annotation:
    """As much of pyannote's Annotation as is read; labels may be numbers."""

    def __init__(self, *tracks: tuple[float, float, object]) -> None:
        self._tracks = tracks

    def itertracks(self, yield_label: bool) -> Iterator[tuple[Segment, int, object]]:
        assert yield_label
        for index, (start, end, label) in enumerate(self._tracks):
            yield Segment(start, end), index, label

    def labels(self) -> list[object]:
        return sorted({label for *_, label in self._tracks}, key=str)


@dataclass
class Output:
    """What pyannote.audio 4 returns."""

    speaker_diarization: Annotation
    exclusive_speaker_diarization: Annotation
    speaker_embeddings: Any = None


@dataclass
class FakePipeline:
    """A pipeline that returns `output`, calls the hook as told, and remembers how it was called."""

    output: object = field(default_factory=lambda: Output(Annotation(), Annotation()))
    steps: tuple[tuple[str, int | None, int | None], ...] = ()
    parameters: object = None
    arguments: dict[str, object] = field(default_factory=dict)

    def instantiate(self, parameters: object) -> None:
        self.parameters = parameters

    def __call__(self, file: dict[str, Any], hook: Any, **arguments: object) -> object:
        assert file["waveform"].shape[0] == 1 and file["waveform"].numpy().dtype == np.float32
        self.arguments = arguments
        for step, total, completed in self.steps:
            hook(step, None, file=file, total=total, completed=completed)
        print("Found only 1 clusters.")
        return self.output
