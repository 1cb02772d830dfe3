"""How likely the sentences of a dialogue state items, and the statements that no rule has found."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from meetscribe.minutes.acts.features import FIRST_PERSON, Features
from meetscribe.minutes.acts.model import model
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.actions import find_actions
from meetscribe.minutes.rules.candidates import MIN_CONTENT, Candidate
from meetscribe.minutes.rules.decisions import find_decisions
from meetscribe.minutes.rules.questions import find_questions
from meetscribe.transcript.notes import ItemKind

SHOWN: Mapping[ItemKind, float] = {"decision": 0.4, "action": 0.4, "question": 0.3}
"""The least probability of an item that is shown, by kind; of an action, with a due date."""

UNDATED = 0.6
"""The least probability of an action that is shown without a due date."""

_USUAL_LENGTH = 60  # utterances, about as many as in the meetings that the weights come from; chosen by hand
_PASSAGE = 0.3  # the least probability of a sentence that belongs to a statement close by
_SURE = 0.6  # the least probability of a promise near tasks of which its speaker owns none
_APART = 2  # utterances on each side of a statement that may be about the same item


class Likelihood:
    """The probabilities by the model of each kind, and the features that they come from."""

    def __init__(self, dialogue: Dialogue) -> None:
        """Find what the rules find, and the features of every sentence."""
        self.dialogue = dialogue
        self.features = Features(dialogue)
        self.rules: Mapping[ItemKind, list[Candidate]] = {
            "action": list(find_actions(dialogue)),
            "decision": list(find_decisions(dialogue)),
            "question": list(find_questions(dialogue)),
        }
        marks = self._marks()
        self._of_sentence = {one.number: self.features.of(one) | marks[one.number] for one in dialogue.sentences}
        self._found: dict[tuple[ItemKind, int], float] = {}

    def of(self, sentence: Sentence) -> frozenset[str]:
        """Return the features of a sentence, with marks of the rules that use it."""
        return self._of_sentence[sentence.number]

    def _marks(self) -> Mapping[int, set[str]]:
        """Return marks of the candidates that rules find, by sentence number.

        "rule: KIND" marks a statement, "rule: KIND!" a certain one, and "rule: KIND+" its support; KIND includes the
        status of an action ("action, agreed"), except before "!".
        """
        marks: dict[int, set[str]] = defaultdict(set)
        for kind, found in self.rules.items():
            for one in found:
                name = f"{kind}, {one.status}" if kind == "action" else kind
                marks[one.statement.number] |= {f"rule: {name}", *([f"rule: {kind}!"] if one.certain else [])}
                for other in one.support:
                    marks[other.number].add(f"rule: {name}+")
        return marks

    @cached_property
    def _prior(self) -> float:
        """The change of the log odds in a meeting of more than `_USUAL_LENGTH` utterances, at most 0.

        The number of items is assumed to grow with the square root of the number of utterances.
        """
        return -0.5 * math.log(max(1.0, len(self.dialogue.runs) / _USUAL_LENGTH))

    def probability(self, kind: ItemKind, sentence: Sentence) -> float:
        """Return the probability that a sentence states an item of a kind, computed once."""
        key = kind, sentence.number
        if key not in self._found:
            found = model(kind).probability(self._of_sentence[sentence.number])
            self._found[key] = with_log_odds(found, self._prior)
        return self._found[key]

    def why(self, kind: ItemKind, sentence: Sentence) -> tuple[tuple[str, float], ...]:
        """Return the features of a sentence that count most for or against an item, with their weights."""
        return model(kind).reasons(self._of_sentence[sentence.number])

    def rated(self, kind: ItemKind) -> tuple[list[Candidate], list[Candidate]]:
        """Return the candidates of the rules with at least the score `SHOWN`, and the others; sets their scores."""
        found = self.rules[kind]
        for one in found:
            best = max(self.probability(kind, sentence) for sentence in one.sentences)
            floor = UNDATED if kind == "action" else SHOWN[kind]
            one.score = max(best, floor if one.certain else 0.0)
        likely = [one for one in found if one.score >= SHOWN[one.kind]]
        return likely, [one for one in found if one.score < SHOWN[one.kind]]

    def statements(self, kind: ItemKind, found: Sequence[Candidate]) -> Iterator[Sentence]:
        """Yield the sentences that are likely to state an item of a kind, the most likely first.

        A sentence within two utterances of an item or of a sentence yielded before is skipped. Excepted are
        promises with other words, and very probable ones whose speaker owns none of the tasks nearby, if no proposed
        action ends near them, to which they may be the reply.
        """
        taken = [sentence for one in found for sentence in one.sentences]
        owners = {sentence.number: one.owners for one in found for sentence in one.sentences}
        open_requests = {one.latest.number for one in found if kind == "action" and one.status == "proposed"}
        for sentence in sorted(self.dialogue.sentences, key=lambda one: -self.probability(kind, one)):
            if self.probability(kind, sentence) < SHOWN[kind]:
                return
            near = [one for one in taken if abs(sentence.utterance - one.utterance) <= _APART]
            other = kind == "action" and all(one.number not in open_requests for one in near)
            free = other and (self._is_other_promise(sentence, near) or self._is_by_another(sentence, near, owners))
            if sentence.speaker and (not near or free):
                taken.append(sentence)
                yield sentence

    def _is_other_promise(self, sentence: Sentence, near: Sequence[Sentence]) -> bool:
        """Return whether a sentence promises something with words that none of those near it has."""
        own, content = self.features.own[sentence.number], self.dialogue.content(sentence.norm)
        if not own & FIRST_PERSON or sentence.is_question or len(content) < MIN_CONTENT:
            return False
        others = frozenset().union(*(self.dialogue.content(one.norm) for one in near))
        return not content & others and all(one.utterance != sentence.utterance for one in near)

    def _is_by_another(self, sentence: Sentence, near: Sequence[Sentence], owners: Mapping[int, Sequence[str]]) -> bool:
        """Return whether a sentence very probably promises something, and no task near it is that of its speaker."""
        own = self.features.own[sentence.number]
        if not own & FIRST_PERSON or sentence.is_question or self.probability("action", sentence) < _SURE:
            return False
        return all(
            sentence.speaker not in owners.get(one.number, [one.speaker]) and one.utterance != sentence.utterance
            for one in near
        )

    def around(self, kind: ItemKind, sentence: Sentence) -> list[Sentence]:
        """Return the sentences around a statement that are likely to belong to the same item, itself included."""
        return [
            one
            for number in range(sentence.utterance - _APART, sentence.utterance + _APART + 1)
            for one in self.dialogue.utterance(number)
            if one.speaker and self.probability(kind, one) >= _PASSAGE
        ]


def with_log_odds(probability: float, change: float) -> float:
    """Return a probability whose log odds are changed by an amount.

    >>> round(with_log_odds(0.5, 1.0), 3), with_log_odds(1.0, 1.0)
    (0.731, 1.0)
    """
    odds = math.exp(change) * probability
    return odds / (odds + 1 - probability)
