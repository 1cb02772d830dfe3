"""Open questions: asked, and not answered in the turns that follow or later."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import LONGEST, Candidate, task_text
from meetscribe.minutes.rules.replies import following

_CONTENT = 2  # content words that a question needs
_WITHIN = 4  # utterances in which a question is answered
_LONG = 5  # words of a statement that may be an answer


def find_questions(dialogue: Dialogue) -> Iterator[Candidate]:
    """Yield the open questions of a dialogue in order."""
    found: list[Candidate] = []
    previous: Candidate | None = None
    for sentence in dialogue.sentences:
        around = " ".join(one.norm for one in dialogue.utterance(sentence.utterance))
        if len(dialogue.content(around)) < _CONTENT:
            continue
        indirect = not sentence.is_question and dialogue.has("indirect_question", sentence)
        if not indirect and not _is_question(sentence, dialogue):
            continue
        unknown = _unknown_reply(sentence, dialogue)
        if (indirect or unknown) and not _answered_later(unknown or sentence, sentence, dialogue):
            candidate = Candidate("question", sentence, task_text(sentence, 0), status="open")
            candidate.support = [unknown] if unknown else []
            candidate.score = 0.7 if unknown else 0.5
            if previous is not None and _continues(candidate, previous):
                previous.support += [sentence, *candidate.support]
                continue
            previous = candidate
            found.append(candidate)
    yield from found


def _continues(candidate: Candidate, previous: Candidate) -> bool:
    """Return whether a question goes on with the previous one: in its utterance, or before the same reply."""
    same = candidate.statement.utterance in {one.utterance for one in previous.sentences}
    return same or any(one in previous.support for one in candidate.support)


def _is_question(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks for information."""
    lexicon = dialogue.lexicon
    if len(sentence.tokens) > LONGEST:
        return False
    skipped = lexicon and lexicon.starts("question_skip", sentence.norm)
    return sentence.is_question and not skipped


def _unknown_reply(question: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the reply that leaves a question open, None if the first reply answers it."""
    for sentence in following(question, dialogue, _WITHIN):
        if dialogue.has("unknown", sentence):
            return sentence
        answers = sentence.speaker != question.speaker and len(sentence.tokens) >= _LONG and not sentence.is_question
        if answers:
            return None
    return None


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
