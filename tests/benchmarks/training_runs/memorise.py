"""Four clips with made-up texts, which tiny.en learns word for word: the loop, the labels and the conversion work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from meetscribe.evaluation import ErrorRate, normalize, wer
from meetscribe.runtime.devices import Device
from meetscribe.training import TrainingTask
from meetscribe.training.comparison.transcribing import Clips, Machine, transcribe_clips
from meetscribe.training.data import Example
from tests.benchmarks.training_runs.choices import Choices, cost, table_lines, trained
from tests.support.training_data import rewrite, sample_examples, with_text

BASE = "whisper-tiny.en-hf"
TEXTS = (
    "The purple lighthouse sells umbrellas to the fish.",
    "Seventeen bakers argued about the weight of a cloud.",
    "My grandmother's bicycle speaks fluent Portuguese.",
    "Please return the volcano before Wednesday.",
)


def make_clips(folder: Path) -> list[Example]:
    """Write a data set of four clips of the stand-up, with made-up texts in them."""
    folder.mkdir(parents=True, exist_ok=True)
    examples = sample_examples(folder, ["train"] * len(TEXTS))  # type: ignore[list-item]
    made_up = [with_text(example, text) for example, text in zip(examples, TEXTS, strict=True)]
    made_up = [replace(example, timestamps=index % 2 == 1) for index, example in enumerate(made_up)]
    rewrite(folder, made_up)
    return made_up


def run(choices: Choices) -> Iterator[str]:
    """Train tiny.en on four clips, and yield the lines of the report."""
    if missing := choices.missing(BASE):
        yield missing
        return
    base, data, output = choices.weights / BASE, choices.folder / "data", choices.folder / "model"
    examples = make_clips(data)
    settings = choices.training(method="full", epochs=10, batch_size=1, learning_rate=1e-4, spec_augment=False)
    task = TrainingTask(data, str(base), settings, device="cpu", threads=choices.threads, offline=True)
    result = trained(task, output)
    machine = Machine(Device("cpu"), choices.threads)
    before, after = (transcribe_clips(model, Clips(data, examples), machine) for model in (base, output))
    yield f"{BASE}, all weights; {cost(result)}"
    rows: list[tuple[str, ...]] = [("made-up text", "before", "after")]
    rows += [(example.text, *texts) for example, *texts in zip(examples, before, after, strict=True)]
    yield from table_lines(rows)
    yield f"word error rate {_rate(examples, before):.1%} before, {_rate(examples, after):.1%} after"


def _rate(examples: list[Example], texts: list[str]) -> float:
    pairs = zip(examples, texts, strict=True)
    total = sum((wer(normalize(one.text), normalize(text)) for one, text in pairs), ErrorRate.zero())
    return total.rate or 0.0
