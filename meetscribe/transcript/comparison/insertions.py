"""Insertions in a copy as edits: position, segment, speaker and times."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.timeline import Span
from meetscribe.transcript.comparison.changes import TextChange
from meetscribe.transcript.comparison.comparing import Comparison
from meetscribe.transcript.edits.values import Insert
from meetscribe.transcript.edits.word_edits import insertion
from meetscribe.transcript.words import Segment, Word


def between_neighbours(compared: Comparison, change: TextChange) -> TextChange:
    """Return an insertion with new neighbours if its neighbours in the copy are not its neighbours in time.

    This concerns a separate segment of a copy with another order of segments: the word before it starts later, or the
    word after it earlier. Its new place is between two segments of the transcript. Other changes are returned
    unchanged.
    """
    if change.words or not change.separate or _share_segment(compared, change):
        return change
    start, words = min(word.start for word in _words_of_copy(compared, change)), compared.words
    late = change.after is not None and words[change.after].start > start
    early = change.before is not None and words[change.before].start < start
    if not late and not early:
        return change
    numbers = compared.segment_numbers
    firsts = [0, *(index for index in range(1, len(numbers)) if numbers[index] != numbers[index - 1])]
    before = next((index for index in firsts if words[index].start > start), None)
    after = len(words) - 1 if before is None else before - 1
    return replace(change, before=before, after=None if after < 0 else after)


def insertion_edit(compared: Comparison, change: TextChange, text: str, *, clipped: bool = True) -> Insert:
    """Return the edit that inserts words at the times of the copy.

    If `clipped`, words in an existing segment do not overlap their neighbours; a new segment is never clipped. Words of
    a different speaker become a new segment; so do words in a separate segment of the copy, unless the words on both
    sides share a segment of the transcript. Words without a name in the copy take the speaker of their neighbours; as a
    new segment, they have no speaker.
    """
    words, assigned = compared.words, compared.speakers.assigned
    after, before = (None if index is None else words[index] for index in (change.after, change.before))
    copied = _words_of_copy(compared, change)
    beside = change.before if change.after is None else change.after
    host = None if beside is None else assigned.get(beside, words[beside].speaker)
    name = copied[0].speaker
    label = host if name is None else compared.speakers.label_of(name)
    within = not change.separate or _share_segment(compared, change)
    new_segment = beside is None or not within or label != host
    if not within and name is None:
        label = None
    # The empty span is replaced by the times of the copy below.
    edit = insertion(text, Span(0.0, 0.0), after=after, before=before, speaker=label, new_segment=new_segment)
    span = Segment(tuple(copied)).span
    if clipped and not new_segment:
        span = _between(span, after, before if _share_segment(compared, change) or after is None else None)
    return replace(edit, start=span.start, end=span.end)


def _share_segment(compared: Comparison, change: TextChange) -> bool:
    """Return whether the words on both sides of an insertion are in one segment."""
    if change.after is None or change.before is None:
        return False
    return compared.segment_numbers[change.after] == compared.segment_numbers[change.before]


def _between(span: Span, after: Word | None, before: Word | None) -> Span:
    """Return the span clipped to the pause between its neighbours."""
    first = 0.0 if after is None else after.end
    last = max(first, span.end if before is None else before.start)
    start = min(max(span.start, first), last)
    return Span(start, min(max(span.end, start), last))


def _words_of_copy(compared: Comparison, change: TextChange) -> list[Word]:
    """Return the inserted words of the copy."""
    copies = compared.copy.words
    return [copies[index] for token in change.tokens for index in token.words]
