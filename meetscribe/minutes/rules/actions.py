"""Actions: commitments, and requests with the replies to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import LONGEST, Candidate, first_due, task_text
from meetscribe.minutes.rules.replies import WITHIN, accepts, following, replies, takes_on

_SHORT = 9  # words: a sentence that only adds a due date
_CONTENT = 2  # content words that a task needs


def find_actions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the actions of a dialogue, agreed or proposed, in the order of their statements."""
    used: set[int] = set()
    for sentence in dialogue.sentences:
        if sentence.number in used:
            continue
        candidate = _request(sentence, dialogue) or _commitment(sentence, dialogue)
        if candidate is None:
            continue
        _add_continuation(candidate, dialogue)
        _add_due(candidate, dialogue)
        used |= {one.number for one in candidate.sentences}
        yield candidate


def _commitment(sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return the action that the speaker takes on in a sentence, None without one."""
    cue = dialogue.find("commitment", sentence) or _dated_commitment(sentence, dialogue)
    if cue is None or sentence.is_question or not sentence.speaker or len(sentence.tokens) > LONGEST:
        return None
    if dialogue.has("no_commitment", sentence) or dialogue.has("hypothetical", sentence):
        return None
    candidate = Candidate("action", sentence, _task(sentence, cue.end(), dialogue))
    if _is_vague(sentence, dialogue):
        statement = _referent(sentence, dialogue)
        if statement is None:
            return None
        candidate.statement, candidate.text = statement, _task(statement, 0, dialogue)
        candidate.support.append(sentence)
    candidate.owners, candidate.agreed = [sentence.speaker], {sentence.speaker: sentence}
    candidate.score = 0.7
    return candidate


def _dated_commitment(sentence: Sentence, dialogue: Dialogue) -> re.Match[str] | None:
    """Return the cue of a weaker commitment, which counts with a due date: "I could bring it on Friday"."""
    cue = dialogue.find("weak_commitment", sentence)
    if cue is None or sentence.is_question or dialogue.has("undecided", sentence):
        return None
    around = [one for one in dialogue.utterance(sentence.utterance) if 0 <= one.number - sentence.number <= 3]
    dated = [due for due in (first_due(one, dialogue) for one in around) if due and due.day]
    return cue if dated else None


def _is_vague(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a commitment leaves the task to what was said before."""
    return len(dialogue.content(sentence.norm)) < _CONTENT


def _referent(sentence: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the latest earlier sentence, by another speaker, that names a task; None without one."""
    for earlier in reversed(dialogue.sentences[: sentence.number]):
        if sentence.utterance - earlier.utterance > WITHIN:
            return None
        if len(dialogue.content(earlier.norm)) < _CONTENT or _is_due_only(earlier, dialogue):
            continue
        if any(dialogue.has(cue, earlier) for cue in ("need", "request", "proposal", "assignment", "task_marker")):
            return earlier
    return None


def _request(sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return the action that a sentence asks of others, with their replies; None without one."""
    group = dialogue.find("group_commitment", sentence)
    cue = group or dialogue.find("request", sentence) or dialogue.find("assignment", sentence)
    if cue is None or not sentence.speaker or _is_own(sentence, dialogue) or len(sentence.tokens) > LONGEST:
        return None
    if (
        _is_due_only(sentence, dialogue)
        or dialogue.has("undecided", sentence)
        or len(dialogue.content(sentence.norm)) < _CONTENT
    ):
        return None
    found = replies(sentence, dialogue)
    if found.withdrawn:
        return None
    candidate = Candidate("action", sentence, _task(sentence, cue.end(), dialogue))
    if group:
        candidate.everyone = True
        candidate.agreed = {**found.accepted}
        candidate.status = "agreed" if found.accepted else "proposed"
        candidate.support = list(found.accepted.values())[:1]
        candidate.score = 0.6
        return candidate
    asked = _asked(sentence, dialogue)
    return _with_replies(candidate, asked, sentence, dialogue)


def _is_due_only(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence only proposes a due date, as "shall we say Friday" does."""
    lexicon = dialogue.lexicon
    if lexicon is None or not lexicon.starts("due_only", sentence.norm):
        return False
    return first_due(sentence, dialogue) is not None


def _is_own(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence is a commitment of the speaker before it asks anything of others."""
    commitment, request = dialogue.find("commitment", sentence), dialogue.find("request", sentence)
    if commitment is None or dialogue.has("no_commitment", sentence):
        return False
    return request is None or commitment.start() <= request.start()


def _asked(sentence: Sentence, dialogue: Dialogue) -> str | None:
    """Return the person whom a sentence asks by name, here or in the sentence before; None without one."""
    people = [name for name in dialogue.people_in(sentence.norm) if name != sentence.speaker]
    if people:
        return people[0]
    for earlier in reversed(dialogue.utterance(sentence.utterance)):
        if earlier.number < sentence.number and len(earlier.tokens) <= 3 and dialogue.people_in(earlier.norm):
            return dialogue.people_in(earlier.norm)[0]
    return None


def _with_replies(candidate: Candidate, asked: str | None, sentence: Sentence, dialogue: Dialogue) -> Candidate | None:
    """Return a request with its owner and status by the replies; None if nobody was asked and nobody replied."""
    found = replies(sentence, dialogue)
    takers = [name for name, reply in found.accepted.items() if name == asked or takes_on(reply, dialogue)]
    if asked is None and found.accepted and not takers and _addresses(sentence, dialogue):
        takers = list(found.accepted)[:1]
    if asked in found.accepted:
        takers = [asked]
    if takers:
        taker = takers[0]
        candidate.owners, candidate.agreed = [taker], {taker: found.accepted[taker]}
        candidate.support.append(found.accepted[taker])
        candidate.score = 0.8
        return candidate
    if asked is None and not dialogue.has("request", sentence):
        return None
    if asked is None and sentence.is_question and not _addresses_somebody(sentence, dialogue):
        return None
    candidate.status, candidate.score = "proposed", 0.45
    candidate.owners = [asked] if asked and asked not in found.refused else []
    return candidate


def _addresses_somebody(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a question asks a participant or "somebody" to do something, unlike "who can do it"."""
    return dialogue.has("you", sentence) or dialogue.has("somebody", sentence)


def _addresses(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks something of one other participant, as "could you" does."""
    return dialogue.has("request", sentence) and dialogue.has("you", sentence)


def _task(sentence: Sentence, after: int, dialogue: Dialogue) -> str:
    """Return the task in a sentence: the words after its cue if they suffice, else the whole sentence."""
    rest = task_text(sentence, after)
    if dialogue.language.startswith("en") and len(dialogue.content(dialogue.norm(rest.split()))) >= _CONTENT:
        return rest
    return task_text(sentence, 0)


def _add_continuation(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add what the owner goes on to say about the same task in the same utterance: "I'll write to them on Monday"."""
    last = candidate.latest
    bare = len(dialogue.content(last.norm)) < _CONTENT
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
                return
    people = {candidate.statement.speaker, *candidate.owners}
    for sentence in following(candidate.latest, dialogue, within=3):
        due = first_due(sentence, dialogue)
        if due is None or due.day is None:
            continue
        if not _is_due_only(sentence, dialogue) and (sentence.is_question or len(sentence.tokens) > _SHORT):
            continue
        if sentence.speaker in people or accepts(sentence, dialogue):
            candidate.due, candidate.due_sentence = due, sentence
            candidate.support.append(sentence)
            return
