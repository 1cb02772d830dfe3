"""Token sampling with a seed of its own for each call, from the logits of any engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_LOOKAHEAD = 16  # most tokens to request at once


class SampledToken(NamedTuple):
    """A token, its log probability in nats at temperature 1, and whether it is the most likely one."""

    token: int
    log_probability: float
    most_likely: bool


class TokenSampler:
    """Samples one token after the other, independent of other random numbers in the process."""

    def __init__(self, temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._rng = np.random.default_rng(seed)

    def sample(self, logits: npt.NDArray[np.float32]) -> SampledToken:
        """Return a token sampled from its logits `(vocabulary,)` at the temperature."""
        scores = logits.astype(np.float64) - logits.max()
        cumulative = np.cumsum(np.exp(scores / self._temperature))
        token = int(np.searchsorted(cumulative, self._rng.random() * cumulative[-1], side="right"))
        log_probability = float(scores[token] - np.log(np.exp(scores).sum()))
        return SampledToken(token, log_probability, token == int(scores.argmax()))


def sample_text(
    continue_greedily: Callable[[Sequence[int], int], Sequence[npt.NDArray[np.float32]]],
    end: int,
    limit: int,
    sampler: TokenSampler,
) -> tuple[list[int], float]:
    """Return at most `limit` tokens before `end`, and their mean log probability, `end` included.

    `continue_greedily(prefix, count)` continues a text by at most `count` of the most likely tokens, and returns the
    logits `(vocabulary,)` of each, at least one. It is called again only when the sampled token is not the most likely
    one. The counts adapt to how often that is, so that they never add up to more than three times `limit`, and 32.
    """
    tokens: list[int] = []
    total, ahead = 0.0, _LOOKAHEAD
    while len(tokens) < limit:
        agreed = True
        for logits in continue_greedily(tokens, min(ahead, limit - len(tokens))):
            sampled = sampler.sample(logits)
            total += sampled.log_probability
            if sampled.token == end:
                return tokens, total / (len(tokens) + 1)
            tokens.append(sampled.token)
            agreed = sampled.most_likely
            if not agreed or len(tokens) == limit:
                break
        ahead = min(2 * ahead, _LOOKAHEAD) if agreed else max(1, ahead // 2)
    return tokens, total / max(len(tokens), 1)
