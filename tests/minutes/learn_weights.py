"""Learn the weights of the model of minutes (meetscribe/minutes/acts/weights.json) from the meetings of all authors.

    python -m tests.minutes.learn_weights           # scores on each author's meetings, learned from those of the others
    python -m tests.minutes.learn_weights --write   # write the weights, learned from all of them

Both take a few minutes. A sentence is a positive example if it is evidence of an item. A logistic regression learns
from all evidence, which has acceptances and corrections too; another one from the most probable sentence of each item,
found in rounds (multiple-instance learning). Their weights are averaged.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

import meetscribe.minutes.acts.model as model_module
from meetscribe.minutes.acts.model import Model
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.rules.likelihood import Likelihood
from meetscribe.transcript.notes import ItemKind
from tests.benchmarks.minutes import HEADER, print_scores, score_meeting
from tests.minutes.scoring import AUTHORS, KINDS, Meeting, as_transcript, evidence, meetings

FILE = Path(model_module.__file__).with_name("weights.json")
MODEL = "meetscribe.minutes.rules.likelihood.model"

STRENGTH = 0.2
"""The inverse of the strength of the regularization (C)."""

MADE = 0.5
"""The weight of a sentence of the meetings made by a script."""

ROUNDS = 3
MIN_COUNT = 6  # sentences in which a feature must occur
WORDS = ("en:", "de:")  # prefixes of the features that are words
WORD_COUNT, WORD_AUTHORS = 12, 4  # sentences and authors in which a word must occur

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """Sentences of all meetings as rows: features, weights, authors, and the rows of each item."""

    names: tuple[str, ...]
    rows: csr_array
    weights: Floats
    authors: NDArray[np.str_]
    items: Mapping[ItemKind, tuple[tuple[int, ...], ...]]


def main() -> None:
    """Print the scores with each author left out, or write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    examples = read()
    if not arguments.write:
        print_cross_validation(examples)
        return
    everything = np.ones(examples.rows.shape[0], bool)
    learned = {kind: as_json(learn(examples, kind, everything), examples.names) for kind in KINDS.values()}
    FILE.write_text(json.dumps(learned, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"wrote {FILE.name}: weights of {len(examples.names)} features, from {examples.rows.shape[0]} sentences")


def read() -> Examples:
    """Return the sentences of all meetings."""
    found: list[frozenset[str]] = []
    authors: list[str] = []
    items: dict[ItemKind, list[tuple[int, ...]]] = {kind: [] for kind in KINDS.values()}
    for author, folders in AUTHORS.items():
        for meeting in (one for folder in folders for one in meetings(folder).values()):
            found += sentences(meeting, items, len(found))
            authors += [author] * (len(found) - len(authors))
    kept = tuple(sorted(frequent(found, authors)))
    weights = np.array([MADE if author == "script" else 1.0 for author in authors])
    stated = {kind: tuple(filter(None, own)) for kind, own in items.items()}
    return Examples(kept, as_rows(found, kept), weights, np.array(authors), stated)


def as_rows(found: Sequence[frozenset[str]], kept: Sequence[str]) -> csr_array:
    """Return a row for each sentence, with 1 for each of its features that is kept."""
    columns = {name: column for column, name in enumerate(kept)}
    pairs = [(row, columns[one]) for row, features in enumerate(found) for one in features if one in columns]
    at = np.array(pairs).T
    return csr_array((np.ones(at.shape[1]), (at[0], at[1])), shape=(len(found), len(kept)))


def frequent(found: Sequence[frozenset[str]], authors: Sequence[str]) -> Iterator[str]:
    """Yield the features in enough sentences; words must be in those of several authors too."""
    used: dict[str, list[str]] = defaultdict(list)
    for features, author in zip(found, authors, strict=True):
        for one in features:
            used[one].append(author)
    for one, own in used.items():
        count, of_authors = (WORD_COUNT, WORD_AUTHORS) if one.startswith(WORDS) else (MIN_COUNT, 1)
        if len(own) >= count and len(set(own)) >= of_authors:
            yield one


def sentences(meeting: Meeting, items: dict[ItemKind, list[tuple[int, ...]]], first: int) -> Iterator[frozenset[str]]:
    """Yield the features of each sentence, after adding the rows of the meeting's items."""
    transcript = as_transcript(meeting)
    dialogue = Dialogue(transcript)
    of_word = evidence(transcript, meeting)
    cited = [{of_word[word.id] for word in one.words} for one in dialogue.sentences]
    for key, kind in KINDS.items():
        for item in meeting["expected"][key]:
            own = set(item["evidence"])
            items[kind].append(tuple(first + row for row, names in enumerate(cited) if names & own))
    likelihood = Likelihood(dialogue)
    yield from (likelihood.of(one) for one in dialogue.sentences)


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
    model = as_model(weights, names)
    return {"bias": model.bias, "weights": {name: one for name, one in model.weights.items() if abs(one) >= 0.01}}


def as_model(weights: Floats, names: tuple[str, ...]) -> Model:
    """Return weights as a model, rounded to three decimals."""
    pairs = zip(names, weights[1:], strict=True)
    return Model(round(float(weights[0]), 3), {name: round(float(one), 3) for name, one in pairs})


def print_cross_validation(examples: Examples) -> None:
    """Print the scores of the minutes of each author's meetings, by weights learned from those of the others."""
    print(HEADER)
    everything = []
    for author, folders in AUTHORS.items():
        if author == "script":
            continue
        used = examples.authors != author
        models = {kind: as_model(learn(examples, kind, used), examples.names) for kind in KINDS.values()}
        with patch(MODEL, models.__getitem__):
            scores = [score_meeting(one) for folder in folders for one in meetings(folder).values()]
        print_scores(f"{author} left out", scores)
        everything += scores
    print_scores("all, each left out", everything)


if __name__ == "__main__":
    main()
