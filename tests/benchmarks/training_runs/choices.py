"""What the parts of the benchmark share: options, settings, progress, and the rows of their tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from meetscribe.cli.display.training_progress import TrainingLines
from meetscribe.settings.other_tables import load_table
from meetscribe.training import TrainingResult, TrainingSettings, TrainingTask, train
from meetscribe.training.comparison.card import SCORE_HEAD, score_rows
from meetscribe.training.comparison.scores import ScoreTable
from meetscribe.training.data import DataSummary


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of the command.

    `seed` is that of the noise on the weights; `settings` are those of [training] that differ from a part's defaults.
    """

    folder: Path
    weights: Path
    minutes: float = 20.0
    threads: int = 2
    seed: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)

    def training(self, **defaults: object) -> TrainingSettings:
        """Return the settings of a part."""
        return load_table("training", TrainingSettings, None, {**_texts(defaults), **self.settings})

    def missing(self, name: str) -> str | None:
        """Return why the weights of a model cannot be used, None if they can."""
        if (self.weights / name / "model.safetensors").is_file():
            return None
        return f"skipped: no weights in {self.weights / name}; name their folder with --weights"


def trained(task: TrainingTask, output: Path) -> TrainingResult:
    """Train, continuing a run that was interrupted, and replacing one that is finished."""
    if (output / "training" / "result.json").is_file():
        shutil.rmtree(output)
    result = train(task, output, report=TrainingLines())
    assert result is not None
    return result


def sizes(summary: DataSummary) -> str:
    """Return the clips and the minutes of each split."""
    return "; ".join(
        f"{split} {own.examples} clips, {own.seconds / 60:.1f} min" for split, own in summary.splits.items()
    )


def cost(result: TrainingResult) -> str:
    """Return the time and the memory of a run, and which of its weights were kept."""
    seconds, memory = result.seconds, result.memory / 1e9
    return f"{seconds / 60:.1f} min of training, peak memory {memory:.1f} GB. {result.weights_text}"


def score_lines(tables: Sequence[ScoreTable]) -> Iterator[str]:
    """Yield the rows of a table of scores."""
    yield from table_lines([SCORE_HEAD, *score_rows(tables)])


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows in Markdown, the first of which is the head."""
    head, *others = rows
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in others)


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}
