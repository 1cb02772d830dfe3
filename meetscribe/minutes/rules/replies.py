"""Replies: whether a participant accepts, refuses or takes on what another said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.verification.people import refuses

WITHIN = 4
"""The number of utterances after a statement in which a reply is about it."""

_EARLY = 12  # characters: where in a reply agreement must begin


@dataclass
class Replies:
    """What the participants reply to a statement: the first acceptance and the refusals, by name; a withdrawal."""

    accepted: dict[str, Sentence] = field(default_factory=dict)
    refused: dict[str, Sentence] = field(default_factory=dict)
    withdrawn: Sentence | None = None


def following(statement: Sentence, dialogue: Dialogue, within: int = WITHIN) -> Iterator[Sentence]:
    """Yield the sentences after a statement, up to `within` utterances later."""
    for sentence in dialogue.sentences[statement.number + 1 :]:
        if sentence.utterance - statement.utterance > within:
            return
        yield sentence


def replies(statement: Sentence, dialogue: Dialogue, within: int = WITHIN) -> Replies:
    """Return the replies to a statement, until another request begins."""
    found = Replies()
    for sentence in following(statement, dialogue, within):
        if sentence.speaker == statement.speaker:
            if dialogue.has("withdrawal", sentence):
                found.withdrawn = sentence
                return found
            continue
        speaker = sentence.speaker or ""
        if refuses(sentence, dialogue) and speaker not in found.accepted:
            found.refused.setdefault(speaker, sentence)
        elif accepts(sentence, dialogue) and speaker not in found.accepted:
            takes_on_late = speaker in found.refused and not takes_on(sentence, dialogue)
            if not takes_on_late:
                found.accepted[speaker] = sentence
                found.refused.pop(speaker, None)
    return found


def accepts(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a reply agrees or takes something on."""
    if refuses(sentence, dialogue):
        return False
    if takes_on(sentence, dialogue):
        return True
    agreement = dialogue.find("agreement", sentence)
    return agreement is not None and agreement.start() <= _EARLY and not sentence.is_question


def takes_on(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence takes a task on without naming it, as "I'll do that" does."""
    if sentence.is_question or dialogue.has("no_commitment", sentence):
        return False
    return dialogue.has("pronoun_task", sentence) or dialogue.has("commitment", sentence)
