"""Errors that remain if nobody minds who is taken for whom: ORC-WER; the names of speakers are not looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.evaluation.rates import ErrorRate
from meetscribe.evaluation.search import best_first
from meetscribe.evaluation.words import distance, edits_with, mismatches, wer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Edits: TypeAlias = npt.NDArray[np.uint16]

ORC_LIMIT = 10**8
"""The steps that an exact score may take: about a second, and 200 MB."""


def orc_steps(reference: Sequence[Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> int:
    """How many steps `orcwer` takes: the words of the reference times the product of the streams' lengths."""
    streams = [words for words in hypothesis.values() if words]
    if len(streams) < 2:
        return 0
    return sum(map(len, reference)) * len(streams) * math.prod(len(words) + 1 for words in streams)


def orcwer(reference: Sequence[Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> ErrorRate:
    """The word error rate with each utterance of the reference given to the stream where errors are fewest.

    Utterances stand in order of time, and so do the words of each stream of the hypothesis. "Optimal reference
    combination word error rate", Sklyar et al., ICASSP 2022. Raises ValueError where it takes more than ORC_LIMIT
    steps, unless errors are so few that it is found by a search.

    >>> print(orcwer([["so", "be", "it"], ["yes"]], {"1": ["so", "be", "it", "yes"], "2": []}))
    0.0 % (0/4; 0 ins 0 del 0 sub)
    """
    utterances = [words for words in reference if words]
    streams = [words for words in hypothesis.values() if words] or [()]
    steps = orc_steps(reference, hypothesis)
    places = _assigned(utterances, streams) if steps <= ORC_LIMIT else best_first(utterances, streams)
    if places is None:
        raise ValueError(f"too long to be exact: {steps:.0e} steps, of at most {ORC_LIMIT:.0e}")
    given: list[list[str]] = [[] for _ in streams]
    for words, place in zip(utterances, places, strict=True):
        given[place].extend(words)
    return sum((wer(*pair) for pair in zip(given, streams, strict=True)), ErrorRate.zero())


def _assigned(utterances: Sequence[Sequence[str]], streams: Sequence[Sequence[str]]) -> list[int]:
    """For each utterance the stream it is given to, so that the edits are fewest in all."""
    if len(streams) == 1:
        return [0] * len(utterances)
    import numpy as np

    said = [word for words in utterances for word in words]
    missed = [mismatches(said, words) for words in streams]
    sizes = [len(words) + 1 for words in streams]
    tables: list[Edits] = [np.indices(sizes, dtype=np.uint16).sum(axis=0, dtype=np.uint16)]
    for words in utterances:
        ways = [
            np.moveaxis(edits_with(np.moveaxis(tables[-1], axis, -1), words, missed[axis]), -1, axis).astype(np.uint16)
            for axis in range(len(streams))
        ]
        tables.append(np.minimum.reduce(ways))
    return _trace(tables, utterances, streams)


def _trace(tables: Sequence[Edits], utterances: Sequence[Sequence[str]], streams: Sequence[Sequence[str]]) -> list[int]:
    """The streams of the utterances on one of the shortest ways, from its end to its start."""
    place = [len(words) for words in streams]
    chosen: list[int] = []
    for before, after, words in zip(tables[-2::-1], tables[:0:-1], reversed(utterances), strict=True):
        edits = int(after[tuple(place)])
        axis, start = next(
            (axis, start)
            for axis, stream in enumerate(streams)
            for start in range(place[axis], -1, -1)
            if int(before[(*place[:axis], start, *place[axis + 1 :])]) + distance(words, stream[start : place[axis]])
            == edits
        )
        chosen.append(axis)
        place[axis] = start
    return chosen[::-1]
