"""Where any voice is heard, by the bundled segmentation model; whose voices they are is diarization's."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.runtime.threads import parallel_map, torch_threads
from meetscribe.segmentation.bundled import load_bundled
from meetscribe.segmentation.frames import active_runs
from meetscribe.timeline import Seconds, Span, union

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# The bundled model: from 80 000 samples it makes 293 frames of 270 samples, the first about sample 495.
_WINDOW = 80_000
_STEP = 270
_CENTRE = 495
_HALF = 146
"""Frames of half a window. The next window begins there, and a frame's score is the higher one of two windows: in a
single one the model may miss a voice from end to end."""
_BATCH = 4
"""With more, the arrays of the network leave the caches, and the system has to find them new memory each time."""

# As whisperx has it for this model.
_ONSET = 0.5
_OFFSET = 0.363
_MIN_PAUSE: Seconds = 0.25
_MIN_VOICE: Seconds = 0.1


def detect_speech_activity(audio: Audio, progress: Progress = ignore_progress) -> tuple[Span, ...]:
    """The stretches in which the model hears at least one voice, in order and apart; pauses under 0.25 s filled.

    It runs on the processor with as many threads as torch is set to, and holds a quarter of a minute of the recording
    for each at a time. `progress` rises to 1. Raises WeightsError if the model is not there.
    """
    scores = _scores(audio, progress)
    progress(1.0)
    shift = _CENTRE - _STEP / 2  # of the first frame's share of time
    runs = active_runs(scores, _ONSET, _OFFSET)
    times = [((shift + first * _STEP) / SAMPLE_RATE, (shift + last * _STEP) / SAMPLE_RATE) for first, last in runs]
    spans = union((Span(min(start, audio.duration), min(end, audio.duration)) for start, end in times), _MIN_PAUSE)
    return tuple(span for span in spans if span.duration >= _MIN_VOICE)


def _scores(audio: Audio, progress: Progress) -> npt.NDArray[np.float32]:
    """How surely somebody speaks in each frame of the recording, `(frames,)`."""
    import numpy as np

    halves = math.ceil(len(audio.samples) / (_HALF * _STEP))
    # Made beforehand: small arrays kept between the large ones of the model would keep their memory from shrinking.
    scores = np.zeros((halves + 2, _HALF), np.float32)
    if not halves:
        return scores[1:-1].ravel()
    model = _model()
    workers = torch_threads()
    batches = _batches(halves + 1, workers)
    for batch, heard in zip(batches, parallel_map(partial(_hear, model, audio), batches, workers), strict=True):
        for half, windows in enumerate((batch, range(batch.start + 1, batch.stop + 1))):
            own = scores[windows.start : windows.stop]
            np.maximum(own, heard[:, half * _HALF : (half + 1) * _HALF], out=own)
        progress(batch.stop / (halves + 1))
    return scores[1:-1].ravel()


def _batches(count: int, threads: int) -> list[range]:
    """So many windows in batches of which each thread has as many as the others, and nearly as large ones."""
    rounds = math.ceil(count / (threads * _BATCH))
    size = math.ceil(count / (threads * rounds))
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


@cache
def _model() -> Any:
    """The bundled model, loaded once for all recordings."""
    return load_bundled()


def _hear(model: Any, audio: Audio, numbers: range) -> npt.NDArray[np.float32]:
    """How surely somebody speaks in the frames of some windows, `(windows, frames)`."""
    import torch

    with torch.inference_mode():
        heard: npt.NDArray[np.float32] = model(torch.from_numpy(_windows(audio, numbers))).amax(dim=2).numpy()
    return heard


def _windows(audio: Audio, numbers: range) -> npt.NDArray[np.float32]:
    """Windows `(windows, 1, samples)`: number 0 begins half a window before the recording; outside it is silence."""
    import numpy as np

    begin = (numbers.start - 1) * _HALF * _STEP
    end = (numbers.stop - 2) * _HALF * _STEP + _WINDOW
    inside = audio.samples[max(0, begin) : end]
    block = np.zeros(end - begin, np.float32)
    block[max(0, -begin) :][: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, _WINDOW)[:: _HALF * _STEP][:, None].copy()
