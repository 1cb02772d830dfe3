"""Speech read off the scores of frames: hysteresis, pauses, cuts and padding; pure but for asking for the scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from meetscribe.audio import Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.segmentation import active_runs
from meetscribe.timeline import Seconds, Span, union
from meetscribe.vad.settings import LATER, VadSettings
from meetscribe.vad.silero import FRAME_SECONDS, Scores, score_speech

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_OFFSET = 0.4
"""Speech goes on until the detector is less sure than this share of the threshold: word ends are quiet."""

_DECIBELS = 30.0
"""So much less sound tells a pause as well as a probability of speech of 0 instead of 1."""

_PAUSE = 7
"""Frames, 0.22 s, over which a pause is sought: a shorter dip may lie inside a word."""


def detect_speech(audio: Audio, settings: VadSettings, progress: Progress = ignore_progress) -> tuple[Span, ...]:
    """The stretches in which anybody speaks, in order, padded, none longer than `settings.max_chunk`.

    Longer speech is cut where a pause is most likely in the later part of what fits; two spans may thus touch,
    but never overlap. `progress` rises to 1.
    """
    scores = score_speech(audio, progress)
    longest = int((settings.max_chunk - 2 * settings.pad) / FRAME_SECONDS)
    pauses = pause_scores(scores)
    spans = (_span(*part) for run in _runs(scores, settings) for part in cut_at_pauses(*run, longest, pauses))
    return padded(spans, settings.pad, audio.duration)


def _runs(scores: Scores, settings: VadSettings) -> Iterator[tuple[int, int]]:
    """First and last-but-one frame of each stretch of speech, pauses filled and what is too short left out."""
    runs = active_runs(scores.probability, settings.threshold, settings.threshold * _OFFSET)
    for span in union((_span(*run) for run in runs), settings.min_silence):
        if span.duration >= settings.min_speech:
            yield round(span.start / FRAME_SECONDS), round(span.end / FRAME_SECONDS)


def _span(first: int, last: int) -> Span:
    """When the frames from the first up to, but without, the last are heard."""
    return Span(first * FRAME_SECONDS, last * FRAME_SECONDS)


def pause_scores(scores: Scores) -> npt.NDArray[np.float32]:
    """How little each frame and its neighbours sound like a pause, `(frames,)`: the lower, the more."""
    import numpy as np

    frames = scores.probability + scores.level / np.float32(_DECIBELS)
    edges = np.concatenate([frames[:1].repeat(_PAUSE // 2), frames, frames[-1:].repeat(_PAUSE // 2)])
    return np.convolve(edges, np.full(_PAUSE, 1 / _PAUSE, np.float32), "valid") if len(frames) else frames


def cut_at_pauses(first: int, last: int, longest: int, pauses: npt.NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """The frames `first` to `last` in parts of at most `longest`, cut at the lowest of `pauses` in reach.

    In reach is the later part of what fits.
    """
    while last - first > longest:
        earliest = first + max(1, int(longest * LATER))
        cut = earliest + int(pauses[earliest : first + longest + 1].argmin())
        yield first, cut
        first = cut
    yield first, last


def padded(spans: Iterable[Span], pad: Seconds, end: Seconds) -> tuple[Span, ...]:
    """The spans, each longer by `pad` on either side, as far as the recording and half of a pause allow.

    >>> padded([Span(1, 2), Span(2, 3), Span(3.25, 4)], pad=0.5, end=4.25)
    (Span(start=0.5, end=2.0), Span(start=2.0, end=3.125), Span(start=3.125, end=4.25))
    """
    spans = list(spans)
    middles = [(before.end + after.start) / 2 for before, after in pairwise(spans)]
    return tuple(
        Span(max(low, span.start - pad), min(high, span.end + pad))
        for low, span, high in zip([0.0, *middles], spans, [*middles, end], strict=False)
    )
