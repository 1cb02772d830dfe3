"""Actions: commitments, offers and requests with the replies to them, and their due dates."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.acts.features import FIRST_PERSON, REQUESTS
from meetscribe.minutes.acts.grammar import acts_of
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import DueMatch
from meetscribe.minutes.more_dates import read_by_dateparser
from meetscribe.minutes.rules.candidates import (
    MIN_CONTENT,
    Candidate,
    due_of,
    is_due_only,
    promises_further_task,
    sets_due,
)
from meetscribe.minutes.rules.commitments import commitment_in, offer_in
from meetscribe.minutes.rules.replies import accepts, following, is_other_matter
from meetscribe.minutes.rules.requests import request_in

_BARE = 4  # words: a sentence that is only a due date
_SHORT = 12  # words: a sentence that only adds a due date
_FEW = 8  # words: a sentence that settles another due date
_FEW_BEFORE = 14  # characters before its date
_LATER = 4  # utterances after an action in which its date is settled
_REST = 2  # content words beside the date in a sentence of at most `_SHORT` words that takes a task on or sets the date


def find_actions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the actions of a dialogue, agreed or proposed, in the order of the sentences with their cues."""
    used: set[int] = set()
    for sentence in dialogue.sentences:
        if sentence.number in used:
            continue
        candidate = offer_in(sentence, dialogue) or request_in(sentence, dialogue) or commitment_in(sentence, dialogue)
        if candidate is None:
            continue
        complete(candidate, dialogue)
        used |= {one.number for one in candidate.sentences}
        yield candidate


