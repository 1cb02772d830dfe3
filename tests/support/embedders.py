"""A small embedder for tests: words as signs of hashed features, so that texts with common words are near."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from meetscribe.text.splitting import split_words

SIZE = 64


class WordEmbedder:
    """An embedder that compares texts by their words, and counts the passages that it embedded."""

    def __init__(self, id: str = "words/1") -> None:
        self.id = id
        self.embedded = 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages."""
        self.embedded += len(texts)
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query: the sum of those of its words, of unit length."""
        rows = [
            np.random.default_rng(zlib.crc32(word.lower().strip(".,?").encode())).standard_normal(SIZE)
            for word in split_words(text)
        ]
        vector = np.sum(rows, axis=0)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)
