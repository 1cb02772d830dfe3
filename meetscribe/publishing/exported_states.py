"""The corrections that a copy lacks because it was exported before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby

from meetscribe.publishing.destinations import EARLIER_STATES
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds
from meetscribe.transcript import Assign, Edit, Merge, Rename, Transcript
from meetscribe.transcript.comparison.importing import Difference
from meetscribe.transcript.comparison.tokens import comparable, name_key
from meetscribe.transcript.edits.application import unapplied_edits
from meetscribe.transcript.edits.values import Delete, Insert, Replace

_NEAR: Seconds = 1.0  # a difference this close to a correction may undo it; chosen by hand


def missing_corrections(transcript: Transcript, copy: Transcript, differences: Sequence[Difference]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the corrections that a copy lacks, as if it had been exported before them.

    A correction is missing if fewer words differ without it, regardless of their order. Corrections made in the same
    second are taken together, and only those that may cause one of the `differences` are tried; of the corrections of
    speakers, the latest `EARLIER_STATES`.
    """
    edits, missing, tried = transcript.meta.edits, set[int](), 0
    unapplied = set(unapplied_edits(transcript))
    surplus = _texts(transcript.edited())  # how many times more often than the copy
    surplus.subtract(_texts(copy))
    for step in _steps(edits, differences) if copy.words else ():
        reverted = [edits[number - 1] for number in step if number not in unapplied]
        change = _change_without(reverted)
        if any(isinstance(edit, Rename | Merge | Assign) for edit in reverted):
            tried += 1
            closer = tried <= EARLIER_STATES and _is_closer(transcript, copy, missing | step, missing)
        else:
            closer = sum(abs(surplus[text] + more) - abs(surplus[text]) for text, more in change.items()) < 0
        if closer:
            missing |= step
            surplus.update(change)
    return tuple(sorted(missing))


def _steps(edits: Sequence[Edit], differences: Sequence[Difference]) -> Iterator[set[int]]:
    """Yield the numbers of the corrections of each second that may cause a difference, the latest first."""
    numbered = list(enumerate(edits, start=1))[::-1]
    for _, group in groupby(numbered, key=lambda pair: pair[1].made or pair[0]):
        step = dict(group)
        if any(_may_cause(edit, difference) for edit in step.values() for difference in differences):
            yield set(step)


def _may_cause(edit: Edit, difference: Difference) -> bool:
    if isinstance(edit, Rename | Merge):
        return difference.kind in ("rename", "assign")
    return difference.start - _NEAR <= edit.end and edit.start <= difference.end + _NEAR


def _is_closer(transcript: Transcript, copy: Transcript, first: Container[int], second: Container[int]) -> bool:
    """Return whether fewer words and names differ without the corrections `first` than without `second`."""
    spoken, distances = _words(copy), []
    for left_out in (first, second):
        kept = [edit for number, edit in enumerate(transcript.meta.edits, start=1) if number not in left_out]
        words = _words(transcript.with_meta(edits=kept).edited())
        distances.append((words - spoken).total() + (spoken - words).total())
    return bool(copy.speakers) and distances[0] < distances[1]


def _change_without(edits: Iterable[Edit]) -> Counter[str]:
    """Return how many times more often each word occurs without these corrections of words."""
    change: Counter[str] = Counter()
    for edit in edits:
        if isinstance(edit, Replace | Insert):
            change.subtract(map(comparable, split_words(edit.text)))
        if isinstance(edit, Replace | Delete):
            change.update(map(comparable, split_words(edit.quote)))
    return change


def _texts(transcript: Transcript) -> Counter[str]:
    """Return the words of an edited transcript, as often as they occur."""
    return Counter(comparable(part) for word in transcript.words for part in split_words(word.text))


def _words(transcript: Transcript) -> Counter[tuple[str, str]]:
    """Return the words of an edited transcript with their speakers, as often as they occur."""
    return Counter(
        (name_key(word.speaker), comparable(part)) for word in transcript.words for part in split_words(word.text)
    )
