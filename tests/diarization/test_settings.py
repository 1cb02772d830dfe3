"""Invalid settings of diarization are refused, and the token is not shown."""

from __future__ import annotations

import pytest

from meetscribe.diarization import DiarizationSettings
from meetscribe.errors import SettingsError


@pytest.mark.parametrize(
    "wrong",
    [
        {"speakers": 0},
        {"min_speakers": 3, "max_speakers": 2},
        {"speakers": 2, "min_speakers": 3},
        {"speakers": 4, "max_speakers": 3},
        {"segmentation_threshold": 1.5},
        {"clustering_threshold": float("nan")},
        {"step": 0.0},
        {"min_duration_off": -0.1},
        {"min_cluster_size": 0},
        {"batch_size": -1},
        {"block": 10.0},
        {"block": float("nan")},
    ],
)
def test_invalid_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        DiarizationSettings(**wrong)  # type: ignore[arg-type]


def test_the_token_is_not_shown() -> None:
    assert "hf_secret" not in repr(DiarizationSettings(token="hf_secret"))
