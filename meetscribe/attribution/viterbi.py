"""The Viterbi algorithm over speakers, with a cost of change that depends only on the word."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[np.intp]
Steps: TypeAlias = list[slice]
"""By position in a run, the slice of the words at this position in all runs, in the order of `_parallel_order`."""


def best_sequence(evidence: Floats, cost: Floats) -> tuple[Labels, float]:
    """Return the best speaker of each word, `(words,)`, and the total of the evidence minus the costs of changes.

    `evidence` has the shape `(words, speakers)`, at least one of each. `cost` `(words,)`, at least 0, applies if the
    speaker of a word differs from the previous word; its first value is ignored. It does not depend on the speakers, so
    the Viterbi algorithm (1967) takes words × speakers operations. Free changes separate the words into independent
    runs, which are computed in parallel, one array operation per position in the run.
    """
    order, sizes = _parallel_order(cost)
    ends = np.cumsum(sizes)
    steps = [slice(int(end - size), int(end)) for end, size in zip(ends, sizes, strict=True)]
    score, best, stays = _forward(evidence[order], cost[order][:, None], steps)
    path = np.empty(len(order), dtype=np.intp)
    path[order] = _backward(score, best, stays, steps)
    return path, float(score.max(axis=1).sum())


def _forward(evidence: Floats, cost: Floats, steps: Steps) -> tuple[Floats, Labels, npt.NDArray[np.bool_]]:
    """Return `score` `(runs, speakers)`, `best` `(words,)` and `stays` `(words, speakers)`.

    `score` is the total of the best sequence of a run that ends with a speaker. `stays` is true if the best sequence
    with a speaker at a word has the same speaker at the previous word; otherwise, that word has the speaker in `best`.
    """
    stays = np.ones(evidence.shape, dtype=bool)
    best = np.zeros(len(evidence), dtype=np.intp)
    score = evidence[steps[0]].copy()
    for step in steps[1:]:
        active = score[: step.stop - step.start]
        active.argmax(axis=1, out=best[step])
        changed = active.max(axis=1, keepdims=True) - cost[step]
        np.greater_equal(active, changed, out=stays[step])
        np.maximum(active, changed, out=active)
        active += evidence[step]
    return score, best, stays


def _backward(score: Floats, best: Labels, stays: npt.NDArray[np.bool_], steps: Steps) -> Labels:
    """Return the speaker of each word `(words,)`, in the order of `steps`."""
    speaker = score.argmax(axis=1)
    path = np.empty_like(best)
    for step in reversed(steps):
        size = step.stop - step.start
        path[step] = speaker[:size]
        kept = stays[step][np.arange(size), speaker[:size]]
        speaker[:size] = np.where(kept, speaker[:size], best[step])
    return path


def _parallel_order(cost: Floats) -> tuple[Labels, Labels]:
    """Return the words ordered by position in their run, longer runs first, and the number of words per position."""
    begins = np.flatnonzero(np.concatenate([[True], cost[1:] <= 0]))
    lengths = np.diff(np.concatenate([begins, [len(cost)]]))
    position = np.arange(len(cost)) - np.repeat(begins, lengths)
    return np.lexsort((-np.repeat(lengths, lengths), position)), np.bincount(position)
