"""Sampling is reproducible, and follows the probabilities of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.engines.sampling import TokenSampler, sample_text

END = 0


def logits(prefix: Sequence[int]) -> npt.NDArray[np.float32]:
    """Return the logits of a made-up model with six tokens."""
    return np.random.default_rng([len(prefix), *prefix]).normal(0, 2, 6).astype(np.float32)


def slow_sample(limit: int, sampler: TokenSampler) -> tuple[list[int], float]:
    """Sample token by token with one call of the model each: the obvious algorithm."""
    tokens: list[int] = []
    total = 0.0
    while len(tokens) < limit:
        sampled = sampler.sample(logits(tokens))
        total += sampled.log_probability
        if sampled.token == END:
            return tokens, total / (len(tokens) + 1)
        tokens.append(sampled.token)
    return tokens, total / limit


@given(seed=st.integers(0, 1000), temperature=st.floats(0.05, 4), fewer=st.integers(0, 5), limit=st.integers(1, 60))
def test_lookahead_does_not_change_the_sample(seed: int, temperature: float, fewer: int, limit: int) -> None:
    """The text is that of one call for each token, however many logits a call returns."""

    def most_likely(prefix: Sequence[int], count: int) -> list[npt.NDArray[np.float32]]:
        text, steps = list(prefix), []
        for _ in range(max(1, count - fewer)):
            steps.append(logits(text))
            text.append(int(steps[-1].argmax()))
        return steps

    tokens, mean = sample_text(most_likely, END, limit, TokenSampler(temperature, seed))
    expected, expected_mean = slow_sample(limit, TokenSampler(temperature, seed))
    assert tokens == expected and len(tokens) <= limit
    assert mean == pytest.approx(expected_mean)


def test_the_steps_of_the_model_are_bounded() -> None:
    """A text of which each sampled token is an unlikely one, and which never ends."""
    requested: list[int] = []

    def continue_greedily(prefix: Sequence[int], count: int) -> list[npt.NDArray[np.float32]]:
        requested.append(len(prefix) + count)
        return [np.array([-np.inf, 1, 0, 0, 0, 0], np.float32)] * count

    tokens, _ = sample_text(continue_greedily, END, 224, TokenSampler(4.0, 0))
    assert len(tokens) == 224 and len(set(tokens[:20])) > 1
    assert sum(requested) <= 900 + 224


@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_tokens_are_sampled_with_their_probabilities(temperature: float) -> None:
    """Frequencies lie within four standard deviations; suppressed tokens are never sampled."""
    scores = np.array([1.0, 0.0, -1.0, -np.inf, 2.0, np.finfo(np.float32).min], np.float32)
    shares = np.exp(scores.astype(float) / temperature)
    shares /= shares.sum()
    sampler, count = TokenSampler(temperature, 7), 4000
    found = Counter(sampler.sample(scores).token for _ in range(count))
    for token, share in enumerate(shares):
        assert abs(found[token] / count - share) <= 4 * np.sqrt(share * (1 - share) / count)
    sampled = sampler.sample(scores)
    expected = scores[sampled.token] - np.log(np.exp(scores.astype(float)).sum())
    assert sampled.log_probability == pytest.approx(expected)
    assert sampled.most_likely == (sampled.token == 4)
