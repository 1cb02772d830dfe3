"""Transfer word ids from one transcript of a recording to a later one, by aligning the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from rapidfuzz.distance import Levenshtein

from meetscribe.text.whitespace import without_whitespace
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_ids import assign_word_ids, id_prefix
from meetscribe.transcript.words import Word


def transfer_word_ids(before: Transcript, after: Transcript) -> Transcript:
    """Return `after` with the ids of the aligned words of `before`.

    Words align if they are equal, ignoring case and white space, in the same order. Other words keep their id, or get a
    new one if they have none or a word of `before` has the same id. If `before` has no ids, `after` is returned
    unchanged.
    """
    old = {word.id for word in before.words if word.id is not None}
    if not old:
        return after
    aligned = _aligned_ids(before.words, after.words)
    ids = [id or (None if word.id in old else word.id) for word, id in zip(after.words, aligned, strict=True)]
    prefix = id_prefix(after)
    taken = {*old, *filter(None, ids)}
    unused = (id for number in count(len(ids)) if (id := f"{prefix}-{number}") not in taken)
    return assign_word_ids(after, [id or next(unused) for id in ids])


def aligned_words(before: Sequence[Word], after: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Yield the pairs of aligned words: equal, ignoring case and white space, in the same order."""
    for change in Levenshtein.opcodes(_folded(before), _folded(after)):
        if change.tag == "equal":
            yield from zip(
                before[change.src_start : change.src_end], after[change.dest_start : change.dest_end], strict=True
            )


def _aligned_ids(before: Sequence[Word], after: Sequence[Word]) -> list[str | None]:
    """Return, for each word of `after`, the id of the aligned word of `before`."""
    ids = {id(new): old.id for old, new in aligned_words(before, after)}
    return [ids.get(id(word)) for word in after]


def _folded(words: Sequence[Word]) -> list[str]:
    return [without_whitespace(word.text).casefold() for word in words]
