"""Open questions, which no later statement answers.

They are asked directly and a reply leaves them open ("no idea"), asked indirectly ("we don't know whether …"), or call
for a volunteer and find none. A direct question without any reply is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.lexicon import Lexicon
from meetscribe.minutes.rules.candidates import LONGEST, MIN_CONTENT, Candidate, task_text
from meetscribe.minutes.rules.replies import accepts, following

_WITHIN = 4  # utterances in which a question is answered
_EARLY = 25  # characters: where an indirect question begins
_LONGEST_INDIRECT = 25  # words
_START = 5  # words within which a question has its question word or verb
_LONG = 5  # words from which a statement may be an answer


def find_questions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the open questions of a dialogue in order."""
    found: list[Candidate] = []
    previous: Candidate | None = None
    for sentence in dialogue.sentences:
        around = " ".join(one.norm for one in dialogue.utterance(sentence.utterance))
        if len(dialogue.content(around)) < MIN_CONTENT:
            continue
        indirect = not sentence.is_question and _is_indirect(sentence, dialogue)
        untaken = _finds_no_volunteer(sentence, dialogue)
        if not indirect and not untaken and not _asks_for_information(sentence, dialogue):
            continue
        unknown = _unknown_reply(sentence, dialogue)
        if (indirect or untaken or unknown) and not _answered_later(unknown or sentence, sentence, dialogue):
            candidate = Candidate("question", sentence, question_text(sentence), status="open")
            candidate.support = [unknown] if unknown else []
            candidate.certain = untaken
            if previous is not None and _continues(candidate, previous):
                previous.support += [sentence, *candidate.support]
                continue
            previous = candidate
            found.append(candidate)
    yield from found


def _continues(candidate: Candidate, previous: Candidate) -> bool:
    """Return whether a question continues the previous one.

    It is in an utterance that the previous one cites, or has the same reply.
    """
    same = candidate.statement.utterance in {one.utterance for one in previous.sentences}
    return same or any(one in previous.support for one in candidate.support)


def _is_indirect(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence begins with an indirect question ("we don't know whether …") that no "but" follows."""
    cue = dialogue.find("indirect_question", sentence)
    if cue is None or cue.start() > _EARLY or len(sentence.tokens) > _LONGEST_INDIRECT:
        return False
    return dialogue.lexicon is not None and not dialogue.lexicon.has("contrast", sentence.norm[cue.end() :])


def question_text(sentence: Sentence) -> str:
    """Return the words of a question, with a question mark if it is asked directly."""
    return task_text(sentence, 0) + ("?" if sentence.is_question else "")


def is_question(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks something, and not only repeats a statement ("forty minutes?")."""
    lexicon = dialogue.lexicon
    if len(sentence.tokens) > LONGEST or lexicon is None or not sentence.is_question:
        return False
    return not lexicon.data["question_start"] or lexicon.has("question_start", " ".join(sentence.tokens[:_START]))


def is_answered(question: Sentence, dialogue: Dialogue) -> bool:
    """Return whether the first sentence of the next utterance answers a question with a number."""
    reply = dialogue.utterance(question.utterance + 1)
    return bool(reply) and _names_number(reply[0], dialogue) and not dialogue.has("unknown", reply[0])


def _asks_for_information(sentence: Sentence, dialogue: Dialogue) -> bool:
    lexicon = dialogue.lexicon
    skipped = lexicon is not None and lexicon.starts("question_skip", sentence.norm) is not None
    return is_question(sentence, dialogue) and not skipped


def _finds_no_volunteer(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks for a volunteer ("who books the room?"), and the replies give none.

    A first reply of fewer than `_LONG` words ("Me.") counts as a volunteer, unless it leaves the question open.
    """
    if not sentence.is_question or not dialogue.has("volunteer", sentence):
        return False
    after = [one for one in following(sentence, dialogue) if one.speaker != sentence.speaker]
    named = any(dialogue.people_in(one.norm) for one in after)
    short = bool(after) and len(after[0].tokens) < _LONG and not dialogue.has("unknown", after[0])
    return not (named or short or any(accepts(one, dialogue) for one in after))


def _unknown_reply(question: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the reply that leaves a question open; None if another one answers it first, or there is none."""
    for sentence in following(question, dialogue, _WITHIN):
        if dialogue.has("unknown", sentence):
            own = _is_indirect(sentence, dialogue) and is_other_question(sentence, question, dialogue)
            return None if own else sentence
        if sentence.speaker == question.speaker:
            continue
        if sentence.is_question:
            if is_other_question(sentence, question, dialogue):
                return None
            continue
        if sentence.utterance == question.utterance + 1 and accepts(sentence, dialogue):
            return None
        if len(sentence.tokens) >= _LONG or _names_number(sentence, dialogue):
            return None
    return None


def is_other_question(sentence: Sentence, question: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks about something else, so that later replies answer it and not the question."""
    content = dialogue.content(sentence.norm)
    return len(content) >= MIN_CONTENT and not content & dialogue.content(question.norm)


def _names_number(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence has a number, other than "one"."""
    return dialogue.lexicon is not None and any(_is_number(token, dialogue.lexicon) for token in sentence.tokens)


def _is_number(token: str, lexicon: Lexicon) -> bool:
    """Return whether a word is a number in words or has a digit, but is not "one", "a", "first" or "1"."""
    value = lexicon.number(token)
    has_digit = any(character.isdigit() for character in token) and not token.startswith("@")
    return has_digit if value is None else value != 1


def _answered_later(after: Sentence, question: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a later statement has most of the content words of a question and does not leave it open."""
    topic = dialogue.content(question.norm)
    for sentence in dialogue.sentences[after.number + 1 :]:
        if sentence.is_question or dialogue.has("unknown", sentence) or dialogue.has("indirect_question", sentence):
            continue
        if dialogue.has("commitment", sentence) or dialogue.has("request", sentence):
            continue
        shared = dialogue.content(sentence.norm) & topic
        if len(shared) >= max(2, 0.6 * len(topic)):
            return True
    return False
