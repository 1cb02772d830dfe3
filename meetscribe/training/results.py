"""The result of a finished run: facts, scores and a conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meetscribe.errors import Notice
from meetscribe.training.comparison.engines import EngineCheck
from meetscribe.training.comparison.scores import ScoreTable

TEST, REGRESSION = "test", "regression"
"""The names of the tables of scores."""

TOLERANCE = 0.01
"""The largest increase of the word error rate on the regression set without a warning."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a run in the model card.

    `version` is that of meetscribe. `sizes` has the examples, seconds and tokens of each split.
    """

    name: str
    base: str
    licence: str | None
    version: str
    data_digest: str
    languages: tuple[str, ...]
    settings: Mapping[str, Any]
    sizes: Mapping[str, Mapping[str, Any]]
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The trained model in `folder`, with the scores of test and of the regression set, if any.

    `steps` is the number of updates, `best_step` the one whose weights were kept, and `share` how much of the change
    from the base to them was kept. `seconds` and `memory` (peak, bytes) are those of the training itself, since the
    last start if the run was interrupted.
    """

    folder: Path
    facts: Facts
    steps: int
    best_step: int
    share: float
    seconds: float
    memory: int
    tables: tuple[ScoreTable, ...]
    engines: tuple[EngineCheck, ...]
    heads_text: str
    notices: tuple[Notice, ...] = ()

    def table(self, name: str) -> ScoreTable | None:
        """Return the scores of a set, None if there was none."""
        return next((table for table in self.tables if table.name == name), None)

    @property
    def conclusion(self) -> str:
        """A sentence on whether the model is better than its base, decided by the interval of the difference."""
        test = self.table(TEST)
        if test is None:
            return "Whether it is better than its base is unknown: the data set has no test clips."
        sentence = _CONCLUSIONS[test.wer.verdict]
        regression = self.table(REGRESSION)
        if regression is None:
            return f"{sentence} Forgetting was not measured: there was no regression set."
        return f"{sentence} {_regression_sentence(regression)}"

    @property
    def weights_text(self) -> str:
        """A sentence on the weights: after which update they were best, and which share of their change was kept."""
        sentence = f"The weights are those of update {self.best_step} of {self.steps}"
        if self.share == 1.0:
            return f"{sentence}."
        return f"{sentence}, with {100 * self.share:.0f} % of their change, which keeps nearly all of the gain on dev."

    @property
    def engine_lines(self) -> list[str]:
        """A line on each engine: its word error rate on a few clips, or the reason for its failure."""
        lines = []
        for check in self.engines:
            rate = None if check.errors is None or check.errors.rate is None else f"{100 * check.errors.rate:.1f} %"
            lines.append(f"{check.engine}: {rate or check.problem or 'not installed'}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """Return the result as a JSON object."""
        return {
            "folder": str(self.folder),
            "facts": asdict(self.facts),
            "steps": self.steps,
            "best_step": self.best_step,
            "share": self.share,
            "seconds": self.seconds,
            "memory": self.memory,
            "conclusion": self.conclusion,
            "scores": [table.to_json() for table in self.tables],
            "engines": [
                {"engine": each.engine, "wer": each.errors and each.errors.rate, "problem": each.problem or None}
                for each in self.engines
            ],
            "alignment_heads": self.heads_text,
            "notices": [{"code": each.code, "text": each.text} for each in self.notices],
        }


_CONCLUSIONS = {
    "better": "It is better than its base on test: the interval of the difference excludes zero.",
    "worse": "It is worse than its base on test: the interval of the difference excludes zero.",
    "no difference shown": "Test does not show that it is better than its base: the interval includes zero.",
    "too few texts": "Test has too few clips to tell whether it is better than its base.",
}


def _regression_sentence(table: ScoreTable) -> str:
    difference = table.wer.comparison.difference
    if difference is None:
        return "The regression set has no words."
    if difference > TOLERANCE:
        return f"On the regression set its word error rate rose by {100 * difference:.1f} points."
    return f"On the regression set its word error rate changed by {100 * difference:+.1f} points."
