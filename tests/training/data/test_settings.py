"""Settings out of range are refused, and the message says which."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.errors import SettingsError
from meetscribe.training.data import DataSettings


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dev": -0.1}, "dev must be a number, at least 0"),
        ({"pad": float("nan")}, "pad must be a number"),
        ({"timestamps": 1.5}, "timestamps is a share"),
        ({"dev": 0.5, "test": 0.5}, "dev and test leave nothing to train on"),
        ({"max_seconds": 31.0}, "at most 30 s"),
        ({"min_seconds": 30.0}, "The shortest must be below the longest"),
        ({"copies": 0}, "copies must be at least 1"),
        ({"split_by": "person"}, "split_by cannot be 'person'"),
        ({"augment": ("spead",)}, "augment cannot be 'spead'.*speed"),
    ],
)
def test_values_out_of_range_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        DataSettings(**values)
