"""A linear model over the features of a sentence: how likely it states an item of each kind.

The weights are learned by `python -m tests.minutes.learn_weights` from the development meetings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from meetscribe.transcript.notes import ItemKind

_FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression for one kind of items: a bias, and a weight for each feature."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Iterable[str]) -> float:
        """Return the probability (0 to 1) that a sentence with these features states an item."""
        total = self.bias + sum(self.weights.get(one, 0.0) for one in features)
        return 1 / (1 + math.exp(-total))

    def reasons(self, features: Iterable[str], most: int = 5) -> tuple[tuple[str, float], ...]:
        """Return the features that count most for or against an item, with their weights."""
        found = [(one, self.weights[one]) for one in features if one in self.weights]
        return tuple(sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))[:most])


@cache
def model(kind: ItemKind) -> Model:
    """Return the model of a kind of items: "decision", "action" or "question"."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))[kind]
    return Model(data["bias"], data["weights"])
