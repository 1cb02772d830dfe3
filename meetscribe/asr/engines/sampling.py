"""Tokens drawn at random from what an engine finds likely, the same for the same seed; no engine is run here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class SampledToken(NamedTuple):
    """A token, its log-probability in nats at temperature 1, and whether none is likelier."""

    token: int
    log_probability: float
    likeliest: bool


class TokenSampler:
    """Draws one token after the other; whatever else draws at random makes no difference."""

    def __init__(self, temperature: float, seed: int) -> None:
        import numpy as np

        self._temperature = temperature
        self._random = np.random.default_rng(seed)

    def draw(self, logits: npt.NDArray[np.float32]) -> SampledToken:
        """A token by its logits `(vocabulary,)`, with the probability that it has at this temperature."""
        import numpy as np

        scores = logits.astype(np.float64) - logits.max()
        shares = np.cumsum(np.exp(scores / self._temperature))
        token = int(np.searchsorted(shares, self._random.random() * shares[-1], side="right"))
        log_probability = float(scores[token] - np.log(np.exp(scores).sum()))
        return SampledToken(token, log_probability, token == int(scores.argmax()))


def sample_text(
    likeliest: Callable[[Sequence[int]], Sequence[npt.NDArray[np.float32]]], end: int, limit: int, drawer: TokenSampler
) -> tuple[list[int], float]:
    """At most `limit` tokens up to `end`, which is not among them, and the mean of their log-probabilities.

    `likeliest(prefix)` continues a text by the likeliest tokens, and returns the logits `(vocabulary,)` of
    each, at least one. As long as what is drawn is the likeliest token, it need not be asked again. The mean
    is over the tokens and the end.
    """
    tokens: list[int] = []
    total = 0.0
    while len(tokens) < limit:
        for logits in likeliest(tokens):
            drawn = drawer.draw(logits)
            total += drawn.log_probability
            if drawn.token == end:
                return tokens, total / (len(tokens) + 1)
            tokens.append(drawn.token)
            if not drawn.likeliest or len(tokens) == limit:
                break
    return tokens, total / max(len(tokens), 1)
