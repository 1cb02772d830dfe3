"""Edits from a corrected copy of a transcript, with a list of the differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from meetscribe.timeline import Seconds
from meetscribe.transcript.comparison.assignments import assignments
from meetscribe.transcript.comparison.changes import TextChange
from meetscribe.transcript.comparison.comparing import Comparison, compare
from meetscribe.transcript.comparison.insertions import between_neighbours, insertion_edit
from meetscribe.transcript.comparison.retimings import retimings
from meetscribe.transcript.comparison.tokens import text_of
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.values import Edit, Rename
from meetscribe.transcript.edits.word_edits import deletion, now, replacement, retiming
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment

DifferenceKind: TypeAlias = Literal["rename", "assign", "replace", "delete", "insert", "times"]

Times: TypeAlias = Literal["original", "edited"]
"""The source of the words' times: the transcript or the corrected copy."""

TIMES: tuple[str, ...] = get_args(Times)

FoundEdit: TypeAlias = "tuple[Difference, Edit | None]"
"""A difference, and its edit or None if no edit can express it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between a transcript and a copy.

    `before` and `after` are the names of speakers ("rename", "assign"), time spans such as "0:00:01.0-0:00:02.5"
    ("times"), or texts, of which an insertion or deletion has only one. `text` is the text of words whose speaker or
    times changed, otherwise empty. `applied` is False if no edit can express the difference, because words of another
    speaker have the same times.
    """

    kind: DifferenceKind
    start: Seconds
    end: Seconds
    before: str
    after: str
    text: str = ""
    applied: bool = True


def import_corrections(
    transcript: Transcript,
    edited: Transcript,
    times: Times = "original",
    *,
    written: Iterable[Transcript] = (),
    source: str | None = None,
) -> tuple[tuple[Edit, ...], tuple[Difference, ...]]:
    """Return the edits that make a transcript equal to a corrected copy, and the differences.

    `written` are variants of the transcript, converted to the format of the copy; they distinguish losses of the format
    from corrections. Words keep their times unless `times` is "edited". Inserted words take the times of the copy; in
    an existing segment, these are limited to the pause between their neighbours unless `times` is "edited". Speakers
    are compared if the copy has any. `source` becomes the source of the edits of words. The differences are in order of
    time, after the renamed speakers. Raises InputError if less than 20 % of the words match, or if the copy has no
    words although its format has words.
    """
    compared = compare(transcript, edited, written, times=times == "edited")
    renamed = list(_renames(compared))
    assigned = list(_assignments(compared))
    moved = list(_retimings(compared, source)) if times == "edited" else []
    changes = [between_neighbours(compared, change) for change in compared.text_changes]
    texts = [(change, *_text_edit(compared, change, source, times)) for change in changes]
    # Of the changes of text, insertions come first, while their neighbours exist; several after one word are reversed.
    following = [edit for change, _, edit in texts if not change.words and change.after is not None]
    preceding = [edit for change, _, edit in texts if not change.words and change.after is None]
    others = [edit for change, _, edit in texts if change.words]
    rename = [Rename(dict(compared.speakers.names), now())] if renamed else []
    first = [*rename, *(edit for _, edit in (*assigned, *moved) if edit is not None)]
    differences = [found for found, *_ in (*assigned, *moved)] + [found for _, found, _ in texts]
    edits = (*first, *preceding, *reversed(following), *others)
    return edits, (*renamed, *sorted(differences, key=lambda one: one.start))


def _retimings(compared: Comparison, source: str | None) -> Iterator[FoundEdit]:
    """Yield the passages with new times."""
    for found in retimings(compared):
        words = [compared.words[index] for index in found.words]
        edit = replace(retiming(words, found.times, exact=found.exact), source=source)
        first, last = min(start for start, _ in found.times), max(end for _, end in found.times)
        before, after = f"{clock(edit.start)}-{clock(edit.end)}", f"{clock(first)}-{clock(last)}"
        yield Difference("times", edit.start, edit.end, before, after, edit.quote), edit


def _renames(compared: Comparison) -> Iterator[Difference]:
    """Yield a difference for each speaker with a new name, at the first word."""
    for label, name in compared.speakers.names.items():
        index = next(index for index, word in enumerate(compared.words) if word.speaker == label)
        word = compared.named[index]
        yield Difference("rename", word.start, word.end, word.speaker or label, name)


def _assignments(compared: Comparison) -> Iterator[FoundEdit]:
    """Yield the words that get another speaker."""
    speakers = compared.speakers
    names = {label: name for name, label in speakers.labels.items()}
    both = zip(compared.words, compared.named, strict=True)
    # The name of each label after the renamings.
    shown = {labelled.speaker: named.speaker for labelled, named in both} | dict(speakers.names)
    for found in assignments(compared.words, speakers.assigned):
        words = [compared.named[index] for index in found.words]
        after = shown.get(found.speaker) or names.get(found.speaker, found.speaker)
        passage = Segment(tuple(words))
        edit = None if found.edit is None else replace(found.edit, made=now())
        before = words[0].speaker or ""
        applied = edit is not None
        yield Difference("assign", passage.start, passage.end, before, after, passage.text, applied), edit


def _text_edit(compared: Comparison, change: TextChange, source: str | None, times: Times) -> tuple[Difference, Edit]:
    """Return the difference and the edit of a change of text."""
    text = text_of(change.tokens)
    if not change.words:
        inserted = insertion_edit(compared, change, text, clipped=times == "original")
        return Difference("insert", inserted.start, inserted.end, "", text), replace(inserted, source=source)
    words = [compared.words[index] for index in change.words]
    edit = replacement(words, text) if text else deletion(words)
    kind: DifferenceKind = "replace" if text else "delete"
    return Difference(kind, edit.start, edit.end, edit.quote, text), replace(edit, source=source)
