"""Token sampling with a separate seed for each call, from the logits of any engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_LOOKAHEAD = 16  # tokens to request at once
_SAMPLED_STEPS = 900  # of the decoder, after which nothing is sampled: four times Whisper's longest text


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
    logits `(vocabulary,)` of each, at least one. It is called again when a sampled token is not the most likely one, or
    when all logits are used. Each call decodes the prefix again, so after 900 steps in all, the text continues with the
    most likely tokens: it takes at most 900 + `limit` steps.
    """
    tokens: list[int] = []
    total, steps = 0.0, 0
    while len(tokens) < limit:
        count = min(_LOOKAHEAD, limit - len(tokens))
        steps += len(tokens) + count
        if steps > _SAMPLED_STEPS:
            sampler, count = _MOST_LIKELY, limit - len(tokens)
        for logits in continue_greedily(tokens, count):
            sampled = sampler.sample(logits)
            total += sampled.log_probability
            if sampled.token == end:
                return tokens, total / (len(tokens) + 1)
            tokens.append(sampled.token)
            if not sampled.most_likely or len(tokens) == limit:
                break
    return tokens, total / max(len(tokens), 1)


_MOST_LIKELY = TokenSampler(temperature=1e-6, seed=0)
