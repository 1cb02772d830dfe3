"""Make items from the answers of a model; speaker, quote and time come from the transcript, never from the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import cast

from meetscribe.minutes.citations import citation, person
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import find_due
from meetscribe.minutes.llm.prompts import Part, line_id
from meetscribe.minutes.llm.redaction import restored
from meetscribe.minutes.llm.replies import Answer
from meetscribe.minutes.more_dates import read_by_dateparser
from meetscribe.minutes.rules.replies import accepts, takes_on
from meetscribe.transcript.notes import Citation, Due, Item, ItemKind, Person, Status

_LONG = 60  # words above which only one sentence of an utterance is cited


def items_of(answers: Sequence[Answer], part: Part, dialogue: Dialogue, names: Mapping[str, str]) -> Iterator[Item]:
    """Yield the items of answers that cite lines of the part; other line ids are ignored.

    `names` are the pseudonyms by part of a name; in the answers, each is replaced by the first part that has it.
    """
    known = {line_id(number): number for number in part.utterances}
    for redacted in answers:
        answer = _restored(redacted, names)
        cited = [one for id in answer.cites if id in known for one in _sentences(known[id], answer.text, dialogue)]
        sentences = list(dict.fromkeys(cited))
        if sentences:
            yield _item(answer, sentences, dialogue)


def _restored(answer: Answer, names: Mapping[str, str]) -> Answer:
    """Return an answer with names in place of pseudonyms."""
    owner, due = answer.owner and restored(answer.owner, names), answer.due and restored(answer.due, names)
    return replace(answer, text=restored(answer.text, names), owner=owner, due=due)


def _sentences(utterance: int, text: str, dialogue: Dialogue) -> tuple[Sentence, ...]:
    """Return the sentences of an utterance; for a long one, the sentence that shares most content words with a text."""
    sentences = dialogue.utterance(utterance)
    if sum(len(one.words) for one in sentences) <= _LONG:
        return sentences
    own = dialogue.content(dialogue.norm(text.split()))
    return (max(sentences, key=lambda one: len(dialogue.content(one.norm) & own)),)


def _item(answer: Answer, sentences: list[Sentence], dialogue: Dialogue) -> Item:
    """Return an answer as an item; an action is agreed only if its owner takes it on in the cited sentences."""
    owner = _person(answer.owner, dialogue) if answer.owner else None
    agreed: dict[str, Sentence] = {}
    for one in sentences:
        if one.speaker and _agrees(one, dialogue) and (answer.kind != "action" or one.speaker == owner):
            agreed.setdefault(one.speaker, one)
    status: Status = "open" if answer.kind == "question" else "agreed"
    if answer.kind == "action" and not agreed:
        status = "proposed"
    people = tuple(person(dialogue, name, one.words[0]) for name, one in agreed.items())
    return Item(
        cast(ItemKind, answer.kind),
        answer.text,
        _citations(sentences),
        _owners(owner, agreed, dialogue) if answer.kind == "action" else (),
        due=_due(answer, sentences, dialogue) if answer.kind == "action" else None,
        agreed_by=people,
        status=status,
        score=0.8,  # chosen by hand: above the least score of every kind in `ranked`
    )


def _person(name: str, dialogue: Dialogue) -> str | None:
    """Return the participant or absent person who shares a part of the name, None if there is none."""
    found = (dialogue.person(part.lower()) for part in name.split())
    return next((one for one in found if one), None)


def _agrees(sentence: Sentence, dialogue: Dialogue) -> bool:
    return accepts(sentence, dialogue) or takes_on(sentence, dialogue)


def _owners(owner: str | None, agreed: Mapping[str, Sentence], dialogue: Dialogue) -> tuple[Person, ...]:
    if owner is None:
        return ()
    return (person(dialogue, owner, agreed[owner].words[0] if owner in agreed else None),)


def _citations(sentences: Sequence[Sentence]) -> tuple[Citation, ...]:
    groups = [list(own) for _, own in groupby(sentences, key=lambda one: one.utterance)]
    return tuple(citation([word for one in group for word in one.words]) for group in groups)


def _due(answer: Answer, sentences: Sequence[Sentence], dialogue: Dialogue) -> Due | None:
    """Return the due date of an answer if its wording is in the quotes, with the day that the rules compute."""
    if answer.due is None:
        return None
    said = dialogue.norm(answer.due.split())
    for one in sentences:
        if f" {said} " in f" {one.norm} ":
            if dialogue.lexicon is None:
                return Due(answer.due, None)
            in_sentence = find_due(one.norm, dialogue.lexicon, dialogue.day)
            named = [due for due in in_sentence if due.day and f" {said} " in f" {due.said} "]
            found = named or [due for due in find_due(said, dialogue.lexicon, dialogue.day) if due.day]
            last = found[-1] if found else read_by_dateparser(said, dialogue)
            day = last.day if last and dialogue.day else None
            return Due(answer.due, day.isoformat() if day else None)
    return None
