"""Errors of words and characters by edit distance (Levenshtein 1966); who said them is not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.rates import ErrorRate
from meetscribe.text.whitespace import without_whitespace

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mismatches: TypeAlias = npt.NDArray[np.uint16]


def wer(reference: Sequence[str], hypothesis: Sequence[str]) -> ErrorRate:
    """The word error rate of one list of words against another, compared as they are: normalise them first.

    Raises TypeError for plain text, whose items would be its characters.

    >>> print(wer(["so", "it", "goes"], ["so", "it", "went", "on"]))
    66.7 % (2/3; 1 ins 0 del 1 sub)
    """
    if isinstance(reference, str) or isinstance(hypothesis, str):
        raise TypeError("wer compares lists of words: give it normalize(text), or use cer for characters")
    return _count(reference, hypothesis)


def cer(reference: str, hypothesis: str) -> ErrorRate:
    """The character error rate, spaces left out: for scripts that write no spaces between words."""
    return _count(without_whitespace(reference), without_whitespace(hypothesis))


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> list[tuple[int, int]]:
    """The indices of words that stand for each other, equal or substituted, in a least edit alignment."""
    return [
        pair
        for block in Levenshtein.opcodes(reference, hypothesis)
        if block.tag in ("equal", "replace")
        for pair in zip(range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True)
    ]


def distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """The least number of edits between the two."""
    return Levenshtein.distance(reference, hypothesis)


def mismatches(words: Iterable[str], stream: Sequence[str]) -> dict[str, Mismatches]:
    """For each of the words 0 where the stream has it, else 1."""
    import numpy as np

    found = np.array(stream)
    return {word: (found != word).astype(np.uint16) for word in set(words)}


def edits_with(
    edits: npt.NDArray[Any], words: Sequence[str], missed: Mapping[str, Mismatches]
) -> npt.NDArray[np.int32]:
    """The least edits for each place in a stream, the last axis of `edits`, once the words are appended as well.

    `missed` are the mismatches of the stream, one fewer than places.
    """
    import numpy as np

    count = np.arange(edits.shape[-1], dtype=np.int32)
    edits = edits.astype(np.int32)
    for word in words:
        best = edits + 1
        np.minimum(best[..., 1:], edits[..., :-1] + missed[word], out=best[..., 1:])
        edits = np.minimum.accumulate(best - count, axis=-1) + count
    return edits


def _count(reference: Sequence[str], hypothesis: Sequence[str]) -> ErrorRate:
    edits = [edit.tag for edit in Levenshtein.editops(reference, hypothesis)]
    return ErrorRate(
        errors=len(edits),
        length=len(reference),
        insertions=edits.count("insert"),
        deletions=edits.count("delete"),
        substitutions=edits.count("replace"),
    )
