"""Decisions: what the participants settle, in so many words or by agreeing to a proposal."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import Candidate, task_text
from meetscribe.minutes.rules.replies import replies

_CONTENT = 2  # content words that a decision needs
_WITHIN = 3  # utterances after a proposal in which it is accepted


def find_decisions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decisions of a dialogue in the order of their statements."""
    for sentence in dialogue.sentences:
        if not sentence.speaker or dialogue.has("undecided", sentence) or dialogue.has("hypothetical", sentence):
            continue
        if len(dialogue.content(sentence.norm)) < _CONTENT:
            continue
        if dialogue.has("decision", sentence) and not sentence.is_question:
            yield from _statement(sentence, dialogue)
        elif dialogue.has("proposal", sentence):
            yield from _proposal(sentence, dialogue)


def _statement(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision that a sentence states, unless the others refuse it."""
    found = replies(sentence, dialogue, _WITHIN)
    if found.withdrawn or (found.refused and not found.accepted):
        return
    candidate = Candidate("decision", sentence, task_text(sentence, 0))
    candidate.agreed = {sentence.speaker or "": sentence, **found.accepted}
    candidate.support = list(found.accepted.values())[:1]
    candidate.score = 0.75 if found.accepted else 0.6
    yield candidate


def _proposal(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision that a proposal becomes if somebody agrees and nobody refuses."""
    found = replies(sentence, dialogue, _WITHIN)
    if found.withdrawn or found.refused or not found.accepted:
        return
    candidate = Candidate("decision", sentence, task_text(sentence, 0))
    candidate.agreed = {**found.accepted}
    candidate.support = list(found.accepted.values())[:1]
    candidate.score = 0.6
    yield candidate
