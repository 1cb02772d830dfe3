"""Summarise a meeting by extraction: its most central sentences, by shared words."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from meetscribe.minutes.citations import citation
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.transcript.notes import Citation

if TYPE_CHECKING:
    import numpy as np

SENTENCES = 5
"""The number of sentences in a summary."""

_MIN_CONTENT = 4  # content words of a sentence
_MAX_WORDS = 40  # of a sentence
_CANDIDATES = 600  # largest number of sentences that are compared pairwise
_DAMPING, _STEPS = 0.85, 30
_REDUNDANT = 0.5  # cosine similarity to a chosen sentence from which another is skipped
_LINKED = 0.05  # cosine similarity above which the walk passes between two sentences


def summarize(dialogue: Dialogue, sentences: int = SENTENCES) -> tuple[Citation, ...]:
    """Return citations of the central sentences in the order of the meeting, at most `sentences` of them.

    LexRank (Erkan and Radev 2004): the stationary distribution of a walk between sentences that share words, of which
    rare ones count more; sentences too similar to a chosen one are skipped.
    """
    import numpy as np

    contents = {one.number: dialogue.content(one.norm) for one in dialogue.sentences}
    frequency = Counter(word for content in contents.values() for word in content)
    found = [one for one in dialogue.sentences if _is_candidate(one, contents[one.number])]
    weight = {word: math.log(1 + len(contents) / count) for word, count in frequency.items()}
    found.sort(key=lambda one: -sum(frequency[word] * weight[word] for word in contents[one.number]))
    found = sorted(found[:_CANDIDATES], key=lambda one: one.number)
    if not found:
        return ()
    similar = _similarities([contents[one.number] for one in found], weight)
    chosen: list[int] = []
    for place in np.argsort(-_centrality(similar), kind="stable"):
        if len(chosen) < sentences and all(similar[place, other] < _REDUNDANT for other in chosen):
            chosen.append(int(place))
    return tuple(citation(found[place].words) for place in sorted(chosen))


def _is_candidate(sentence: Sentence, content: frozenset[str]) -> bool:
    """Return whether a sentence is a statement of moderate length."""
    return not sentence.is_question and len(content) >= _MIN_CONTENT and len(sentence.words) <= _MAX_WORDS


def _similarities(contents: list[frozenset[str]], weight: dict[str, float]) -> np.ndarray:
    """Return the cosine similarities `(sentences, sentences)` of sentences with weighted words."""
    import numpy as np

    columns = {word: place for place, word in enumerate(sorted({word for one in contents for word in one}))}
    matrix = np.zeros((len(contents), len(columns)), dtype=np.float32)
    for row, content in enumerate(contents):
        for word in content:
            matrix[row, columns[word]] = weight[word]
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix @ matrix.T


def _centrality(similar: np.ndarray) -> np.ndarray:
    """Return the stationary distribution `(sentences,)` of a random walk over similar sentences."""
    import numpy as np

    links = np.where(similar > _LINKED, similar, 0.0)
    links = links / links.sum(axis=1, keepdims=True)
    rank = np.full(len(links), 1 / len(links))
    for _ in range(_STEPS):
        rank = (1 - _DAMPING) / len(links) + _DAMPING * (rank @ links)
    return rank
