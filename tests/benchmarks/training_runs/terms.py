"""Invented names and terms, which Whisper base cannot know, in voices and sentences held out."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.training import TrainingResult, TrainingTask
from meetscribe.training.comparison.scores import score_texts
from meetscribe.training.results import REGRESSION, TEST
from tests.benchmarks.training_material import make_data_set
from tests.benchmarks.training_runs.choices import Choices, cost, score_lines, sizes, trained
from tests.benchmarks.training_runs.recall import read_texts, recall_lines
from tests.benchmarks.training_runs.regression import regression_folder

BASE = "whisper-base-hf"
SETS = {"ami": "AMI excerpts", "languages": "languages"}


def run(choices: Choices) -> Iterator[str]:
    """Train base on the terms, and yield the lines of the report."""
    if missing := choices.missing(BASE):
        yield missing
        return
    base = choices.weights / BASE
    data = choices.folder / "material"
    summary = make_data_set(data, choices.minutes, base=str(base))
    yield f"base {BASE}; {sizes(summary)}"
    settings = choices.training(epochs=3, batch_size=4, freeze_encoder=True, spec_augment=False)
    regression = regression_folder(choices.folder / "regression", SETS)
    task = TrainingTask(
        data / "dataset", str(base), settings, regression, device="cpu", threads=choices.threads, offline=True
    )
    result = trained(task, choices.folder / "model")
    yield f"settings: {', '.join(f'{name} {value}' for name, value in settings.deciding().items())}"
    yield cost(result)
    yield from _report(result)


def _report(result: TrainingResult) -> Iterator[str]:
    """Yield the tables of recall and of errors, and what else the run states."""
    test = read_texts(result.folder, TEST)
    yield from ("", *recall_lines(test), "")
    parts = [score_texts("test", test)]
    if result.table(REGRESSION) is not None:
        texts = read_texts(result.folder, REGRESSION)
        for prefix, title in SETS.items():
            own = [text for text in texts if text.recording.startswith(f"{prefix}-")]
            parts += [score_texts(title, own)] if own else []
        parts.append(score_texts("regression, all", texts))
    yield from score_lines(parts)
    yield from ("", *(f"{part.name}: {part.texts} texts, resampled: {part.units}" for part in parts), "")
    yield result.conclusion
    yield result.heads_text
    yield f"word error rate of {len(result.engines)} engines on a few clips: {'; '.join(result.engine_lines)}"
