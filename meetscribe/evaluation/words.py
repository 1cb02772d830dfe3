"""Errors of words and characters by edit distance (Levenshtein 1966); who said them is not here."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.rates import ErrorRate


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
    return _count("".join(reference.split()), "".join(hypothesis.split()))


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


def _count(reference: Sequence[str], hypothesis: Sequence[str]) -> ErrorRate:
    edits = [edit.tag for edit in Levenshtein.editops(reference, hypothesis)]
    return ErrorRate(
        errors=len(edits),
        length=len(reference),
        insertions=edits.count("insert"),
        deletions=edits.count("delete"),
        substitutions=edits.count("replace"),
    )
