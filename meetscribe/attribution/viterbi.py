"""The best sequence of speakers for a row of words, given what speaks for each; where that comes from is not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def best_sequence(
    evidence: npt.NDArray[np.float64], cost: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.intp], float]:
    """The speaker of each word, `(words,)`, with the most evidence less the cost of the changes, and how much that is.

    `evidence` is `(words, speakers)`, at least one of each; `cost` `(words,)` is that of another speaker
    than the word before, at least 0; the first does not count. Viterbi's algorithm (1967), where every change
    costs the same whoever it is to: words × speakers. Where a change costs nothing, what comes before does not
    bear on what follows: the runs of words between such places are gone through side by side, step by step.
    """
    import numpy as np

    order, sizes = _side_by_side(cost)
    cost, evidence = cost[order][:, None], evidence[order]
    stays = np.ones(evidence.shape, dtype=bool)
    best = np.zeros(len(order), dtype=np.intp)
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    score = evidence[: sizes[0]].copy()
    for first, size in zip(firsts[1:-1], sizes[1:], strict=True):
        now, step = score[:size], slice(first, first + size)
        now.argmax(axis=1, out=best[step])
        other = now.max(axis=1, keepdims=True) - cost[step]
        np.greater_equal(now, other, out=stays[step])
        np.maximum(now, other, out=now)
        now += evidence[step]
    speaker = score.argmax(axis=1)
    ordered = np.empty_like(best)
    for first, size in zip(firsts[-2::-1], sizes[::-1], strict=True):
        step = slice(first, first + size)
        ordered[step] = speaker[:size]
        kept = stays[step][np.arange(size), speaker[:size]]
        speaker[:size] = np.where(kept, speaker[:size], best[step])
    path = np.empty_like(best)
    path[order] = ordered
    return path, float(score.max(axis=1).sum())


def _side_by_side(cost: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The words in the order of their place in their run, longer runs first, and how many there are of each place."""
    import numpy as np

    begins = np.flatnonzero(np.concatenate([[True], cost[1:] <= 0]))
    lengths = np.diff(np.concatenate([begins, [len(cost)]]))
    place = np.arange(len(cost)) - np.repeat(begins, lengths)
    return np.lexsort((-np.repeat(lengths, lengths), place)), np.bincount(place)
