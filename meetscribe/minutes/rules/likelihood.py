"""How likely the sentences of a dialogue state items, and the statements that no rule has found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from meetscribe.minutes.acts.features import Features
from meetscribe.minutes.acts.model import model
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import Candidate
from meetscribe.transcript.notes import ItemKind

SHOWN: Mapping[ItemKind, float] = {"decision": 0.6, "action": 0.5, "question": 0.35}
"""The least probability of an item that is shown, by kind."""

RULE: Mapping[ItemKind, float] = {"decision": 3.0, "action": 0.85, "question": 1.0}
"""The log odds that a rule adds to the probability of what it finds, by kind."""

_LEARNED = 60  # utterances of the longest meeting that the weights come from
_PASSAGE = 0.3  # the least probability of a sentence that belongs to a statement close by
_APART = 2  # utterances on each side of a statement that may be about the same item


class Likelihood:
    """The probabilities by the model of each kind, and the features that they come from."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self._found: dict[tuple[ItemKind, int], float] = {}

    @cached_property
    def features(self) -> Features:
        """The features of the sentences."""
        return Features(self.dialogue)

    @cached_property
    def _prior(self) -> float:
        """The log odds by which items are rarer than in the meetings that the weights come from.

        The number of items is taken to grow with the square root of the number of utterances.
        """
        return -0.5 * math.log(max(1.0, len(self.dialogue.runs) / _LEARNED))

    @cached_property
    def _of_sentence(self) -> dict[int, frozenset[str]]:
        return {one.number: self.features.of(one) for one in self.dialogue.sentences}

    def probability(self, kind: ItemKind, sentence: Sentence) -> float:
        """Return the probability that a sentence states an item of a kind, computed once."""
        key = kind, sentence.number
        if key not in self._found:
            found = model(kind).probability(self._of_sentence[sentence.number])
            self._found[key] = raised(found, self._prior)
        return self._found[key]

    def why(self, kind: ItemKind, sentence: Sentence) -> tuple[tuple[str, float], ...]:
        """Return the features of a sentence that count most for or against an item, with their weights."""
        return model(kind).reasons(self._of_sentence[sentence.number])

    def rated(self, candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
        """Return the candidates of a rule that are likely enough, and the others; their scores are probabilities."""
        found = list(candidates)
        for one in found:
            best = max(self.probability(one.kind, sentence) for sentence in one.sentences)
            one.score = max(raised(best, RULE[one.kind]), SHOWN[one.kind] if one.certain else 0.0)
        shown = [one for one in found if one.score >= SHOWN[one.kind]]
        return shown, [one for one in found if one.score < SHOWN[one.kind]]

    def statements(self, kind: ItemKind, found: Sequence[Candidate]) -> Iterator[Sentence]:
        """Yield the sentences that are likely to state an item of a kind, the most likely first.

        They are apart from each other and from the items found.
        """
        taken = [sentence.utterance for one in found for sentence in one.sentences]
        for sentence in sorted(self.dialogue.sentences, key=lambda one: -self.probability(kind, one)):
            if self.probability(kind, sentence) < SHOWN[kind]:
                return
            if sentence.speaker and all(abs(sentence.utterance - one) > _APART for one in taken):
                taken.append(sentence.utterance)
                yield sentence

    def around(self, kind: ItemKind, sentence: Sentence) -> list[Sentence]:
        """Return the sentences around a statement that are likely to belong to the same item."""
        return [
            one
            for number in range(sentence.utterance - _APART, sentence.utterance + _APART + 1)
            for one in self.dialogue.utterance(number)
            if one.speaker and self.probability(kind, one) >= _PASSAGE
        ]


def raised(probability: float, log_odds: float) -> float:
    """Return a probability with log odds added.

    >>> round(raised(0.5, 1.0), 3), raised(1.0, 1.0)
    (0.731, 1.0)
    """
    odds = math.exp(log_odds) * probability
    return odds / (odds + 1 - probability)
