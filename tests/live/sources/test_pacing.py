"""Chunks come at the time at which they would have been recorded."""

from __future__ import annotations

import numpy as np
import pytest

from meetscribe.live.protocols import AudioChunk
from meetscribe.live.sources.pacing import paced


@pytest.mark.parametrize(("speed", "expected"), [(1.0, [1.0, 2.0, 3.0]), (2.0, [0.5, 1.0, 1.5]), (0.0, [0.0] * 3)])
def test_the_speed(speed: float, expected: list[float]) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    chunks = [AudioChunk(n * 16_000, np.zeros((16_000, 1), np.float32)) for n in range(3)]
    assert [now[0] for _ in paced(chunks, speed, lambda: now[0], sleep)] == expected


def test_a_pause_is_not_made_up_for() -> None:
    """The chunks after it come at their speed, not all at once."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    times = []
    chunks = [AudioChunk(n * 16_000, np.zeros((16_000, 1), np.float32)) for n in range(4)]
    for chunk in paced(chunks, 1.0, lambda: now[0], sleep):
        times.append(now[0])
        if chunk.start == 0:
            now[0] += 10.0
    assert times == [1.0, 11.0, 12.0, 13.0]