def complete(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add the owner's further sentences and the due date."""
    _add_continuation(candidate, dialogue)
    _add_due(candidate, dialogue)


def _add_continuation(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add the owner's further sentences about the same task in the same utterance: "I'll write to them on Monday"."""
    last = candidate.latest
    bare = len(dialogue.content(last.norm)) < MIN_CONTENT
    for sentence in dialogue.utterance(last.utterance):
        if sentence.number <= last.number or sentence.speaker not in candidate.owners:
            continue
        more = dialogue.has("task_pronoun", sentence) or (bare and dialogue.has("commitment", sentence))
        further = promises_further_task(sentence, candidate.statement, dialogue)
        if more and not (dialogue.has("no_commitment", sentence) or further):
            candidate.support.append(sentence)


def _add_due(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add the due date against which there are the weakest doubts (`_doubts`).

    Among equal ones, the one on which the participants settle soon after comes first, then those of the cited
    sentences, of the sentences beside them, and of other later sentences. A wording without a day counts in a cited
    sentence only; so does, if there is nothing else, a time such as "around nine" or what dateparser reads.
    """
    own = [one for one in reversed(candidate.sentences) if not _is_report(one, dialogue)]
    later = [one for one in _on_the_matter(candidate, dialogue) if _dates(one, candidate, dialogue)]
    settled = [one for one in reversed(later) if _settles(one, candidate, dialogue)]
    around = [*settled, *own, *_beside(candidate, dialogue), *later]
    found = [(one, due) for one in around if (due := due_of(one, dialogue)) is not None]
    # Dates with a day come first, periods after them unless a later sentence settles on one.
    for sentence, due in sorted(found, key=lambda pair: _doubts(pair[1], dialogue, is_settled=pair[0] in settled)):
        if due.day is None and sentence not in own:
            continue
        candidate.due, candidate.due_sentence = due, sentence
        candidate.support += [] if sentence in own else [sentence]
        if due.day:
            _correct_due(candidate, sentence, dialogue)
        return
    for sentence in own:
        due = due_of(sentence, dialogue, times=True) or read_by_dateparser(sentence.norm, dialogue)
        if due is not None:
            candidate.due, candidate.due_sentence = due, sentence
            return


def _doubts(due: DueMatch, dialogue: Dialogue, *, is_settled: bool) -> tuple[bool, ...]:
    """Return whether there are doubts about a wording, the strongest first.

    It has no day; it is a time of day; it is a whole period or today, and the participants do not settle on it.
    """
    is_vague = due.is_period or (due.day == dialogue.reference_day and not due.is_time)
    return due.day is None, due.is_time, is_vague and not is_settled


def _on_the_matter(candidate: Candidate, dialogue: Dialogue) -> Iterator[Sentence]:
    """Yield the sentences after a task, until another is asked or promised."""
    for sentence in following(candidate.latest, dialogue, _LATER):
        if is_other_matter(sentence, candidate.statement, dialogue):
            return
        yield sentence


def _beside(candidate: Candidate, dialogue: Dialogue) -> list[Sentence]:
    """Return the other sentences in the cited utterances: those of owners, short ones, and deadlines of the asker."""
    used = sorted({one.utterance for one in candidate.sentences})
    beside = [one for place in used for one in dialogue.utterance(place) if one not in candidate.sentences]
    said = [one for one in beside if one.speaker in candidate.owners and not one.is_question]
    short = [one for one in beside if one not in said and len(one.tokens) <= _BARE]
    asked = [one for one in beside if one not in (*said, *short) and _asks_by(one, candidate, dialogue)]
    found = [one for one in (*said, *short, *asked) if not _is_report(one, dialogue)]
    return [one for one in found if not promises_further_task(one, candidate.statement, dialogue)]


def _asks_by(sentence: Sentence, candidate: Candidate, dialogue: Dialogue) -> bool:
    """Return whether the participant who asks for a task says by when: "It must be done by Thursday"."""
    due = due_of(sentence, dialogue)
    deadline = due is not None and dialogue.lexicon is not None and dialogue.lexicon.starts("deadlines", due.said)
    return bool(deadline) and sentence.speaker == candidate.statement.speaker and not sentence.is_question


def _settles(sentence: Sentence, candidate: Candidate, dialogue: Dialogue) -> bool:
    """Return whether a later sentence is a few words that settle another day: "Sunday, then"."""
    due = due_of(sentence, dialogue)
    if due is None or due.day is None or len(sentence.tokens) > _FEW or due.start > _FEW_BEFORE:
        return False
    if not sentence.is_question:
        return sentence.utterance != candidate.latest.utterance or len(sentence.tokens) <= _BARE
    answer = dialogue.utterance(sentence.utterance + 1)
    return bool(answer) and answer[0].speaker != sentence.speaker and accepts(answer[0], dialogue)


def _is_report(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence reports the past, so that its dates are not due dates."""
    acts = acts_of(sentence.norm, dialogue.language)
    due = due_of(sentence, dialogue)
    if due is not None and sets_due(due, sentence, dialogue):
        return False
    return "past" in acts and not acts & FIRST_PERSON and not acts & REQUESTS


def _dates(sentence: Sentence, candidate: Candidate, dialogue: Dialogue) -> bool:
    """Return whether a later sentence says when a task is due, in one of three ways.

    The people concerned are the speakers of the sentences about the task, and its owners. The sentence concerns them if
    one of them says it, or if it is a question or sets the date and one of them speaks next.

    1. It is in the utterance of the task or only proposes a date ("shall we say Friday"), and concerns them.
    2. It begins with the date and sets it, and one of them accepts it next.
    3. It has few words and hardly any content beside the date, and concerns them or is an acceptance.
    """
    due = due_of(sentence, dialogue)
    if due is None or due.day is None or _is_report(sentence, dialogue):
        return False
    if promises_further_task(sentence, candidate.statement, dialogue):
        return False
    people = {candidate.statement.speaker, *candidate.owners, *(one.speaker for one in candidate.support)}
    same = sentence.utterance == candidate.latest.utterance
    rest = dialogue.content(f"{sentence.norm[: due.start]} {sentence.norm[due.end :]}")
    answer = dialogue.utterance(sentence.utterance + 1)
    heard = bool(answer) and answer[0].speaker in people
    sets = sets_due(due, sentence, dialogue)
    concerned = sentence.speaker in people or (heard and (sentence.is_question or sets))
    if is_due_only(sentence, dialogue) or same:
        return concerned
    if heard and due.start == 0 and sets and accepts(answer[0], dialogue):
        return True
    promised = acts_of(sentence.norm, dialogue.language) & {"i_will", "taken"} or sets
    brief = len(sentence.tokens) <= _SHORT and len(rest) <= (_REST if promised else 1)
    return brief and (concerned or accepts(sentence, dialogue))


def _correct_due(candidate: Candidate, dated: Sentence, dialogue: Dialogue) -> None:
    """Use a later date of the same utterance instead: "on Monday. Ah, I'm away. Tuesday".

    Its sentence begins with a correction or only proposes a date, or it has few words and begins with the date.
    """
    for sentence in dialogue.utterance(dated.utterance):
        starts = sentence.tokens[0] in dialogue.lexicon.words("corrections") if dialogue.lexicon else False
        corrects = starts or is_due_only(sentence, dialogue)
        if sentence.number > dated.number and (corrects or len(sentence.tokens) <= _BARE):
            due = due_of(sentence, dialogue)
            if due is not None and due.day is not None and (corrects or due.start == 0):
                candidate.due, candidate.due_sentence = due, sentence
                candidate.support.append(sentence)
