"""Check the people of items: owners committed, or were named and did not refuse; listed people agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetscribe.minutes.acts.features import FIRST_PERSON
from meetscribe.minutes.acts.grammar import acts_of
from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.verification.quotes import sentences_of
from meetscribe.transcript.notes import Item

_NAMES_BEFORE = re.compile(r"(?:@\S+ )+$")  # before "@lisa and i"
_REPLY_WITHIN = 3  # utterances after a request within which its addressee may refuse


def owner_problems(item: Item, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield the problems of the owners of an item."""
    cited = cited_sentences(item, dialogue, index)
    if item.everyone and dialogue.lexicon and not any(_is_for_all(one, dialogue) for one in cited):
        yield "not everyone was asked"
    for owner in item.owners:
        name = index.name(owner, dialogue.unedited)
        spoken = [one for one in cited if one.speaker == name]
        if any(_takes_on(one, dialogue) or _offers(one, cited, dialogue) for one in spoken):
            continue
        if not any(_names(one, name, dialogue) for one in cited if one.speaker != name or asks_speaker(one, dialogue)):
            yield f"{name} did not take it on, and was not asked by name"
        elif refused := _refusal(name, cited, dialogue):
            yield f"{name} refused: “{refused.text}”"


def agreement_problems(item: Item, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield the problems of the people listed as agreeing, and of the status that depends on them."""
    cited = cited_sentences(item, dialogue, index)
    proves = _takes_on if item.kind == "action" else _commits
    for one in item.agreed_by:
        name = index.name(one, dialogue.unedited)
        own = [sentence for sentence in cited if sentence.speaker == name]
        if not any(proves(sentence, dialogue) or _offers(sentence, cited, dialogue) for sentence in own):
            yield f"{name} does not agree in the quotes"
    if item.kind == "action" and item.status == "agreed" and not item.agreed_by:
        yield "nobody is cited as taking the task on, so it is only proposed"


def cited_sentences(item: Item, dialogue: Dialogue, index: WordIndex) -> tuple[Sentence, ...]:
    """Return the sentences that an item cites, in the order of its citations."""
    found = [one for citation in item.citations for one in sentences_of(index.own_words(citation), dialogue)]
    return tuple(dict.fromkeys(found))


def _commits(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence accepts a task or agrees, without refusing; always true without rules."""
    lexicon = dialogue.lexicon
    if lexicon is None:
        return True
    if refuses(sentence, dialogue):
        return False
    positive = lexicon.has("commitment", sentence.norm) or lexicon.has("agreement", sentence.norm)
    if assigns_to_self(sentence, dialogue):
        return True
    further = ("pronoun_task", "weak_commitment", "decision")
    takes_on = acts_of(sentence.norm, dialogue.language) & (FIRST_PERSON | {"fine", "yes"})
    return positive or bool(takes_on) or any(lexicon.has(cue, sentence.norm) for cue in further)


def _takes_on(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence proves that its speaker takes a task on.

    A task for another person does so only with a commitment of the speaker: "Tom, please book it, and I'll pay".
    """
    if not _commits(sentence, dialogue) or not _is_for_another(sentence, dialogue):
        return _commits(sentence, dialogue)
    promises = acts_of(sentence.norm, dialogue.language) & FIRST_PERSON
    return bool(promises) or any(dialogue.has(cue, sentence) for cue in ("commitment", "pronoun_task"))


def _is_for_another(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence asks another person by name, or names another person for a task.

    The name is before the end of the cue ("Tom, please book it"), or the last word ("Please book it, Tom").
    """
    cues = (dialogue.find("request", sentence), dialogue.find("assignment", sentence))
    texts = [f"{sentence.norm[: cue.end()]} {sentence.tokens[-1]}" for cue in cues if cue]
    return any(name != sentence.speaker for text in texts for name in dialogue.people_in(text))


def assigns_to_self(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether speakers name only themselves for a task: "Action item: Carla will call them", by Carla."""
    return dialogue.has("assignment", sentence) and dialogue.people_in(sentence.norm) == [sentence.speaker]


def partners_in(sentence: Sentence, dialogue: Dialogue) -> tuple[str, ...]:
    """Return the people named as sharing a task with the speaker: Tom and Lisa in "Tom, Lisa and I"."""
    joint = dialogue.find("joint", sentence)
    if joint is None or "@" not in joint.group():
        return ()
    before = _NAMES_BEFORE.search(sentence.norm[: joint.start()])
    return tuple(dialogue.people_in(f"{before.group() if before else ''}{joint.group()}"))


def asks_speaker(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a request begins with the name of its speaker, whose label is then probably wrong."""
    first, _, rest = sentence.norm.partition(" ")
    lexicon = dialogue.lexicon
    if lexicon is None or dialogue.people_in(first) != [sentence.speaker]:
        return False
    return any(lexicon.starts(cue, rest) for cue in ("polite", "request"))


def _offers(sentence: Sentence, cited: tuple[Sentence, ...], dialogue: Dialogue) -> bool:
    """Return whether a sentence offers to do something, and a later cited sentence of another speaker accepts it."""
    if not sentence.is_question or not dialogue.has("offer", sentence):
        return False
    later = [one for one in cited if one.number > sentence.number and one.speaker != sentence.speaker]
    return any(dialogue.has("offer_taken", one) or _commits(one, dialogue) for one in later)


def refuses(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence begins with a refusal that no commitment follows."""
    lexicon = dialogue.lexicon
    if lexicon is None:
        return False
    refusal = lexicon.find("refusal", sentence.norm)
    if refusal is None or refusal.start() > 25:
        return False
    rest = sentence.norm[refusal.end() :]
    return not (lexicon.has("pronoun_task", rest) or lexicon.has("commitment", rest) or "no problem" in sentence.norm)


def _names(sentence: Sentence, name: str, dialogue: Dialogue) -> bool:
    """Return whether a sentence names a person, but not after a preposition or in a commitment of its speaker.

    A sentence that says who does a task (cue `assignment`) may name the person anywhere, and a commitment may name a
    partner ("Tom and I").
    """
    tokens = sentence.tokens
    lexicon = dialogue.lexicon
    prepositions = lexicon.words("prepositions") if lexicon else frozenset()
    own = lexicon is not None and lexicon.has("commitment", sentence.norm) and not lexicon.has("request", sentence.norm)
    for place, token in enumerate(tokens):
        if dialogue.person(token) != name and token.lstrip("@") != name.casefold():
            continue
        before = tokens[place - 1] if place else ""
        if before not in prepositions and not own:
            return True
    if name in partners_in(sentence, dialogue):
        return True
    return dialogue.has("assignment", sentence) and name in dialogue.people_in(sentence.norm)


def _refusal(name: str, cited: tuple[Sentence, ...], dialogue: Dialogue) -> Sentence | None:
    """Return the sentence in which a person refuses soon after being named, and before agreeing; None without one."""
    first = next(one for one in cited if _names(one, name, dialogue))
    for sentence in dialogue.sentences[first.number + 1 :]:
        if sentence.utterance - first.utterance > _REPLY_WITHIN:
            return None
        if sentence.speaker != name:
            continue
        if refuses(sentence, dialogue):
            return sentence
        if _agrees(sentence, dialogue):
            return None
    return None


def _agrees(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence has a cue of agreement or commitment, but not "let me see" or the like."""
    agreeing = any(dialogue.has(cue, sentence) for cue in ("agreement", "commitment", "pronoun_task"))
    return agreeing and not dialogue.has("no_commitment", sentence)


def _is_for_all(sentence: Sentence, dialogue: Dialogue) -> bool:
    lexicon = dialogue.lexicon
    return lexicon is None or lexicon.has("everyone", sentence.norm) or lexicon.has("group_commitment", sentence.norm)
