"""Commitments and offers: tasks that speakers take on by themselves."""

from __future__ import annotations

import re

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import LONGEST, MIN_CONTENT, Candidate, due_of, is_due_only, task_of
from meetscribe.minutes.rules.replies import asks, following, preceding, replies
from meetscribe.minutes.verification.people import assigns_to_self

_ANSWER = 2  # utterances after an offer in which it is accepted


def commitment_in(sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return the action that the speaker takes on in a sentence, None without one."""
    cue = (
        dialogue.find("commitment", sentence)
        or _dated_commitment(sentence, dialogue)
        or _own_assignment(sentence, dialogue)
    )
    if cue is None or asks(sentence, dialogue) or not sentence.speaker or len(sentence.tokens) > LONGEST:
        return None
    if dialogue.has("no_commitment", sentence) or dialogue.has("hypothetical", sentence):
        return None
    candidate = Candidate("action", sentence, task_of(sentence, cue.end(), dialogue))
    if _is_vague(sentence, dialogue):
        statement = _referent(sentence, dialogue)
        if statement is not None:
            candidate.statement, candidate.text = statement, task_of(statement, 0, dialogue)
            candidate.support.append(sentence)
        else:
            subject = _subject(sentence, dialogue)
            if subject is None:
                return None
            candidate.support.append(subject)
    candidate.owners, candidate.agreed = [sentence.speaker], {sentence.speaker: sentence}
    candidate.certain = assigns_to_self(sentence, dialogue)
    return candidate


def _subject(sentence: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the sentence that names the subject of a short commitment; None without one.

    It is the latest one with enough content before it in its utterance, or in earlier ones if it shares a word with it.

    None for a commitment without a content word, such as "I'll do it".
    """
    own = dialogue.content(sentence.norm)
    if not own:
        return None
    for earlier in preceding(sentence, dialogue):
        content = dialogue.content(earlier.norm)
        if len(content) >= MIN_CONTENT and (earlier.utterance == sentence.utterance or content & own):
            return earlier
    return None


def offer_in(sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return the action that the speaker offers in a question ("shall I ask them?") and another accepts; else None."""
    if not sentence.is_question or not sentence.speaker or not dialogue.has("offer", sentence):
        return None
    if not dialogue.content(sentence.norm) or len(sentence.tokens) > LONGEST:
        return None
    found = replies(sentence, dialogue, _ANSWER)
    answers = [one for one in following(sentence, dialogue, _ANSWER) if one.speaker != sentence.speaker]
    asked = next((one for one in answers if dialogue.has("offer_taken", one)), None)
    accepted = next(iter(found.accepted.values()), None) or asked
    if accepted is None or found.withdrawn or found.refused:
        return None
    candidate = Candidate("action", sentence, task_of(sentence, 0, dialogue), support=[accepted])
    candidate.owners, candidate.agreed = [sentence.speaker], {sentence.speaker: sentence}
    candidate.certain = True
    return candidate


def _dated_commitment(sentence: Sentence, dialogue: Dialogue) -> re.Match[str] | None:
    """Return the cue of a weaker commitment, which counts with a due date: "I could bring it on Friday"."""
    cue = dialogue.find("weak_commitment", sentence)
    if cue is None or sentence.is_question or dialogue.has("undecided", sentence):
        return None
    around = [one for one in dialogue.utterance(sentence.utterance) if 0 <= one.number - sentence.number <= 3]
    dated = [due for due in (due_of(one, dialogue) for one in around) if due and due.day]
    return cue if dated else None


def _own_assignment(sentence: Sentence, dialogue: Dialogue) -> re.Match[str] | None:
    """Return the cue by which speakers name themselves for a task, None without one."""
    return dialogue.find("assignment", sentence) if assigns_to_self(sentence, dialogue) else None


def _is_vague(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a commitment refers back to an earlier sentence for its task."""
    return len(dialogue.content(sentence.norm)) < MIN_CONTENT


def _referent(sentence: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the latest earlier sentence, by any speaker, that names a task; None without one."""
    for earlier in preceding(sentence, dialogue):
        if len(dialogue.content(earlier.norm)) < MIN_CONTENT or is_due_only(earlier, dialogue):
            continue
        if dialogue.has("no_commitment", earlier):
            continue
        if any(dialogue.has(cue, earlier) for cue in ("need", "request", "proposal", "assignment", "task_marker")):
            return earlier
    return None
