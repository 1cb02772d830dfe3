"""Replies: acceptance, refusal or commitment after another participant's statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.candidates import MIN_CONTENT
from meetscribe.minutes.verification.people import refuses

WITHIN = 4
"""The number of utterances within which a reply refers to a statement."""

_MATTERS = ("request", "commitment", "group_commitment", "decision", "proposal")
_TAGGED = 4  # words: up to here, a question that ends with a tag is a question, not a statement with a tag
_OPENING = 4  # words of a sentence before agreement, such as "Let me see."
EARLY = 12
"""Characters of a reply within which agreement must begin."""


@dataclass
class Replies:
    """The replies to a statement: the first acceptance and the refusals, by name; a withdrawal."""

    accepted: dict[str, Sentence] = field(default_factory=dict)
    refused: dict[str, Sentence] = field(default_factory=dict)
    withdrawn: Sentence | None = None


def following(statement: Sentence, dialogue: Dialogue, within: int = WITHIN) -> Iterator[Sentence]:
    """Yield the sentences after a statement, up to `within` utterances later."""
    for sentence in dialogue.sentences[statement.number + 1 :]:
        if sentence.utterance - statement.utterance > within:
            return
        yield sentence


def preceding(sentence: Sentence, dialogue: Dialogue, within: int = WITHIN) -> Iterator[Sentence]:
    """Yield the sentences before another, the latest first, up to `within` utterances earlier."""
    for earlier in reversed(dialogue.sentences[: sentence.number]):
        if sentence.utterance - earlier.utterance > within:
            return
        yield earlier


def replies(statement: Sentence, dialogue: Dialogue, within: int = WITHIN) -> Replies:
    """Return the replies to a statement, until a participant turns to another matter."""
    found = Replies()
    for sentence in following(statement, dialogue, within):
        if is_other_matter(sentence, statement, dialogue):
            return found
        if sentence.speaker == statement.speaker:
            if dialogue.has("withdrawal", sentence):
                found.withdrawn = sentence
                return found
            continue
        speaker = sentence.speaker or ""
        if refuses(sentence, dialogue) and speaker not in found.accepted:
            found.refused.setdefault(speaker, sentence)
        elif _accepts_at_once(sentence, dialogue) and speaker not in found.accepted:
            still_refuses = speaker in found.refused and not takes_on(sentence, dialogue)
            if not still_refuses:
                found.accepted[speaker] = sentence
                found.refused.pop(speaker, None)
    return found


def is_other_matter(sentence: Sentence, statement: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a later sentence asks, proposes or promises something else, to which later replies refer.

    The next utterance, if it is by another speaker, always counts as a reply.
    """
    is_reply = sentence.speaker != statement.speaker and sentence.utterance - statement.utterance <= 1
    content = _subject(sentence, dialogue)
    if is_reply or sentence.utterance == statement.utterance or len(content) < MIN_CONTENT:
        return False
    return not content & _subject(statement, dialogue) and any(dialogue.has(cue, sentence) for cue in _MATTERS)


def _subject(sentence: Sentence, dialogue: Dialogue) -> frozenset[str]:
    """Return the content words of a sentence without names."""
    return dialogue.content(" ".join(token for token in sentence.tokens if not token.startswith("@")))


def asks(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence is a question, but not a statement with a tag: "I'll measure it on Thursday, yes?"."""
    lexicon = dialogue.lexicon
    if not sentence.is_question or lexicon is None:
        return sentence.is_question
    tags = list(lexicon.pattern("tags").finditer(sentence.norm))
    return not (tags and tags[-1].end() == len(sentence.norm) and len(sentence.tokens) > _TAGGED)


def accepts(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a reply agrees or takes something on."""
    if refuses(sentence, dialogue):
        return False
    if takes_on(sentence, dialogue):
        return True
    agreement = dialogue.find("agreement", sentence)
    return agreement is not None and agreement.start() <= EARLY and not sentence.is_question


def _accepts_at_once(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a reply agrees before it has said something else, or takes something on anywhere.

    "Sure." after a question or statement by its speaker is no reply to an earlier request.
    """
    if not accepts(sentence, dialogue):
        return False
    before = (one for one in dialogue.utterance(sentence.utterance) if one.number < sentence.number)
    return takes_on(sentence, dialogue) or all(len(one.tokens) <= _OPENING for one in before)


def takes_on(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence takes a task on, with or without naming it ("I'll do that")."""
    if sentence.is_question or dialogue.has("no_commitment", sentence):
        return False
    return dialogue.has("pronoun_task", sentence) or dialogue.has("commitment", sentence)
