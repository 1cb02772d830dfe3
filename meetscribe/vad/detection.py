"""Speech spans from frame scores: hysteresis, filling of pauses, splitting and padding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from meetscribe.audio import Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.segmentation.frames import active_runs
from meetscribe.timeline import DetectedSpeech, Seconds, Span, cut, union
from meetscribe.vad.settings import MIN_FILLED, VadSettings
from meetscribe.vad.silero import FRAME_SECONDS, Scores, score_speech

_OFFSET_SHARE = 0.4
"""Speech ends when the probability falls below this share of the threshold, because the ends of words are quiet.

Chosen by hand.
"""

_DECIBELS = 30.0
"""The drop in level (dB) that indicates a pause as strongly as a drop in the speech probability from 1 to 0.

Chosen by hand.
"""

_PAUSE_FRAMES = 7
"""The number of frames (0.22 s) over which the evidence is averaged, because a shorter dip may be within a word."""


def find_speech(audio: Audio, settings: VadSettings, progress: Progress = ignore_progress) -> DetectedSpeech:
    """Return the speech of a recording: padded spans of at most `settings.max_chunk`, and the unpadded activity.

    Longer speech is split at the most likely pause after `MIN_FILLED` of the maximum length, so that two spans may
    touch; they never overlap. `progress` rises to 1.
    """
    scores = score_speech(audio, progress)
    padded = speech_spans(scores, settings, audio.duration)
    return DetectedSpeech(padded, speech_activity(scores, settings, audio.duration))


def detect_speech(audio: Audio, settings: VadSettings, progress: Progress = ignore_progress) -> tuple[Span, ...]:
    """Return the padded spans of `find_speech`, the input of `make_chunks`."""
    return find_speech(audio, settings, progress).padded


def speech_activity(scores: Scores, settings: VadSettings, duration: Seconds) -> tuple[Span, ...]:
    """Return the spans of speech in a recording of `duration`, without padding and without filling pauses."""
    runs = active_runs(scores.probability, settings.threshold, settings.threshold * _OFFSET_SHARE)
    spans = (span for span in (_span(*run) for run in runs) if span.duration >= settings.min_speech)
    return cut(spans, within=Span(0.0, duration))


def speech_spans(scores: Scores, settings: VadSettings, duration: Seconds) -> tuple[Span, ...]:
    """Return the padded spans of speech in a recording of `duration`, as `detect_speech` does."""
    longest = int((settings.max_chunk - 2 * settings.pad) / FRAME_SECONDS)
    evidence = speech_evidence(scores)
    spans = (_span(*part) for run in _runs(scores, settings) for part in split_at_pauses(*run, longest, evidence))
    return with_padding(spans, settings.pad, duration)


def _runs(scores: Scores, settings: VadSettings) -> Iterator[tuple[int, int]]:
    """Yield the half-open frame span of each run of speech; short pauses are filled and short runs dropped."""
    runs = active_runs(scores.probability, settings.threshold, settings.threshold * _OFFSET_SHARE)
    for span in union((_span(*run) for run in runs), settings.min_silence):
        if span.duration >= settings.min_speech:
            yield round(span.start / FRAME_SECONDS), round(span.end / FRAME_SECONDS)


def _span(start: int, end: int) -> Span:
    """Return the time span of the frames from `start` to `end` (exclusive)."""
    return Span(start * FRAME_SECONDS, end * FRAME_SECONDS)


def speech_evidence(scores: Scores) -> npt.NDArray[np.float32]:
    """Return the sum of speech probability and level (in units of 30 dB) of each frame, smoothed, `(frames,)`.

    A lower value indicates a more likely pause.
    """
    frames = scores.probability + scores.level / np.float32(_DECIBELS)
    if not len(frames):
        return frames
    margin = _PAUSE_FRAMES // 2
    padded = np.concatenate([frames[:1].repeat(margin), frames, frames[-1:].repeat(margin)])
    return np.convolve(padded, np.full(_PAUSE_FRAMES, 1 / _PAUSE_FRAMES, np.float32), "valid")


def split_at_pauses(start: int, end: int, longest: int, evidence: npt.NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Yield the frames from `start` to `end` in half-open parts of at most `longest` frames.

    `evidence` `(frames,)` is the result of `speech_evidence`. Each part but the last ends at its minimum after
    `MIN_FILLED` of the maximum length.
    """
    while end - start > longest:
        earliest = start + max(1, int(longest * MIN_FILLED))
        split = earliest + int(evidence[earliest : start + longest + 1].argmin())
        yield start, split
        start = split
    yield start, end


def with_padding(spans: Iterable[Span], pad: Seconds, end: Seconds) -> tuple[Span, ...]:
    """Return the spans extended by `pad` on each side, limited to half of each pause and to 0 and `end`.

    >>> with_padding([Span(1, 2), Span(2, 3), Span(3.25, 4)], pad=0.5, end=4.25)
    (Span(start=0.5, end=2.0), Span(start=2.0, end=3.125), Span(start=3.125, end=4.25))
    """
    spans = list(spans)
    middles = [(before.end + after.start) / 2 for before, after in pairwise(spans)]
    return tuple(
        Span(max(low, span.start - pad), min(high, span.end + pad))
        for low, span, high in zip([0.0, *middles], spans, [*middles, end], strict=False)
    )
