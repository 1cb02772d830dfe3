"""The level is the peak of the last second; five seconds of zeros are reported once."""

from __future__ import annotations

import numpy as np

from meetscribe.live.sources.level import LevelMeter


def seconds(level: float, count: float = 1.0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.full((round(16_000 * count), 1), level, np.float32)


def test_the_level_of_the_last_second() -> None:
    meter = LevelMeter()
    meter.add(seconds(0.5))
    assert meter.level == -6.0
    meter.add(seconds(0.1))
    assert meter.level == -20.0
    meter.add(seconds(0.0))
    assert meter.level is None


def test_zeros_are_reported_once_until_there_is_sound() -> None:
    meter = LevelMeter()
    reports = [meter.add(seconds(0.0)) for _ in range(8)]
    assert reports[4] is not None
    assert reports[4].payload["message"] == "no sound from the source for 5 s"
    assert [report is not None for report in reports] == [False] * 4 + [True] + [False] * 3
    assert meter.add(seconds(0.001)) is None
    assert sum(meter.add(seconds(0.0)) is not None for _ in range(6)) == 1
