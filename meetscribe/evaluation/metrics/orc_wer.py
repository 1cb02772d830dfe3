"""ORC-WER: the word error rate with the best assignment of reference utterances to hypothesis streams."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.evaluation.metrics.edit_distance import distance, wer
from meetscribe.evaluation.metrics.edit_rows import Mismatches, append_words, mismatches
from meetscribe.evaluation.metrics.error_rates import ErrorRate
from meetscribe.evaluation.metrics.orc_search import search_assignment

Edits: TypeAlias = npt.NDArray[np.uint16]
"""The fewest edits for each combination of consumed words of the streams, with an axis per stream."""

ORC_LIMIT = 10**8
"""The maximum number of table cells for the exact computation, about one second and 200 MB."""


def orc_cells(reference: Sequence[Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> int:
    """Return the number of table cells that `orcwer` computes; 0 for fewer than two streams with words.

    It is the product of the number of reference words, the number of streams, and the length of each stream plus 1.
    """
    streams = [words for words in hypothesis.values() if words]
    if len(streams) < 2:
        return 0
    return sum(map(len, reference)) * len(streams) * math.prod(len(words) + 1 for words in streams)


def orcwer(reference: Sequence[Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> ErrorRate:
    """Return the word error rate with each reference utterance assigned to a stream for the fewest errors.

    Utterances, and the words of each hypothesis stream, must be in order of time. "Optimal reference combination word
    error rate", Sklyar et al., ICASSP 2022. Raises ValueError if the exact table has more than ORC_LIMIT cells and the
    A* search finds no solution within its limits.

    >>> print(orcwer([["so", "be", "it"], ["yes"]], {"1": ["so", "be", "it", "yes"], "2": []}))
    0.0 % (0/4; 0 ins 0 del 0 sub)
    """
    utterances = [words for words in reference if words]
    streams = [words for words in hypothesis.values() if words] or [()]
    cells = orc_cells(reference, hypothesis)
    assignment = _best_assignment(utterances, streams) if cells <= ORC_LIMIT else search_assignment(utterances, streams)
    if assignment is None:
        raise ValueError(f"too long for an exact score: {cells:.0e} table cells, the limit is {ORC_LIMIT:.0e}")
    assigned: list[list[str]] = [[] for _ in streams]
    for words, stream in zip(utterances, assignment, strict=True):
        assigned[stream].extend(words)
    return sum((wer(*pair) for pair in zip(assigned, streams, strict=True)), ErrorRate.zero())


def _best_assignment(utterances: Sequence[Sequence[str]], streams: Sequence[Sequence[str]]) -> list[int]:
    """Return the stream index of each utterance, by dynamic programming over all stream positions."""
    if len(streams) == 1:
        return [0] * len(utterances)
    words = [word for utterance in utterances for word in utterance]
    mismatched = [mismatches(words, stream) for stream in streams]
    sizes = [len(stream) + 1 for stream in streams]
    # Before the first utterance, each consumed word is an insertion.
    tables: list[Edits] = [np.indices(sizes, dtype=np.uint16).sum(axis=0, dtype=np.uint16)]
    for utterance in utterances:
        candidates = [_append_on_axis(tables[-1], utterance, mismatched[axis], axis) for axis in range(len(streams))]
        tables.append(np.minimum.reduce(candidates))
    return _backtrace(tables, utterances, streams)


def _append_on_axis(table: Edits, words: Sequence[str], mismatched: Mapping[str, Mismatches], axis: int) -> Edits:
    """Return the table after assigning the words to the stream of an axis."""
    edits = append_words(np.moveaxis(table, axis, -1), words, mismatched)
    return np.moveaxis(edits, -1, axis).astype(np.uint16)


def _backtrace(
    tables: Sequence[Edits], utterances: Sequence[Sequence[str]], streams: Sequence[Sequence[str]]
) -> list[int]:
    """Return the stream of each utterance on one of the best paths, followed from the end to the start."""
    position = [len(words) for words in streams]
    assignment: list[int] = []
    for before, after, words in zip(tables[-2::-1], tables[:0:-1], reversed(utterances), strict=True):
        edits = int(after[tuple(position)])
        axis, start = next(
            (axis, start)
            for axis, stream in enumerate(streams)
            for start in range(position[axis], -1, -1)
            if int(before[(*position[:axis], start, *position[axis + 1 :])])
            + distance(words, stream[start : position[axis]])
            == edits
        )
        assignment.append(axis)
        position[axis] = start
    return assignment[::-1]
