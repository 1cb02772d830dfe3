"""Faults planted in minutes, which the verifier must refuse."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.dialogue import Dialogue, token_of
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.transcript.notes import Citation, Due, Item, Person
from tests.minutes.scoring import Meeting, as_transcript

FAULTS = 200
"""The number of faults planted."""

Fault = Callable[[Item, Dialogue, random.Random], Item | None]


def planted_faults(group: Sequence[Meeting]) -> Iterator[tuple[str, Item, Dialogue]]:
    """Yield items that were said, with a fault planted in each, `FAULTS` in all; kinds of faults take turns."""
    source = random.Random(1)
    dialogues = [Dialogue(as_transcript(meeting)) for meeting in group]
    items = [(item, one) for one in dialogues for item in minutes_by_rules(one.transcript).items]
    source.shuffle(items)
    kinds, count = list(FAULT_KINDS.items()), 0
    for turn in range(100 * FAULTS):
        item, dialogue = items[turn % len(items)]
        name, fault = kinds[(turn // len(items) + turn) % len(kinds)]
        faulty = fault(item, dialogue, source)
        if faulty is not None:
            yield name, faulty, dialogue
            count += 1
        if count == FAULTS:
            return


def negated(item: Item, dialogue: Dialogue, source: random.Random) -> Item:
    """Return the item with a negation that was not said, or without the one that was."""
    lexicon = dialogue.lexicon
    assert lexicon is not None
    words = [word for word in item.text.split() if not lexicon.has("negations", dialogue.norm([word]))]
    negation = "nicht" if dialogue.language == "de" else "not"
    return replace(item, text=" ".join(words if len(words) < len(item.text.split()) else [negation, *words]))


def renumbered(item: Item, dialogue: Dialogue, source: random.Random) -> Item:
    """Return the item with a number that was not said."""
    return replace(item, text=f"{item.text} {source.randrange(1000, 9999)}")


def one_word(item: Item, dialogue: Dialogue, source: random.Random) -> Item:
    """Return the item with a quote of one word."""
    words = WordIndex(dialogue.transcript.words).own_words(item.citations[0])
    word = source.choice(words)
    assert word.id is not None
    return replace(item, citations=(Citation(word.id, word.id, word.text),))


def across(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return the item with a quote that goes on into the next speaker's utterance."""
    index = WordIndex(dialogue.transcript.words)
    first = index.positions[item.citations[0].first_word]
    speaker = index.words[first].speaker
    end = next((n for n in range(first, len(index.words)) if index.words[n].speaker != speaker), None)
    if end is None:
        return None
    words = index.words[first : end + 1]
    quote = " ".join(word.text for word in words)
    return replace(item, citations=(Citation(words[0].id or "", words[-1].id or "", quote),))


def inside_word(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return the item with a quote that begins inside a word."""
    first = item.citations[0]
    if not re.match(r"\w{3}", first.quote):
        return None
    return replace(item, citations=(replace(first, quote=first.quote[1:]), *item.citations[1:]))


def other_owner(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return an action as that of a participant who neither speaks nor is named in its quotes."""
    quotes = dialogue.norm(" ".join(one.quote for one in item.citations).split())
    named = set(dialogue.people_in(quotes))
    index = WordIndex(dialogue.transcript.words)
    named |= {index.speaker(one) or "" for one in item.citations}
    others = [name for name in dialogue.speakers if name not in named]
    if item.kind != "action" or not others:
        return None
    return replace(item, owners=(Person(source.choice(others)),), everyone=False)


def invented_agreement(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return an action that nobody accepted as agreed, or one with the agreement of a participant who is silent."""
    faulty = other_owner(item, dialogue, source)
    return faulty and replace(item, agreed_by=faulty.owners, status="agreed")


def proposed_as_agreed(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return a proposed action as agreed."""
    return replace(item, status="agreed") if item.kind == "action" and item.status == "proposed" else None


def other_day(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return an action with a due date that its wording does not mean."""
    if item.due is None or item.due.day is None:
        return None
    day = date.fromisoformat(item.due.day) + timedelta(source.choice((1, 7)))
    return replace(item, due=Due(item.due.said, day.isoformat()))


def invented_id(item: Item, dialogue: Dialogue, source: random.Random) -> Item:
    """Return the item with the id of a word that does not exist."""
    return replace(item, citations=(replace(item.citations[0], first_word=f"u{source.randrange(9999):04}"),))


def swapped_words(item: Item, dialogue: Dialogue, source: random.Random) -> Item | None:
    """Return the item with two neighbouring words of the quote exchanged."""
    words = item.citations[0].quote.split()
    if len(words) < 3 or token_of(words[0]) == token_of(words[1]):
        return None
    quote = " ".join([words[1], words[0], *words[2:]])
    return replace(item, citations=(replace(item.citations[0], quote=quote), *item.citations[1:]))


FAULT_KINDS: Mapping[str, Fault] = {
    "negation": negated,
    "number": renumbered,
    "one word": one_word,
    "across speakers": across,
    "inside a word": inside_word,
    "other owner": other_owner,
    "invented agreement": invented_agreement,
    "proposed as agreed": proposed_as_agreed,
    "other day": other_day,
    "invented id": invented_id,
    "other order": swapped_words,
}
