"""Recall of the invented terms before and after training."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.evaluation import compare, interval, normalize
from meetscribe.training.comparison.scores import ScoredText
from meetscribe.training.output import PARTS
from tests.benchmarks.training_material import TERMS
from tests.benchmarks.training_runs.choices import table_lines


@dataclass(frozen=True, slots=True)
class Recall:
    """How many of the terms that were said are in a text."""

    found: int
    said: int

    @property
    def fraction(self) -> tuple[float, int]:
        """Numerator and denominator."""
        return self.found, self.said

    @property
    def rate(self) -> float | None:
        """The recall; None if no term was said."""
        return self.found / self.said if self.said else None

    @property
    def detail(self) -> str:
        """The counts."""
        return f"{self.found} of {self.said}"

    def __add__(self, other: Recall, /) -> Recall:
        return Recall(self.found + other.found, self.said + other.said)


def recall(reference: str, text: str) -> Recall:
    """Return how many of the terms in a reference are in a text, each at most as often as it was said."""
    said, found = normalize(reference), normalize(text)
    counts = [(said.count(term.lower()), found.count(term.lower())) for term in TERMS]
    return Recall(sum(min(pair) for pair in counts), sum(one for one, _ in counts))


def recall_lines(texts: Sequence[ScoredText]) -> Iterator[str]:
    """Yield a table of the recall before and after training, with the intervals over texts."""
    before = [recall(text.reference, text.before) for text in texts]
    after = [recall(text.reference, text.after) for text in texts]
    comparison = compare(after, before, errors=False)
    rows = [("recall of the terms", "found", "rate", "95 % interval")]
    for name, each in (("before", before), ("after", after)):
        total = sum(each, Recall(0, 0))
        rows.append((name, total.detail, f"{total.rate:.2f}", _range(interval(each))))
    rows.append(("difference", "", f"{comparison.difference:+.2f}", _range(comparison.interval)))
    yield from table_lines(rows)


def read_texts(model: Path, name: str) -> list[ScoredText]:
    """Return the texts that a run has stored beside its model."""
    lines = (model / PARTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [ScoredText(**json.loads(line)) for line in lines]


def _range(ends: tuple[float, float] | None) -> str:
    return "n/a" if ends is None else f"{ends[0]:.2f} to {ends[1]:.2f}"
