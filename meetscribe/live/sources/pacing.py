"""Pace chunks in real time, or at a multiple of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from meetscribe.live.protocols import AudioChunk
from meetscribe.timeline import Seconds

_PAUSE: Seconds = 1.0
"""The delay above which the receiver is taken to have paused."""


def paced(
    chunks: Iterable[AudioChunk],
    speed: float,
    clock: Callable[[], Seconds] = time.monotonic,
    sleep: Callable[[Seconds], object] = time.sleep,
) -> Iterator[AudioChunk]:
    """Yield each chunk at the time of its recording, `speed` times faster; at once if `speed` is 0.

    After a pause of the receiver, the chunks continue at the same speed, without catching up.
    """
    started = clock()
    for chunk in chunks:
        early = started + chunk.end_time / speed - clock() if speed > 0 else 0.0
        if early > 0:
            sleep(early)
        elif early < -_PAUSE:
            started -= early
        yield chunk
