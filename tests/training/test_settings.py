"""Settings are checked, and those that only affect time do not belong to the identity of a run."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.errors import SettingsError
from meetscribe.training.settings import TrainingSettings


@pytest.mark.parametrize(
    "values",
    [{"method": "qlora"}, {"schedule": "step"}, {"epochs": 0}, {"learning_rate": -1.0}, {"warmup": 1.0}, {"clip": 0.0}],
)
def test_impossible_values_are_refused(values: dict[str, Any]) -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError, match=f"training.{next(iter(values))}"):
        TrainingSettings(**values)


def test_what_decides_the_weights() -> None:
    """Micro-batches and checkpointing do not; the default learning rate is that of the method."""
    one, other = TrainingSettings(micro_batch=1, checkpointing=True), TrainingSettings(micro_batch=8)
    assert one.deciding() == other.deciding()
    assert one.deciding()["learning_rate"] == 1e-3
    assert TrainingSettings(method="full").peak_rate == 1e-5
