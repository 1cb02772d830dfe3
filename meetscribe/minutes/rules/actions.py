"""Actions: commitments, offers and requests with the replies to them, and their due dates."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import MIN_CONTENT, Candidate, first_due, is_due_only
from meetscribe.minutes.rules.commitments import commitment_in, offer_in
from meetscribe.minutes.rules.replies import accepts, following
from meetscribe.minutes.rules.requests import request_in

_BARE = 4  # words: a sentence that is only a due date
_SHORT = 9  # words: a sentence that only adds a due date


def find_actions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the actions of a dialogue, agreed or proposed, in the order of their statements."""
    used: set[int] = set()
    for sentence in dialogue.sentences:
        if sentence.number in used:
            continue
        candidate = offer_in(sentence, dialogue) or request_in(sentence, dialogue) or commitment_in(sentence, dialogue)
        if candidate is None:
            continue
        _add_continuation(candidate, dialogue)
        _add_due(candidate, dialogue)
        used |= {one.number for one in candidate.sentences}
        yield candidate


def _add_continuation(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add the owner's further sentences about the same task in the same utterance: "I'll write to them on Monday"."""
    last = candidate.latest
    bare = len(dialogue.content(last.norm)) < MIN_CONTENT
    for sentence in dialogue.utterance(last.utterance):
        if sentence.number <= last.number or sentence.speaker not in candidate.owners:
            continue
        more = dialogue.has("task_pronoun", sentence) or (bare and dialogue.has("commitment", sentence))
        if more and not dialogue.has("no_commitment", sentence):
            candidate.support.append(sentence)


def _add_due(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add the due date: from the statement, its acceptance, or a short sentence soon after."""
    for sentence in reversed(candidate.sentences):
        if due := first_due(sentence, dialogue):
            candidate.due, candidate.due_sentence = due, sentence
            if due.day:
                _correct_due(candidate, sentence, dialogue)
                return
    people = {candidate.statement.speaker, *candidate.owners, *(one.speaker for one in candidate.support)}
    for sentence in following(candidate.latest, dialogue, within=3):
        due = first_due(sentence, dialogue)
        if due is None or due.day is None:
            continue
        if not is_due_only(sentence, dialogue) and (sentence.is_question or len(sentence.tokens) > _SHORT):
            continue
        if sentence.speaker in people or accepts(sentence, dialogue):
            candidate.due, candidate.due_sentence = due, sentence
            candidate.support.append(sentence)
            _correct_due(candidate, sentence, dialogue)
            return


def _correct_due(candidate: Candidate, dated: Sentence, dialogue: Dialogue) -> None:
    """Take over a later date in a few words of the same utterance: "on Monday. Ah, I'm away. Tuesday"."""
    for sentence in dialogue.utterance(dated.utterance):
        if sentence.number > dated.number and len(sentence.tokens) <= _BARE:
            due = first_due(sentence, dialogue)
            if due is not None and due.day is not None and due.start == 0:
                candidate.due, candidate.due_sentence = due, sentence
                candidate.support.append(sentence)
