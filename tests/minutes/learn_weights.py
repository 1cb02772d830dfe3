"""Learn the weights of the model of minutes (meetscribe/minutes/acts/weights.json) from the meetings for development.

    python -m tests.minutes.learn_weights           # scores with each meeting left out in turn, in about a minute
    python -m tests.minutes.learn_weights --write   # also write the weights, learned from all of them

A sentence is a positive example if it is evidence of an item. A logistic regression learns from all evidence, which has
acceptances and corrections too; another one from the most probable sentence of each item, found in rounds (multiple-
instance learning). Their weights are averaged. Held-out meetings are not read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import meetscribe.minutes.acts.model as model_module
from meetscribe.minutes.acts.features import Features
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.transcript.notes import ItemKind
from tests.benchmarks.minutes import divided
from tests.minutes.scoring import KINDS, Meeting, as_transcript, evidence

FILE = Path(model_module.__file__).with_name("weights.json")

STRENGTH = 0.2
"""The inverse of the strength of the regularization (C)."""

MADE = 0.5
"""The weight of a sentence of the meetings made by a script."""

ROUNDS = 3
MIN_COUNT = 4  # sentences in which a feature must occur
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """Sentences of all meetings as rows: features, weights, meetings, utterances, and the rows of each item."""

    names: tuple[str, ...]
    rows: Floats
    weights: Floats
    meetings: NDArray[np.str_]
    utterances: NDArray[np.int64]
    items: Mapping[ItemKind, tuple[tuple[int, ...], ...]]


def main() -> None:
    """Print the cross-validated scores, and write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    examples = read()
    if not arguments.write:
        for kind in KINDS.values():
            print_cross_validation(examples, kind)
        return
    everything = np.ones(len(examples.rows), bool)
    learned = {kind: as_json(learn(examples, kind, everything), examples.names) for kind in KINDS.values()}
    FILE.write_text(json.dumps(learned, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"wrote {FILE.name}: weights of {len(examples.names)} features, from {len(examples.rows)} sentences")


def read() -> Examples:
    """Return the sentences of the meetings that are not held out."""
    found: list[frozenset[str]] = []
    names, places, made = [], [], []
    items: dict[ItemKind, list[tuple[int, ...]]] = {kind: [] for kind in KINDS.values()}
    for group, meetings in divided().items():
        for name, meeting in meetings.items() if "held out" not in group else ():
            first = len(found)
            for features, utterance in sentences(meeting, items, first):
                found.append(features)
                places.append(utterance)
                names.append(name)
                made.append(group == "made")
    counts = {one: sum(one in features for features in found) for one in frozenset().union(*found)}
    kept = tuple(sorted(one for one, count in counts.items() if count >= MIN_COUNT))
    rows = np.array([[one in features for one in kept] for features in found], float)
    weights = np.where(made, MADE, 1.0)
    return Examples(
        kept,
        rows,
        weights,
        np.array(names),
        np.array(places),
        {kind: tuple(filter(None, own)) for kind, own in items.items()},
    )


def sentences(
    meeting: Meeting, items: dict[ItemKind, list[tuple[int, ...]]], first: int
) -> Iterator[tuple[frozenset[str], int]]:
    """Yield features and utterance of each sentence, after adding the rows of the meeting's items."""
    transcript = as_transcript(meeting)
    dialogue = Dialogue(transcript)
    of_word = evidence(transcript, meeting)
    cited = [{of_word[word.id] for word in one.words} for one in dialogue.sentences]
    for key, kind in KINDS.items():
        for item in meeting["expected"][key]:
            own = set(item["evidence"])
            items[kind].append(tuple(first + row for row, names in enumerate(cited) if names & own))
    features = Features(dialogue)
    yield from ((features.of(one), one.utterance) for one in dialogue.sentences)


def learn(examples: Examples, kind: ItemKind, used: Booleans) -> Floats:
    """Return bias and weights for a kind of items, learned from the rows that are used."""
    items = [own for own in examples.items[kind] if used[own[0]]]
    evidenced = np.zeros(len(used), bool)
    evidenced[[row for own in items for row in own]] = True
    every = regression(examples, used, evidenced)
    weights = every
    for _ in range(ROUNDS):
        scores = examples.rows @ weights[1:] + weights[0]
        stated = np.zeros(len(used), bool)
        for own in items:
            stated[max(own, key=lambda row: float(scores[row]))] = True
        stated |= evidenced & (scores > 1)
        weights = regression(examples, used & (~evidenced | stated), stated)
    averaged: Floats = (every + weights) / 2
    return averaged


def regression(examples: Examples, used: Booleans, positive: Booleans) -> Floats:
    """Return bias and weights of a logistic regression with an L2 penalty, by L-BFGS."""
    rows, weights = examples.rows[used], examples.weights[used]
    signs = np.where(positive[used], 1.0, -1.0)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margins = signs * (rows @ parameters[1:] + parameters[0])
        share = -signs * weights / (1 + np.exp(margins))
        value = STRENGTH * float(weights @ np.logaddexp(0, -margins)) + 0.5 * float(parameters[1:] @ parameters[1:])
        slope = STRENGTH * np.concatenate([[share.sum()], rows.T @ share])
        slope[1:] += parameters[1:]
        return value, slope

    found: Floats = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return found


def as_json(weights: Floats, names: tuple[str, ...]) -> dict[str, object]:
    """Return weights as the file has them, without those near zero."""
    pairs = {name: round(float(one), 3) for name, one in zip(names, weights[1:], strict=True)}
    return {
        "bias": round(float(weights[0]), 3),
        "weights": {name: one for name, one in pairs.items() if abs(one) >= 0.01},
    }


def print_cross_validation(examples: Examples, kind: ItemKind) -> None:
    """Print precision and recall of the statements of items, each meeting scored by weights learned from the others."""
    probabilities = np.zeros(len(examples.rows))
    for name in dict.fromkeys(examples.meetings[examples.weights == 1]):
        own = examples.meetings == name
        weights = learn(examples, kind, ~own)
        probabilities[own] = 1 / (1 + np.exp(-(examples.rows[own] @ weights[1:] + weights[0])))
    groups = divided()
    for label in ("development", "further, development", "practice"):
        used = np.isin(examples.meetings, list(groups[label]))
        shares = (score(examples, kind, probabilities, used, threshold) for threshold in THRESHOLDS)
        print(
            f"{kind + ', ' + label:32}"
            + "  ".join(f"{t}: {p:.2f} {r:.2f}" for t, (p, r) in zip(THRESHOLDS, shares, strict=True))
        )


def score(
    examples: Examples, kind: ItemKind, probabilities: Floats, used: Booleans, threshold: float
) -> tuple[float, float]:
    """Return precision and recall of the sentences above a threshold, the best of every five utterances."""
    picked: list[int] = []
    for row in sorted(np.flatnonzero(used), key=lambda row: -float(probabilities[row])):
        near = (
            one
            for one in picked
            if examples.meetings[one] == examples.meetings[row]
            and abs(examples.utterances[one] - examples.utterances[row]) <= 2
        )
        if probabilities[row] >= threshold and next(near, None) is None:
            picked.append(int(row))
    items = [own for own in examples.items[kind] if used[own[0]]]
    left = [set(own) for own in items]
    matched = 0
    for place in picked:
        hit = next((own for own in left if place in own), None)
        if hit is not None:
            left.remove(hit)
            matched += 1
    return matched / max(1, len(picked)), matched / len(items)


if __name__ == "__main__":
    main()
