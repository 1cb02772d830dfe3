"""Verify the items of minutes, whether rules, a language model or another program made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.due_dates import due_day, find_due
from meetscribe.minutes.reversals import later_reversals
from meetscribe.minutes.verification.facts import dates, names, negation_differs, numbers
from meetscribe.minutes.verification.people import agreement_problems, cited_sentences, owner_problems
from meetscribe.minutes.verification.quotes import content_problems, quote_problems
from meetscribe.transcript.display import clock
from meetscribe.transcript.notes import Item, Minutes, Verdict
from meetscribe.transcript.values import Transcript

MIN_SUPPORT = 0.5
"""The least score of the verdict *supported*.

By rules, the score is the share of an item's content words in its quotes, by a model the probability that it gives.
"""


def verify(minutes: Minutes, transcript: Transcript) -> Minutes:
    """Return minutes with a verdict *said* on each item and candidate, computed from the transcript as edited.

    A verdict *supported* that an item has is kept, whether by a model or by rules, even if the transcript was edited
    since; without one, it is given by rules.
    """
    dialogue = Dialogue(transcript)
    index = WordIndex(dialogue.transcript.words)
    return replace(
        minutes,
        items=tuple(verified(item, dialogue, index) for item in minutes.items),
        candidates=tuple(verified(item, dialogue, index) for item in minutes.candidates),
    )


def verified(item: Item, dialogue: Dialogue, index: WordIndex) -> Item:
    """Return an item with both verdicts; a verdict *supported* that it has is kept."""
    problems = tuple(dict.fromkeys(item_problems(item, dialogue, index)))
    supported = item.supported or support(item, dialogue)
    return replace(item, said=Verdict(not problems, "code", problems=problems), supported=supported)


def item_problems(item: Item, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield all problems of an item; see the README of this room for the list of checks."""
    broken = [problem for one in item.citations for problem in quote_problems(one, dialogue, index)]
    yield from broken
    if broken:
        return
    yield from content_problems(item.citations, dialogue)
    yield from _fact_problems(item, dialogue, index)
    yield from _due_problems(item, dialogue)
    if item.kind == "action":
        yield from owner_problems(item, dialogue, index)
    if item.kind in ("action", "decision"):
        yield from agreement_problems(item, dialogue, index)
        yield from _reversal_problems(item, dialogue, index)
    if item.kind == "decision":
        yield from _undecided_problems(item, dialogue, index)


def support(item: Item, dialogue: Dialogue) -> Verdict:
    """Return the verdict by rules: the share of the content words of the text that the quotes have.

    Words are compared by their first letters, so it recognises forms of a word but no synonyms.
    """
    own = dialogue.content(dialogue.norm(item.text.split()))
    quoted = frozenset().union(*(dialogue.content(dialogue.norm(one.quote.split())) for one in item.citations))
    share = round(len(own & quoted) / len(own), 4) if own else 1.0
    return Verdict(share >= MIN_SUPPORT, "rules", share)


def _fact_problems(item: Item, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield the numbers, dates, names and negations of an item that its quotes do not have.

    Names of its owners and of the cited speakers are allowed.
    """
    quotes = " ".join(citation.quote for citation in item.citations)
    known = {index.speaker(citation) for citation in item.citations}
    known |= {index.name(one, dialogue.unedited) for one in item.owners}
    for number in sorted(numbers(item.text, dialogue.lexicon) - numbers(quotes, dialogue.lexicon)):
        yield f"the number {number} was not said"
    for day in sorted(dates(item.text, dialogue.lexicon) - dates(quotes, dialogue.lexicon)):
        yield f"“{day}” was not said"
    for name in sorted(names(item.text, dialogue) - names(quotes, dialogue)):
        if name not in known:
            yield f"{name} was not named"
    if negation_differs(item.text, quotes, dialogue):
        yield "the quotes and the text differ in a negation"


def _due_problems(item: Item, dialogue: Dialogue) -> Iterator[str]:
    """Yield the problems of a due date: its wording was not said, or means another day."""
    if item.due is None or not (item.due.said or dialogue.lexicon):
        return  # without rules, no wording is found for a day that another program gives
    said = dialogue.norm(item.due.said.split())
    quotes = [dialogue.norm(citation.quote.split()) for citation in item.citations]
    if not any(f" {said} " in f" {quote} " for quote in quotes):
        yield f"“{item.due.said}” was not said"
    elif item.due.day and dialogue.lexicon and dialogue.day:
        dues = [due for quote in quotes for due in find_due(quote, dialogue.lexicon, dialogue.day) if due.day]
        same = [due for due in dues if f" {said} " in f" {due.said} " or f" {due.said} " in f" {said} "]
        days = {due.day for due in same or dues}
        days |= {day} if (day := due_day(said, dialogue.lexicon, dialogue.day)) else set()
        if days and date.fromisoformat(item.due.day[:10]) not in days:
            yield f"“{item.due.said}” is not {item.due.day}"


def _reversal_problems(item: Item, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield the first statement after the cited sentences that overturns an item."""
    cited = cited_sentences(item, dialogue, index)
    latest = max(cited, key=lambda one: one.number)
    topic = dialogue.content(dialogue.norm(item.citations[0].quote.split()))
    for sentence in later_reversals(dialogue, latest, topic, withdrawable=item.kind != "decision"):
        yield f"overturned at {clock(sentence.start)}: “{sentence.text}”"
        return


def _undecided_problems(item: Item, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield a problem if a decision cites only questions."""
    cited = cited_sentences(item, dialogue, index)
    if cited and all(sentence.is_question for sentence in cited):
        yield "it was asked, and not decided"
