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
    costs the same whoever it is to: words × speakers. At a tie the speaker stays.
    """
    import numpy as np

    words, speakers = evidence.shape
    score = evidence[0].copy()
    stays = np.ones((words, speakers), dtype=bool)
    best = np.zeros(words, dtype=np.intp)
    for i in range(1, words):
        best[i] = leader = score.argmax()
        other = score[leader] - cost[i]
        np.greater_equal(score, other, out=stays[i])
        np.maximum(score, other, out=score)
        score += evidence[i]
    path = np.zeros(words, dtype=np.intp)
    path[-1] = score.argmax()
    total = float(score.max())
    for i in range(words - 1, 0, -1):
        path[i - 1] = path[i] if stays[i, path[i]] else best[i]
    return path, total
