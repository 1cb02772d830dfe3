"""Detection of speech activity of any speaker, by the bundled segmentation model."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.runtime.threads import parallel_map, torch_threads
from meetscribe.segmentation.bundled import load_bundled
from meetscribe.segmentation.frames import active_runs
from meetscribe.timeline import Seconds, Span, union

# The bundled model has 293 frames of 270 samples for 80 000 samples; the centre of the first is at sample 495.
_WINDOW = 80_000
_STEP = 270
_CENTRE = 495
_HALF_WINDOW = 146
"""The number of frames between the starts of two windows. The score of a frame is the maximum over two windows, because
the model sometimes misses a speaker in a whole window."""
_BATCH_SIZE = 4
"""The number of windows per batch; larger batches exceed the CPU's caches and reallocate memory each time."""

# The parameters of whisperx for this model.
_ONSET = 0.5
_OFFSET = 0.363
_MIN_SILENCE: Seconds = 0.25
_MIN_SPEECH: Seconds = 0.1


def detect_speech_activity(
    audio: Audio, progress: Progress = ignore_progress, *, batch_size: int = _BATCH_SIZE
) -> tuple[Span, ...]:
    """Return sorted, disjoint spans with at least one active speaker.

    Pauses under 0.25 s are filled; then, spans under 0.1 s are dropped.

    The model runs on the CPU, with one batch per torch thread, and reads a quarter of a minute of the recording
    per thread. `progress` rises to 1. Raises WeightsError if the model is missing.
    """
    scores = _frame_scores(audio, progress, batch_size)
    progress(1.0)
    origin = _CENTRE - _STEP / 2  # the sample at which the first frame begins
    runs = active_runs(scores, _ONSET, _OFFSET)
    times = [((origin + start * _STEP) / SAMPLE_RATE, (origin + end * _STEP) / SAMPLE_RATE) for start, end in runs]
    spans = union((Span(min(start, audio.duration), min(end, audio.duration)) for start, end in times), _MIN_SILENCE)
    return tuple(span for span in spans if span.duration >= _MIN_SPEECH)


def _frame_scores(audio: Audio, progress: Progress, batch_size: int) -> npt.NDArray[np.float32]:
    """Return the probability of speech in each frame of the recording, `(frames,)`."""
    halves = math.ceil(len(audio.samples) / (_HALF_WINDOW * _STEP))
    # Window i covers the rows i and i + 1, each half a window; the first and the last row are outside the recording.
    # Allocated in advance: small arrays between the large ones of the model would prevent freeing their memory.
    scores = np.zeros((halves + 2, _HALF_WINDOW), np.float32)
    if not halves:
        return scores[1:-1].ravel()
    infer = partial(_infer, _model(), audio)
    workers = torch_threads()
    batches = _batches(halves + 1, workers, batch_size)
    for batch, batch_scores in zip(batches, parallel_map(infer, batches, workers), strict=True):
        for half, windows in enumerate((batch, range(batch.start + 1, batch.stop + 1))):
            rows = scores[windows.start : windows.stop]
            np.maximum(rows, batch_scores[:, half * _HALF_WINDOW : (half + 1) * _HALF_WINDOW], out=rows)
        progress(batch.stop / (halves + 1))
    return scores[1:-1].ravel()


def _batches(windows: int, workers: int, batch_size: int) -> list[range]:
    """Return batches of nearly equal size, as ranges of window indices, with equally many batches for each worker."""
    rounds = math.ceil(windows / (workers * batch_size))
    size = math.ceil(windows / (workers * rounds))
    return [range(first, min(first + size, windows)) for first in range(0, windows, size)]


@cache
def _model() -> Any:
    """Return the bundled model, loaded once per process."""
    return load_bundled()


def _infer(model: Any, audio: Audio, indices: range) -> npt.NDArray[np.float32]:
    """Return the probability of speech in each frame of windows, `(windows, frames)`."""
    import torch  # takes seconds, which a run with cached results does not need

    with torch.inference_mode():
        by_speaker = model(torch.from_numpy(_windows(audio, indices)))  # (windows, frames, speakers)
        scores: npt.NDArray[np.float32] = by_speaker.amax(dim=2).numpy()
    return scores


def _windows(audio: Audio, indices: range) -> npt.NDArray[np.float32]:
    """Return windows `(windows, 1, samples)`, padded with silence; window 0 begins half a window before the start."""
    begin = (indices.start - 1) * _HALF_WINDOW * _STEP
    end = (indices.stop - 2) * _HALF_WINDOW * _STEP + _WINDOW
    inside = audio.samples[max(0, begin) : end]
    block = np.zeros(end - begin, np.float32)
    block[max(0, -begin) :][: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, _WINDOW)[:: _HALF_WINDOW * _STEP][:, None].copy()
