"""The samples' weights with noise on the decoder, trained back on the samples' voices, in sentences held out."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from meetscribe.runtime.devices import Device
from meetscribe.training import TrainingTask
from meetscribe.training.comparison.regression import score_clips
from meetscribe.training.comparison.scores import score_texts
from meetscribe.training.comparison.transcribing import Machine
from meetscribe.training.data import DataSettings, DataSummary, Sources, prepare
from meetscribe.training.results import TEST
from tests.benchmarks.training_material import recipe, record
from tests.benchmarks.training_runs.choices import Choices, cost, score_lines, sizes, trained
from tests.support.training_data import SAMPLES

NOISE = 0.5  # standard deviation of the noise, as a share of that of each matrix
LONGEST = 10.0  # seconds of a clip: these weights were trained on short chunks, and without prompts
ORIGINAL = SAMPLES / "weights" / "asr"
RECORDINGS = ("standup", "planning", "interview")
SHARES = {"train": 3.0, "dev": 0.2}  # of the minutes
VOICES = ("sally", "robert", "angus", "karl", "kurt", "emma", "oscar", "diana")


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


def make_data_set(folder: Path, minutes: float) -> DataSummary:
    """Make a data set: train and dev are spoken by the recipe, test are the sample recordings; return its summary."""
    sources: dict[str, tuple[Path, ...]] = {}
    for split, share in SHARES.items():
        seconds = 60 * minutes * share / len(VOICES)
        lines = _sentences(split)
        sources[split] = tuple(record(folder / split, voice, seconds, lines, Counter()) for voice in VOICES)
    test = tuple(SAMPLES / f"{name}.words.jsonl" for name in RECORDINGS)
    settings = DataSettings(max_seconds=LONGEST, language="en", split_by="recording", drop_shared=True, prompts=0.0)
    return prepare(folder / "dataset", Sources(sources["train"], sources["dev"], test), settings)


def run(choices: Choices) -> Iterator[str]:
    """Train the degraded weights, and yield the lines of the report."""
    data, output = choices.folder / "dataset", choices.folder / "model"
    summary = make_data_set(choices.folder, choices.minutes)
    degraded = degrade(choices.folder / "degraded")
    shape = {"method": "full", "epochs": 3, "batch_size": 4, "learning_rate": 3e-4}
    settings = choices.training(**shape, freeze_encoder=True, spec_augment=False, interpolate=False)  # nothing to keep
    task = TrainingTask(data, str(degraded), settings, device="cpu", threads=choices.threads, offline=True)
    result = trained(task, output)
    machine = Machine(Device("cpu"), choices.threads)
    against = score_texts(TEST, score_clips(data, ORIGINAL, output, machine, splits=(TEST,)))
    yield f"samples/weights/asr, noise of {NOISE:g} standard deviations on the decoder; {sizes(summary)}"
    yield cost(result)
    yield "From the degraded weights:"
    yield from score_lines(result.tables)
    yield "From the original weights:"
    yield from score_lines([against])
    gap = 100 * (against.wer.comparison.difference or 0.0)
    yield f"{abs(gap):.1f} points {'above' if gap > 0 else 'below'} the original weights ({against.units} resampled)"


def _sentences(split: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield sentences of the recipe's training half, none of which is in a recording; they contain no terms."""
    language = recipe("language")
    rng = random.Random(split)
    grammar = language.Grammar(rng)
    while True:
        text = rng.choice((grammar.statement, grammar.question))()
        if not language.held_out(text):
            yield text, ()
