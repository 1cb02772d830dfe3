"""The segments in which two states of a transcript differ, and words duplicated by a correction."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

from meetscribe.transcript.edits.values import Replace
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.words import Segment, Word


def changed_segments(before: Transcript, after: Transcript) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return the edited segments found only in `before`, and those found only in `after`."""
    old, new = before.edited().segments, after.edited().segments
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    removed: list[Segment] = []
    added: list[Segment] = []
    for tag, first, last, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed.extend(old[first:last])
            added.extend(new[low:high])
    return tuple(removed), tuple(added)


def repeated_words(before: Transcript, after: Transcript) -> tuple[Word, ...]:
    """Return the words that replacements since `before` duplicate, probably because the passage was too short.

    A word is duplicated if a speaker says it twice in a row, once in a replaced passage and once beside it; the second
    one is returned. Case and punctuation are ignored.
    """
    edits = [edit for edit in after.meta.edits if isinstance(edit, Replace) and edit not in before.meta.edits]
    if not edits:
        return ()
    replaced = {word for edit in edits for word in edit.words}
    prefixes = tuple(f"{edit.id}-" for edit in edits)  # of the ids of new words
    words = with_word_ids(after).edited().words
    new = [word.id is not None and (word.id in replaced or word.id.startswith(prefixes)) for word in words]
    return tuple(
        second
        for (first, second), (first_is_new, second_is_new) in zip(pairwise(words), pairwise(new), strict=True)
        if first_is_new != second_is_new
        and first.speaker == second.speaker
        and _bare(first.text) == _bare(second.text) != ""
    )


def _bare(text: str) -> str:
    """Return the letters and digits of a word in folded case."""
    return "".join(filter(str.isalnum, text)).casefold()
