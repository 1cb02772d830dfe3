"""Rows of edit distance tables as NumPy arrays, computed for all positions of a word sequence at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Mismatches: TypeAlias = npt.NDArray[np.uint16]


def mismatches(words: Iterable[str], stream: Sequence[str]) -> dict[str, Mismatches]:
    """Return, for each distinct word, an array `(len(stream),)`: 0 where the stream has the word, otherwise 1."""
    found = np.array(stream)
    return {word: (found != word).astype(np.uint16) for word in set(words)}


def append_words(
    edits: npt.NDArray[Any], words: Sequence[str], mismatched: Mapping[str, Mismatches]
) -> npt.NDArray[np.int32]:
    """Return the fewest edits at each position of a stream after appending words to the sequence compared with it.

    `edits` `(..., len(stream) + 1)` are the fewest edits before the words are appended; `mismatched` is the result of
    `mismatches` for the stream. The result has the shape of `edits`.
    """
    positions = np.arange(edits.shape[-1], dtype=np.int32)
    edits = edits.astype(np.int32)
    for word in words:
        best = edits + 1  # the word is deleted
        np.minimum(best[..., 1:], edits[..., :-1] + mismatched[word], out=best[..., 1:])  # or matched or substituted
        edits = np.minimum.accumulate(best - positions, axis=-1) + positions  # or words of the stream are inserted
    return edits
