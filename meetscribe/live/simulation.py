"""Run a session over a recording under a virtual clock, without waiting for real time.

Each decoding takes its measured time (compute-aware) or no time (compute-unaware). As in a live session, audio that
arrives during a decoding waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.events import Event
from meetscribe.live.processing.processor import Parts, Processor
from meetscribe.live.protocols import AudioChunk, Window
from meetscribe.live.recognition import LiveRecogniser
from meetscribe.live.recognition.window_decoding import Decoding
from meetscribe.live.settings import LiveSettings
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class Emission:
    """An event and the time of its publication, in seconds after the start of the recording."""

    event: Event
    at: Seconds


Cost = Callable[[Window, Seconds], Seconds]
"""Returns the virtual time of a decoding in seconds, given the window and the measured wall time."""


def measured(window: Window, seconds: Seconds) -> Seconds:
    """Return the measured time: the compute-aware clock."""
    return seconds


def free(window: Window, seconds: Seconds) -> Seconds:
    """Return 0: the compute-unaware clock."""
    return 0.0


def simulate(
    samples: npt.NDArray[np.float32],
    recogniser: LiveRecogniser,
    settings: LiveSettings | None = None,
    *,
    cost: Cost = free,
    parts: Parts | None = None,
    arrival: Seconds = 0.1,
) -> Iterator[Emission]:
    """Yield the partial and commit events of a live session over a recording, in order of emission.

    `samples` are float32 `(frames,)` or `(frames, channels)` at 16 kHz, which arrive in chunks of `arrival` seconds.
    `cost` returns the virtual time of a decoding. Windows are decoded one after the other.
    """
    processor = Processor(recogniser, settings or LiveSettings(), parts)
    chunks = _chunks(samples if samples.ndim == 2 else samples[:, None], round(arrival * SAMPLE_RATE))
    now, seq = 0.0, 0
    for chunk in (*chunks, None):
        if chunk is None:
            processor.finish()
        else:
            processor.add(chunk)
            if chunk.end_time < now:
                continue  # the recogniser is busy until `now`
            now = chunk.end_time
        while (window := processor.next_window()) is not None:
            decoding, seconds = _timed(processor, window)
            now += cost(window, seconds)
            for draft in processor.accept(window, decoding):
                seq += 1
                yield Emission(draft.published(seq, processor.received / SAMPLE_RATE), now)
            if chunk is not None and cost is not free and processor.received < len(samples):
                break  # as in a session, audio that arrived during the decoding is received before the next window


def _chunks(samples: npt.NDArray[np.float32], size: int) -> Sequence[AudioChunk]:
    """Return the audio in chunks of `size` frames."""
    return [AudioChunk(start, samples[start : start + size]) for start in range(0, len(samples), size)]


def _timed(processor: Processor, window: Window) -> tuple[Decoding, Seconds]:
    """Decode a window in this thread, and return its decoding and the wall time in seconds."""
    started = time.perf_counter()
    decoding = processor.recogniser(window).decode_now(window)
    return decoding, time.perf_counter() - started
