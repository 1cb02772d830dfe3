"""Requests: tasks that others are asked to do, with their replies."""

from __future__ import annotations

import re

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import (
    LONGEST,
    MIN_CONTENT,
    Candidate,
    due_of,
    is_due_only,
    promises_further_task,
    subject_of,
    task_of,
    task_text,
)
from meetscribe.minutes.rules.replies import Replies, replies, takes_on
from meetscribe.minutes.verification.people import asks_speaker

_REQUESTS = ("request", "volunteer", "assignment")
_SHORT = 3  # words: a sentence that may only address somebody


def request_in(sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return the action that a sentence asks of others, with their replies; None without one."""
    group = dialogue.find("group_commitment", sentence)
    cue = group or next(filter(None, (dialogue.find(each, sentence) for each in _REQUESTS)), None)
    if cue is None or not sentence.speaker or _is_own(sentence, dialogue) or len(sentence.tokens) > LONGEST:
        return None
    if any(dialogue.has(each, sentence) for each in ("indirect_question", "no_request", "undecided")):
        return None
    if is_due_only(sentence, dialogue) or len(dialogue.content(sentence.norm)) < MIN_CONTENT:
        return None
    found = replies(sentence, dialogue)
    if found.withdrawn:
        return None
    candidate = Candidate("action", sentence, task_of(sentence, cue.end(), dialogue))
    if group:
        return _for_all(candidate, found)
    if _asks_for_information(sentence, cue, dialogue):
        return None
    return _with_replies(candidate, asked_in(sentence, dialogue), sentence, dialogue)


def _for_all(candidate: Candidate, found: Replies) -> Candidate:
    """Return a task for everyone, which cites all who agree."""
    candidate.everyone = True
    candidate.agreed = {**found.accepted}
    candidate.support = list(found.accepted.values())
    candidate.status = "agreed" if found.accepted else "proposed"
    candidate.certain = bool(found.accepted)
    return candidate


def _asks_for_information(sentence: Sentence, cue: re.Match[str], dialogue: Dialogue) -> bool:
    """Return whether a question word stands just before a request: "how would you"."""
    lexicon = dialogue.lexicon
    before = " ".join(sentence.norm[: cue.start()].split()[-2:])
    return lexicon is not None and lexicon.has("question_words", before)


def _is_own(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence is a commitment of the speaker before it asks anything of others."""
    commitment, request = dialogue.find("commitment", sentence), dialogue.find("request", sentence)
    if commitment is None or dialogue.has("no_commitment", sentence):
        return False
    return request is None or commitment.start() <= request.start()


def asked_in(sentence: Sentence, dialogue: Dialogue) -> str | None:
    """Return another person that a sentence names, or else a short one before it in the utterance."""
    before = [one for one in dialogue.utterance(sentence.utterance) if one.number < sentence.number]
    short = [one for one in reversed(before) if len(one.tokens) <= _SHORT]
    named = (name for one in (sentence, *short) for name in dialogue.people_in(one.norm) if name != sentence.speaker)
    return next(named, None)


def _with_replies(candidate: Candidate, asked: str | None, sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return a request with owner and status from the replies.

    None if no reply takes it on and it has no name, "you", "somebody" or "please".
    """
    found = replies(sentence, dialogue)
    takers = [name for name, reply in found.accepted.items() if name == asked or _takes(reply, sentence, dialogue)]
    if asked is None and found.accepted and not takers and _addresses(sentence, dialogue):
        takers = list(found.accepted)[:1]
    if asked in found.accepted:
        takers = [asked]
    if takers:
        taker = takers[0]
        candidate.owners, candidate.agreed = [taker], {taker: found.accepted[taker]}
        candidate.support.append(found.accepted[taker])
        candidate.text = _volunteered_task(found.accepted[taker], sentence, dialogue) or candidate.text
        return candidate
    if asked is None and not dialogue.has("request", sentence):
        return None  # "who books the room?" without a taker is an open question
    if asked is None and not _addresses_somebody(sentence, dialogue) and not dialogue.has("polite", sentence):
        return None
    candidate.status = "proposed"
    # `asked` is never the name of the speaker. Any name at the start counts here: the speaker label may be wrong.
    named = sentence.norm.startswith("@") and dialogue.has("request", sentence)
    candidate.certain = named or dialogue.has("task_marker", sentence) or _assigns(sentence, dialogue)
    candidate.owners = [asked] if asked and asked not in found.refused else []
    if asked is None and asks_speaker(sentence, dialogue):
        candidate.owners = [sentence.speaker or ""]
    return candidate


def _volunteered_task(reply: Sentence, question: Sentence, dialogue: Dialogue) -> str | None:
    """Return the task that a volunteer takes on: without "who", or from the reply to "Who takes care of it?"."""
    cue, who = dialogue.find("commitment", reply), dialogue.find("who", question)
    if who is None or not dialogue.has("volunteer", question):
        return None
    if cue and dialogue.has("task_pronoun", question) and len(subject_of(reply, dialogue)) >= MIN_CONTENT:
        return task_of(reply, cue.end(), dialogue)
    return task_text(question, who.end())


def _takes(reply: Sentence, statement: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a reply takes the stated task on, and not a further one."""
    return takes_on(reply, dialogue) and not promises_further_task(reply, statement, dialogue)


def _assigns(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence begins with who does something by when: "Tom will send it by Friday"."""
    due = due_of(sentence, dialogue)
    starts = dialogue.lexicon is not None and dialogue.lexicon.starts("assignment", sentence.norm) is not None
    return starts and due is not None and due.day is not None


def _addresses_somebody(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks a participant or "somebody" to do something, unlike "who can do it"."""
    return dialogue.has("you", sentence) or dialogue.has("somebody", sentence)


def _addresses(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks something of one other participant, as "could you" does."""
    return dialogue.has("request", sentence) and dialogue.has("you", sentence)
