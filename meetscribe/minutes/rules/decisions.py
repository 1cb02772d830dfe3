"""Decisions, stated explicitly or made by agreement to a proposal."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import LONGEST, MIN_CONTENT, Candidate, task_text
from meetscribe.minutes.rules.replies import EARLY, Replies, accepts, replies

_BEFORE = 4  # utterances before a closing sentence within which its matter was proposed
_JUST_BEFORE = 2  # the same for a matter that was stated without a cue of a proposal
_SAME_MATTER = 2  # utterances between two sentences that settle one matter
_WITHIN = 3  # utterances after a proposal in which it is accepted


def find_decisions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decisions of a dialogue, each with all sentences that settle one matter."""
    matter: Candidate | None = None
    for candidate in _candidates(dialogue):
        if matter is not None and _is_same_matter(matter, candidate, dialogue):
            matter.support += [candidate.statement, *candidate.support]
            matter.agreed = matter.agreed or candidate.agreed
            matter.certain = matter.certain or candidate.certain
            continue
        if matter is not None:
            yield matter
        matter = candidate
    if matter is not None:
        yield matter


def add_answer(decision: Candidate) -> None:
    """Add the answer to the text of a decision that was asked: "Close on Mondays? – From March, then"."""
    if decision.statement.is_question:
        later = [one for one in decision.sentences if one.number > decision.statement.number and not one.is_question]
        decision.text += f"? – {task_text(later[-1], 0)}" if later else ""


def _is_same_matter(matter: Candidate, later: Candidate, dialogue: Dialogue) -> bool:
    """Return whether a decision repeats or closes the one just before it.

    They share a sentence, or are close to each other and share a content word or the later one has a closing cue.
    """
    if set(matter.sentences) & set(later.sentences):
        return True
    near = later.statement.utterance - matter.latest.utterance <= _SAME_MATTER
    closes = any(dialogue.has("closing", one) for one in later.sentences)
    return near and (closes or bool(matter.content(dialogue) & later.content(dialogue)))


def _candidates(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield candidates for decisions, in the order of their sentences."""
    for sentence in dialogue.sentences:
        if not sentence.speaker or len(sentence.tokens) > LONGEST or dialogue.has("hypothetical", sentence):
            continue
        if _is_confirmed(sentence, dialogue):
            yield from _closing(sentence, dialogue)
        elif dialogue.has("undecided", sentence) or dialogue.has("indirect_question", sentence):
            continue
        elif _closes(sentence, dialogue):
            yield from _closing(sentence, dialogue)
        elif len(dialogue.content(sentence.norm)) < MIN_CONTENT:
            continue
        elif dialogue.has("decision", sentence) and not sentence.is_question:
            yield from _statement(sentence, dialogue)
        elif dialogue.has("proposal", sentence) or _is_conclusion(sentence, dialogue):
            yield from _proposal(sentence, dialogue)


def _closes(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence closes a matter, by a formula or otherwise, and takes no task on."""
    closes = dialogue.has("closing", sentence) or dialogue.has("formula", sentence)
    return closes and not dialogue.has("pronoun_task", sentence)


def _is_conclusion(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence draws a conclusion ("then …") to which the next speaker strongly agrees."""
    if sentence.is_question or not dialogue.has("conclusion", sentence):
        return False
    reply = _reply(sentence, dialogue)
    strong = dialogue.find("strong_agreement", reply) if reply else None
    return strong is not None and strong.start() <= EARLY


def _is_confirmed(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a few words conclude ("Friday, then"), and the next speaker agrees or repeats them."""
    if sentence.is_question or not dialogue.has("short_conclusion", sentence):
        return False
    reply = _reply(sentence, dialogue)
    if reply is None:
        return False
    return accepts(reply, dialogue) or bool(dialogue.content(reply.norm) & dialogue.content(sentence.norm))


def _reply(sentence: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the first sentence of the next utterance, if another says it."""
    after = dialogue.utterance(sentence.utterance + 1)
    return after[0] if after and after[0].speaker != sentence.speaker else None


def _closing(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision that a sentence closes: itself, or the latest proposal if it does not name the matter."""
    if len(dialogue.content(sentence.norm)) >= MIN_CONTENT and not sentence.is_question:
        statement: Sentence | None = sentence
    else:
        statement = _proposed(sentence, dialogue)
    if statement is None:
        return
    candidate = Candidate("decision", statement, task_text(statement, 0))
    candidate.certain = dialogue.has("formula", sentence)
    if statement is not sentence:
        candidate.support = [sentence]
    yield candidate


def _proposed(closing: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the latest proposal before a sentence, else the latest statement with enough content."""
    before = [
        one
        for one in dialogue.sentences[max(0, closing.number - 12) : closing.number]
        if closing.utterance - one.utterance <= _BEFORE and len(dialogue.content(one.norm)) >= MIN_CONTENT
        if not any(dialogue.has("request", own) for own in dialogue.utterance(one.utterance))
    ]
    proposals = [one for one in before if dialogue.has("proposal", one) or dialogue.has("decision", one)]
    named = len(closing.tokens) > 1  # "done" alone may be about anything
    recent = (one for one in before if closing.utterance - one.utterance <= _JUST_BEFORE)
    statements = [one for one in recent if named and not one.is_question]
    return next(iter(reversed(proposals or statements)), None)


def _statement(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision that a sentence states, if another accepts it, or if it is firm and nobody refuses it.

    A statement with the cue "decided" or "formula" is firm. A statement that its speaker withdraws is no decision.
    """
    found = replies(sentence, dialogue, _WITHIN)
    decided = dialogue.has("decided", sentence) or dialogue.has("formula", sentence)
    if found.withdrawn or (found.refused and not found.accepted) or not (found.accepted or decided):
        return
    candidate = _accepted(sentence, found)
    candidate.certain = dialogue.has("formula", sentence)
    yield candidate


def _proposal(sentence: Sentence, dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the decision in a proposal that at least one participant accepts and none refuses."""
    found = replies(sentence, dialogue, _WITHIN)
    if found.withdrawn or found.refused or not found.accepted:
        return
    yield _accepted(sentence, found)


def _accepted(sentence: Sentence, found: Replies) -> Candidate:
    """Return a decision that cites the first agreement."""
    candidate = Candidate("decision", sentence, task_text(sentence, 0))
    candidate.agreed = dict(list(found.accepted.items())[:1])
    candidate.support = list(candidate.agreed.values())
    return candidate
