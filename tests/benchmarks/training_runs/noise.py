"""The samples' weights with noise on the decoder, trained back on meetings like those of the samples.

The recipe's synthesisers speak sentences of the recipe's training half, in the proportions of its meetings: none of
them is in the test set, the sample recordings. dev has other sentences in the same voices. The settings were chosen
with seed 0; other seeds of the noise show whether they suit it alone.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
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
from tests.benchmarks.training_material import recipe
from tests.benchmarks.training_runs.choices import Choices, cost, score_lines, sizes, trained
from tests.benchmarks.training_runs.meetings import write_meeting
from tests.support.training_data import SAMPLES

NOISE = 0.5  # standard deviation of the noise, as a share of that of each matrix
LONGEST = 10.0  # seconds of a clip: these weights were trained on short chunks, and without prompts
ORIGINAL = SAMPLES / "weights" / "asr"
RECORDINGS = ("standup", "planning", "interview")
SHARES = {"train": 3.0, "dev": 0.6}  # of the minutes
MEETING = 4.0  # minutes
SPEAKERS = 4  # of a meeting
SETTINGS: dict[str, object] = {
    "method": "full",
    "freeze_encoder": True,
    "freeze_embeddings": True,
    "spec_augment": False,
    "interpolate": False,  # the degraded weights have nothing worth keeping
    "epochs": 6,
    "batch_size": 4,
    "learning_rate": 1e-3,  # between those of the last two stages of the recipe
    "schedule": "cosine",
}


def degrade(folder: Path, seed: int = 0) -> Path:
    """Write the samples' weights with seeded noise on the matrices of the decoder's layers; return the directory."""
    shutil.copytree(ORIGINAL, folder, dirs_exist_ok=True)
    state = load_file(ORIGINAL / "model.safetensors")
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in sorted(state.items()):
        if ".decoder.layers." in name and tensor.ndim == 2:
            noise = torch.randn(tensor.shape, generator=generator) * tensor.float().std() * NOISE
            state[name] = (tensor.float() + noise).half()
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def make_data_set(folder: Path, minutes: float) -> DataSummary:
    """Make a data set: train and dev are spoken by the recipe, test are the sample recordings; return its summary."""
    sources = {}
    for split, share in SHARES.items():
        count = max(round(minutes * share / MEETING), 1)
        sources[split] = tuple(_meeting(folder / split, f"{split}-{number}") for number in range(count))
    test = tuple(SAMPLES / f"{name}.words.jsonl" for name in RECORDINGS)
    settings = DataSettings(max_seconds=LONGEST, language="en", split_by="recording", drop_shared=True, prompts=0.0)
    return prepare(folder / "dataset", Sources(sources["train"], sources["dev"], test), settings)


def run(choices: Choices) -> Iterator[str]:
    """Train the degraded weights, and yield the lines of the report."""
    data, output = choices.folder / "dataset", choices.folder / f"model-{choices.seed}"
    summary = make_data_set(choices.folder, choices.minutes)
    degraded = degrade(choices.folder / f"degraded-{choices.seed}", choices.seed)
    settings = choices.training(**SETTINGS)
    task = TrainingTask(data, str(degraded), settings, device="cpu", threads=choices.threads, offline=True)
    result = trained(task, output)
    machine = Machine(Device("cpu"), choices.threads)
    against = score_texts(TEST, score_clips(data, ORIGINAL, output, machine, splits=(TEST,)))
    yield f"samples/weights/asr, noise of {NOISE:g} standard deviations on the decoder, seed {choices.seed}"
    yield sizes(summary)
    yield cost(result)
    yield "From the degraded weights:"
    yield from score_lines(result.tables)
    yield "From the original weights:"
    yield from score_lines([against])
    gap = 100 * (against.wer.comparison.difference or 0.0)
    yield f"{abs(gap):.1f} points {'above' if gap > 0 else 'below'} the original weights ({against.units} resampled)"


def _meeting(folder: Path, name: str) -> Path:
    """Write a meeting of random speakers of the recipe; return the path of its reference words."""
    rng = random.Random(f"speakers of {name}")
    speakers = rng.sample(recipe("make_meeting").SPEAKERS, SPEAKERS)
    return write_meeting(folder, name, speakers, _sentences(rng), MEETING)


def _sentences(rng: random.Random) -> Iterator[str]:
    """Yield sentences of meetings, of the recipe's training half, none of which is in a sample recording."""
    language = recipe("language")
    grammar = language.Grammar(rng)
    kinds: dict[Callable[[], str], int] = {
        grammar.statement: 62,
        grammar.question: 16,
        grammar.announcement: 8,
        lambda: grammar.action(rng.choice(language.NAMES))[0]: 6,
        lambda: grammar.decision()[0]: 5,
        lambda: grammar.open_question()[0]: 4,
    }
    while True:
        (make,) = rng.choices(tuple(kinds), tuple(kinds.values()))
        if not language.held_out(text := make()):
            yield text
