"""Tokens drawn at random from what an engine finds likely, the same for the same seed; pure but for the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def draw(
    likeliest: Callable[[Sequence[int]], Sequence[npt.NDArray[np.float32]]],
    end: int,
    limit: int,
    temperature: float,
    seed: int,
) -> tuple[list[int], float]:
    """At most `limit` tokens up to `end`, which is not among them, and the mean of their log-probabilities.

    `likeliest(prefix)` continues a text by the likeliest tokens, and returns the logits `(vocabulary,)` of
    each, at least one. Each token is drawn with the probability that it has at this temperature, given those
    before it; as long as it is the likeliest one, the engine need not be asked again. The mean is over the
    tokens and the end, at temperature 1.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    tokens: list[int] = []
    total = 0.0
    while len(tokens) < limit:
        for logits in likeliest(tokens):
            scores = logits.astype(np.float64) - logits.max()
            shares = np.cumsum(np.exp(scores / temperature))
            token = int(np.searchsorted(shares, random.random() * shares[-1], side="right"))
            total += float(scores[token] - np.log(np.exp(scores).sum()))
            if token == end:
                return tokens, total / (len(tokens) + 1)
            tokens.append(token)
            if token != int(scores.argmax()) or len(tokens) == limit:
                break
    return tokens, total / max(len(tokens), 1)
