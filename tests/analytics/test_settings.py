"""Thresholds that make no sense are refused."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.analytics import AnalyticsSettings
from meetscribe.errors import SettingsError


@pytest.mark.parametrize(
    "values", [{"turn_pause": -1.0}, {"window": 0}, {"window": float("nan")}, {"min_overlap": float("inf")}]
)
def test_impossible_thresholds_are_refused(values: dict[str, Any]) -> None:
    """The error names the threshold."""
    with pytest.raises(SettingsError, match=next(iter(values))):
        AnalyticsSettings(**values)
