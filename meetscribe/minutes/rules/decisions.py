"""Decisions: what the participants settle, explicitly or by agreeing to a proposal."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import LONGEST, Candidate, task_text
from meetscribe.minutes.rules.replies import replies

_CONTENT = 2  # content words that a decision needs
_BEFORE = 4  # utterances before a sentence that closes a matter, in which it was proposed
_WITHIN = 3  # utterances after a proposal in which it is accepted


def find_decisions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decisions of a dialogue in the order of their statements."""
    for sentence in dialogue.sentences:
        if (
            not sentence.speaker
            or len(sentence.tokens) > LONGEST
            or dialogue.has("undecided", sentence)
            or dialogue.has("hypothetical", sentence)
        ):
            continue
        if dialogue.has("closing", sentence):
            yield from _closing(sentence, dialogue)
        elif len(dialogue.content(sentence.norm)) < _CONTENT:
            continue
        elif dialogue.has("decision", sentence) and not sentence.is_question:
            yield from _statement(sentence, dialogue)
        elif dialogue.has("proposal", sentence):
            yield from _proposal(sentence, dialogue)


def _closing(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision that a sentence closes: itself, or the latest proposal if it does not name the matter."""
    if len(dialogue.content(sentence.norm)) >= _CONTENT and not sentence.is_question:
        statement: Sentence | None = sentence
    else:
        statement = _proposed(sentence, dialogue)
    if statement is None:
        return
    candidate = Candidate("decision", statement, task_text(statement, 0), score=0.75)
    if statement is not sentence:
        candidate.support = [sentence]
    yield candidate


def _proposed(closing: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the latest proposal before a sentence, else the latest statement with enough content."""
    before = [
        one
        for one in dialogue.sentences[max(0, closing.number - 12) : closing.number]
        if closing.utterance - one.utterance <= _BEFORE and len(dialogue.content(one.norm)) >= _CONTENT
    ]
    proposals = [one for one in before if dialogue.has("proposal", one) or dialogue.has("decision", one)]
    statements = [one for one in before if not one.is_question]
    return next(iter(reversed(proposals or statements)), None)


def _statement(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision that a sentence states, unless the others refuse it."""
    found = replies(sentence, dialogue, _WITHIN)
    decided = dialogue.has("decided", sentence)
    if found.withdrawn or (found.refused and not found.accepted) or not (found.accepted or decided):
        return
    candidate = Candidate("decision", sentence, task_text(sentence, 0))
    candidate.agreed = {**found.accepted}
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
