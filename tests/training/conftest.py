"""The samples' Whisper with a window of 5 s, which trains six times as fast, and a small data set."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from meetscribe.training.data import Split
from meetscribe.training.data.values import Example
from meetscribe.training.loop.evaluation import LabelledExamples
from meetscribe.training.loop.labels import labels_of
from meetscribe.training.loop.trainer import PreparedRun
from meetscribe.training.model.base import WhisperBase, load_base
from meetscribe.training.model.lora import prepare
from meetscribe.training.settings import TrainingSettings
from tests.support.training_data import SAMPLES, sample_examples

Prepare = Callable[[TrainingSettings], PreparedRun]

SECONDS = 5
ENCODING = "model.encoder.embed_positions.weight"


@pytest.fixture(scope="session")
def short_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the weights with the short window."""
    folder = tmp_path_factory.mktemp("short") / "asr"
    shutil.copytree(SAMPLES / "weights" / "asr", folder)
    state = load_file(folder / "model.safetensors")
    state[ENCODING] = state[ENCODING][: SECONDS * 50].contiguous()
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    _change(folder / "config.json", max_source_positions=SECONDS * 50)
    frames = {"n_samples": SECONDS * 16_000, "nb_max_frames": SECONDS * 100}
    _change(folder / "preprocessor_config.json", chunk_length=SECONDS, **frames)
    return folder


@pytest.fixture(scope="session")
def short_base(short_weights: Path) -> WhisperBase:
    """The loaded model, for tests that do not change it."""
    return load_base(short_weights)


@pytest.fixture(scope="session")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set with four clips to train on, one for dev and one for test."""
    folder = tmp_path_factory.mktemp("data")
    splits: list[Split] = [*["train"] * 4, "dev", "test"]  # type: ignore[list-item]
    sample_examples(folder, splits)
    return folder


@pytest.fixture
def prepared(short_weights: Path, data_set: Path) -> Prepare:
    """Return a function that loads the model anew and makes its weights trainable."""
    from meetscribe.training.data import load_examples

    def load(settings: TrainingSettings) -> PreparedRun:
        base = load_base(short_weights)
        wrapper = prepare(base.model, settings)
        splits = [labelled(data_set, base, load_examples(data_set, split)) for split in ("train", "dev", "test")]
        return PreparedRun(base, wrapper, *splits)

    return load


def labelled(folder: Path, base: WhisperBase, examples: tuple[Example, ...]) -> LabelledExamples:
    """Return examples with their labels."""
    return LabelledExamples(folder, examples, tuple(labels_of(example, base) for example in examples))


def _change(path: Path, **values: object) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **values}), encoding="utf-8")
