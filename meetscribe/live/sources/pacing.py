"""Chunks at the speed of a recording, or a multiple of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from meetscribe.live.protocols import AudioChunk
from meetscribe.timeline import Seconds


def paced(
    chunks: Iterable[AudioChunk],
    speed: float,
    clock: Callable[[], Seconds] = time.monotonic,
    sleep: Callable[[Seconds], object] = time.sleep,
) -> Iterator[AudioChunk]:
    """Yield each chunk when it would have been recorded, `speed` times faster; at once if `speed` is 0."""
    started = clock()
    for chunk in chunks:
        if speed > 0 and (early := started + chunk.end_time / speed - clock()) > 0:
            sleep(early)
        yield chunk
