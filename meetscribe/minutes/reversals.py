"""Later statements that overturn an earlier one: corrections and withdrawals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import find_due

NEAR = 4
"""The largest distance in utterances at which a correction that shares one word with a statement refers to it."""

_ADJACENT = 2  # the same for corrections without a shared word, such as "no, Thursday" and "never mind"

_CORRECTION_WITHIN = 12  # characters in which a correction begins
_WITHDRAWAL_WITHIN = 20  # characters in which a withdrawal begins


def later_reversals(
    dialogue: Dialogue, statement: Sentence, topic: frozenset[str], *, withdrawable: bool = True
) -> Iterator[Sentence]:
    """Yield the sentences that overturn a statement, in order; `topic` has its content words.

    Corrections and withdrawals are sentences with the cues `reversal` and `withdrawal`. A sentence overturns the
    statement in one of four ways:

    - Within two utterances, and if nothing else is stated in between, it begins with a correction and has a
      due date with a day.
    - Likewise, it begins with a withdrawal ("never mind", "it can wait") and has no such due date, but only if the
      statement is `withdrawable`, as a request is and a decision is not.
    - Within `NEAR`, it begins with a correction and has a word of the topic.
    - At any distance, it has two words of the topic and a correction or a withdrawal anywhere, or begins with a
      correction and has at least half of the words of the topic.
    """
    lexicon = dialogue.lexicon
    if lexicon is None:
        return
    for sentence in dialogue.all_with("reversal", "withdrawal"):
        if sentence.number <= statement.number:
            continue
        near = sentence.utterance - statement.utterance <= NEAR
        reversal = dialogue.find("reversal", sentence)
        withdrawn = dialogue.find("withdrawal", sentence) if near and withdrawable else None
        shared = len(dialogue.content(sentence.norm) & topic)
        dated = any(due.day for due in find_due(sentence.norm, lexicon, dialogue.reference_day))
        begins = reversal is not None and reversal.start() <= _CORRECTION_WITHIN
        adjacent = sentence.utterance - statement.utterance <= _ADJACENT and not _intervenes(
            dialogue.sentences[statement.number + 1 : sentence.number], dialogue
        )
        at_once = near and begins and ((dated and adjacent) or shared > 0)
        given_up = adjacent and withdrawn is not None and withdrawn.start() <= _WITHDRAWAL_WITHIN and not dated
        again = shared >= 2 or (begins and 0 < len(topic) / 2 <= shared)
        if at_once or given_up or again:
            yield sentence


def _intervenes(between: Sequence[Sentence], dialogue: Dialogue) -> bool:
    """Return whether one of the sentences states another matter to which a correction may refer."""
    cues = ("request", "commitment", "decision", "proposal")
    return any(len(dialogue.content(one.norm)) > 1 and any(dialogue.has(cue, one) for cue in cues) for one in between)
