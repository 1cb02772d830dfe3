"""The samples' weights with noise on the decoder, trained back on the samples' voices, in sentences held out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from meetscribe.runtime.devices import Device
from meetscribe.training import TrainingTask
from meetscribe.training.comparison.regression import score_clips
from meetscribe.training.comparison.scores import score_texts
from meetscribe.training.comparison.transcribing import Machine
from meetscribe.training.data import Split
from meetscribe.training.results import TEST
from tests.benchmarks.training_runs.choices import Choices, cost, score_lines, trained
from tests.support.training_data import SAMPLES, rewrite, sample_examples

NOISE = 0.3  # standard deviation of the noise, as a share of that of each tensor
ORIGINAL = SAMPLES / "weights" / "asr"


def degrade(folder: Path) -> Path:
    """Write the samples' weights with seeded noise on the matrices of the decoder's layers; return the directory."""
    shutil.copytree(ORIGINAL, folder, dirs_exist_ok=True)
    state = load_file(ORIGINAL / "model.safetensors")
    generator = torch.Generator().manual_seed(0)
    for name, tensor in sorted(state.items()):
        if ".decoder.layers." in name and tensor.ndim == 2:
            noise = torch.randn(tensor.shape, generator=generator) * tensor.float().std() * NOISE
            state[name] = (tensor.float() + noise).half()
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def run(choices: Choices) -> Iterator[str]:
    """Train the degraded weights, and yield the lines of the report."""
    data, output = choices.folder / "data", choices.folder / "model"
    data.mkdir(parents=True, exist_ok=True)
    train: list[Split] = ["train"] * 24
    dev: list[Split] = ["dev"] * 4
    test: list[Split] = ["test"] * 14
    examples = [
        *sample_examples(data, train + dev, name="interview", seconds=8.0),
        *sample_examples(data, train, name="planning", seconds=8.0),
        *sample_examples(data, test, name="standup", seconds=8.0),
    ]
    rewrite(data, examples)
    degraded = degrade(choices.folder / "degraded")
    settings = choices.training(
        method="full", epochs=8, batch_size=4, learning_rate=3e-4, freeze_encoder=True, spec_augment=False
    )
    task = TrainingTask(data, str(degraded), settings, device="cpu", threads=choices.threads, offline=True)
    result = trained(task, output)
    machine = Machine(Device("cpu"), choices.threads)
    against = score_texts("test", score_clips(data, ORIGINAL, output, machine, splits=(TEST,)))
    yield f"samples/weights/asr, noise of {NOISE:g} standard deviations on the decoder; {cost(result)}"
    yield "From the degraded weights:"
    yield from score_lines(result.tables)
    yield "From the original weights:"
    yield from score_lines([against])
    gap = 100 * (against.wer.comparison.difference or 0.0)
    yield f"{abs(gap):.1f} points {'above' if gap > 0 else 'below'} the original weights ({against.units} resampled)"
