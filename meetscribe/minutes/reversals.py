"""Later statements that overturn an earlier one: corrections, withdrawals and opposite decisions."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import find_due

NEAR = 4
"""The number of utterances after a statement in which "no, Thursday" is about it."""

_EARLY = 20  # characters: where a withdrawal begins


def later_reversals(dialogue: Dialogue, statement: Sentence, topic: frozenset[str]) -> Iterator[Sentence]:
    """Yield the sentences that overturn a statement about a topic, in order.

    Within `NEAR` utterances, a cue of correction with a due date, or with a word of the topic, is enough; so is a
    withdrawal. Later, two words of the topic, or half of them, must recur.
    """
    lexicon = dialogue.lexicon
    if lexicon is None:
        return
    for sentence in dialogue.all_with("reversal", "withdrawal"):
        if sentence.number <= statement.number:
            continue
        near = sentence.utterance - statement.utterance <= NEAR
        reversal = dialogue.find("reversal", sentence)
        withdrawn = dialogue.find("withdrawal", sentence) if near else None
        shared = len(dialogue.content(sentence.norm) & topic)
        dated = any(due.day for due in find_due(sentence.norm, lexicon, dialogue.day))
        begins = reversal is not None and reversal.start() <= 12
        at_once = near and begins and (dated or shared > 0)
        given_up = withdrawn is not None and withdrawn.start() <= _EARLY and not dated
        again = shared >= 2 or (begins and 0 < len(topic) / 2 <= shared)
        if at_once or given_up or again:
            yield sentence
