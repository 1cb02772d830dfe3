"""Word and character error rate by edit distance (Levenshtein 1966), ignoring speakers and times."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.metrics.error_rates import ErrorRate
from meetscribe.text.whitespace import without_whitespace


def wer(reference: Sequence[str], hypothesis: Sequence[str]) -> ErrorRate:
    """Return the word error rate of two lists of words, which are compared unchanged: normalize them first.

    Raises TypeError for a string, whose items would be characters, and for items that are not strings, such as `Word`
    values.

    >>> print(wer(["so", "it", "goes"], ["so", "it", "went", "on"]))
    66.7 % (2/3; 1 ins 0 del 1 sub)
    """
    if isinstance(reference, str) or isinstance(hypothesis, str):
        raise TypeError("wer compares lists of words: pass normalize(text), or use cer for characters")
    if not all(isinstance(word, str) for word in (*reference, *hypothesis)):
        raise TypeError("wer compares lists of strings: pass normalize(text), or texts(scored_words(transcript))")
    return _count(reference, hypothesis)


def cer(reference: str, hypothesis: str) -> ErrorRate:
    """Return the character error rate, ignoring white space; for scripts without spaces between words."""
    return _count(without_whitespace(reference), without_whitespace(hypothesis))


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> list[tuple[int, int]]:
    """Return the index pairs of equal or substituted words in an alignment with the fewest edits."""
    return [
        pair
        for block in Levenshtein.opcodes(reference, hypothesis)
        if block.tag in ("equal", "replace")
        for pair in zip(range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True)
    ]


def distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Return the smallest number of edits that turn one sequence into the other."""
    return Levenshtein.distance(reference, hypothesis)


def _count(reference: Sequence[str], hypothesis: Sequence[str]) -> ErrorRate:
    edits = [edit.tag for edit in Levenshtein.editops(reference, hypothesis)]
    return ErrorRate(
        errors=len(edits),
        length=len(reference),
        insertions=edits.count("insert"),
        deletions=edits.count("delete"),
        substitutions=edits.count("replace"),
    )
