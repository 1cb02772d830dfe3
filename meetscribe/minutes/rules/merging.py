"""One item for repeated statements: repetitions are merged, corrections replace, and reversals remove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.reversals import later_reversals
from meetscribe.minutes.rules.candidates import Candidate, due_of, is_further_task

_SAME = 0.6  # share of the content words of the shorter statement that two candidates share
_NEAR = 5  # utterances
_CLOSE = 2  # utterances between an action and its continuation by the same owner
_LITTLE = 3  # content words up to which a continuation need not share any


def merge_repetitions(candidates: Iterable[Candidate], dialogue: Dialogue) -> list[Candidate]:
    """Merge candidates of one kind about the same thing into the first of them; later due dates count."""
    merged: list[Candidate] = []
    for candidate in candidates:
        earlier = next((one for one in reversed(merged) if _is_same(one, candidate, dialogue)), None)
        if earlier is None:
            merged.append(candidate)
            continue
        earlier.support += [candidate.statement, *candidate.support]
        earlier.score = max(earlier.score, candidate.score)
        if candidate.due and (candidate.due.day or not earlier.due):
            earlier.due, earlier.due_sentence = candidate.due, candidate.due_sentence or candidate.statement
        if candidate.agreed and (earlier.status == "proposed" or not earlier.agreed):
            earlier.status, earlier.owners, earlier.agreed = "agreed", candidate.owners, candidate.agreed
    return merged


def apply_reversals(candidates: Iterable[Candidate], dialogue: Dialogue) -> list[Candidate]:
    """Apply later corrections, and remove withdrawn and overturned items.

    Of actions, a new date or owner is used and cited. What another candidate replaces is removed and cited by that one.
    """
    candidates = list(candidates)
    stated = {one.statement.number: one for one in candidates}
    kept = []
    for candidate in candidates:
        reversals = list(_reversals(candidate, dialogue))
        if all(_corrected(candidate, sentence, stated, dialogue) for sentence in reversals):
            kept.append(candidate)
    return kept


def _reversals(candidate: Candidate, dialogue: Dialogue) -> Iterator[Sentence]:
    """Yield the sentences that overturn a candidate."""
    withdrawable = candidate.kind != "decision"
    return later_reversals(dialogue, candidate.latest, candidate.content(dialogue), withdrawable=withdrawable)


def _is_same(earlier: Candidate, later: Candidate, dialogue: Dialogue) -> bool:
    """Return whether two candidates are one item: their owners do not differ, and they share content words.

    A continuation of the earlier one (`_continues`) with few content words need not share any.
    """
    if earlier.kind != later.kind:
        return False
    if earlier.owners and later.owners and set(earlier.owners) != set(later.owners):
        return False
    ours, theirs = earlier.content(dialogue), later.content(dialogue)
    shared = len(ours & theirs)
    near = later.statement.utterance - earlier.latest.utterance <= _NEAR
    around = frozenset().union(*(dialogue.content(one.norm) for one in earlier.sentences))
    if near and theirs and theirs <= around and set(earlier.owners) == set(later.owners):
        return True
    if _continues(earlier, later):
        if theirs & around:
            return True
        if not is_further_task(later.statement, earlier.statement, dialogue):
            return len(theirs) <= _LITTLE
    enough = shared >= _SAME * max(1, min(len(ours), len(theirs)))
    return enough and (shared >= 2 or (near and shared >= 1))


def _continues(earlier: Candidate, later: Candidate) -> bool:
    """Return whether an action soon follows another of the same owner, whose date or details it may give.

    A proposed action without an owner may follow that of anybody.
    """
    apart = later.statement.utterance - earlier.latest.utterance
    same = later.owners == earlier.owners if later.status == "agreed" else set(later.owners) <= set(earlier.owners)
    return later.kind == "action" and same and apart <= _CLOSE and not later.everyone


def _corrected(candidate: Candidate, sentence: Sentence, stated: dict[int, Candidate], dialogue: Dialogue) -> bool:
    """Take a correction over; return whether the candidate still stands."""
    due = due_of(sentence, dialogue)
    if candidate.kind == "action" and due is not None and due.day is not None:
        candidate.due, candidate.due_sentence = due, sentence
        candidate.support.append(sentence)
        return True
    other = stated.get(sentence.number)
    if other is not None and other is not candidate and other.kind == candidate.kind:
        other.support.append(candidate.statement)
        return False
    if candidate.kind == "action" and dialogue.has("commitment", sentence) and sentence.speaker:
        candidate.owners, candidate.agreed = [sentence.speaker], {sentence.speaker: sentence}
        candidate.everyone, candidate.status = False, "agreed"
        candidate.support.append(sentence)
        return True
    return False
