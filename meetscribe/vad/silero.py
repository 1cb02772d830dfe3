"""Speech detection with the Silero network that comes with faster-whisper, offline, on the processor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.timeline import Seconds, Span
from meetscribe.vad.settings import VadSettings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from faster_whisper.vad import VadOptions

_BLOCK: Seconds = 1800.0
"""Read at once: the detector keeps several copies of what it reads."""


def detect_speech(audio: Audio, settings: VadSettings) -> tuple[Span, ...]:
    """The stretches in which anybody speaks, in order, padded, none longer than `settings.max_chunk`.

    Longer speech is cut at its last short pause; two spans may thus touch, but never overlap.
    """
    options = _options(settings)
    spans: list[Span] = []
    start, end = 0, len(audio.samples)
    while start < end:
        stop = min(start + round(_BLOCK * SAMPLE_RATE), end)
        found = _detect(audio.samples[start:stop], options)
        if stop < end and found and found[-1][1] >= stop - start:
            # Speech goes on beyond the block: the next block begins where it began, so as not to cut it here.
            stop = start + found.pop()[0]
        spans += [Span((start + a) / SAMPLE_RATE, (start + b) / SAMPLE_RATE) for a, b in found]
        start = stop
    return tuple(spans)


def _options(settings: VadSettings) -> VadOptions:
    """The settings in faster-whisper's units."""
    from faster_whisper.vad import VadOptions

    return VadOptions(
        threshold=settings.threshold,
        min_silence_duration_ms=round(settings.min_silence * 1000),
        min_speech_duration_ms=round(settings.min_speech * 1000),
        max_speech_duration_s=settings.max_chunk,
        speech_pad_ms=round(settings.pad * 1000),
    )


def _detect(samples: npt.NDArray[np.float32], options: VadOptions) -> list[tuple[int, int]]:
    """First and last-but-one sample of each stretch of speech in `samples` `(frames,)`."""
    from faster_whisper.vad import get_speech_timestamps

    return [
        (found["start"], min(found["end"], len(samples)))
        for found in get_speech_timestamps(samples, options)
        if found["start"] < len(samples)
    ]
