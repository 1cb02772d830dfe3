"""The definition of a doubtful word, shared by all pages that mark doubtful words."""

from __future__ import annotations

from meetscribe.transcript.words import Word

DOUBTFUL = 0.5
"""A word with a lower probability is doubtful. Chosen by hand."""


def is_doubtful(word: Word) -> bool:
    """Return whether the engine gave a word a low probability; False if it gave none.

    >>> is_doubtful(Word("meet", 0, 1, probability=0.3)), is_doubtful(Word("meet", 0, 1))
    (True, False)
    """
    return word.probability is not None and word.probability < DOUBTFUL
