"""The learning rate rises to its peak and falls to zero; epochs and updates add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.training.loop.schedule import count_steps, learning_rate, steps_per_epoch
from meetscribe.training.settings import TrainingSettings


@given(st.integers(1, 300), st.floats(0, 0.9), st.sampled_from(["linear", "cosine"]))
def test_rate_rises_and_falls(steps: int, warmup: float, schedule: str) -> None:
    """The rate is above zero, at most the peak, and never rises after warm-up."""
    settings = TrainingSettings(learning_rate=2.0, warmup=warmup, schedule=schedule)
    rates = [learning_rate(step, steps, settings) for step in range(steps)]
    peak = rates.index(max(rates))
    assert all(0 < rate <= 2.0 + 1e-9 for rate in rates)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert all(one >= other - 1e-12 for one, other in zip(rates[peak:], rates[peak + 1 :], strict=False))


@pytest.mark.parametrize(("examples", "limit", "steps"), [(16, 0, 4), (17, 0, 6), (17, 5, 5), (1, 0, 2)])
def test_number_of_updates(examples: int, limit: int, steps: int) -> None:
    """The last update of an epoch may be smaller, and max_steps ends a run."""
    settings = TrainingSettings(epochs=2, batch_size=8, max_steps=limit)
    assert count_steps(examples, settings) == steps
    assert steps_per_epoch(examples, settings) == -(-examples // 8)
