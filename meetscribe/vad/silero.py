"""The probability of speech in each frame, by the Silero network in faster-whisper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds

FRAME = 512
"""The number of samples in a frame."""

FRAME_SECONDS: Seconds = FRAME / SAMPLE_RATE

_CONTEXT = 64
"""The number of preceding samples in the network's input for a frame."""
_STATE_SHAPE = (1, 1, 128)
"""The shape of each of the two states of the network's LSTM."""
_BLOCK = 2000
"""The number of frames per block, about a minute."""
_TARGET_LEVEL = -30.0
"""The minimum level of the loud frames after amplification, in dBFS."""
_LOUD_PERCENTILE = 95
"""The percentile of the frame levels that counts as loud."""
_MAX_GAIN = 30.0
"""The maximum gain in dB; with more, the noise of an empty recording would be detected as speech."""
_MIN_POWER = 1e-10
"""The power of -100 dBFS, added to each frame to avoid the logarithm of 0."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The speech `probability` and the `level` in dBFS after amplification, both `(frames,)`."""

    probability: npt.NDArray[np.float32]
    level: npt.NDArray[np.float32]


def score_speech(audio: Audio, progress: Progress = ignore_progress, *, block: int = _BLOCK) -> Scores:
    """Return the scores of all frames, computed `block` frames at a time; the last frame is padded with silence.

    The recurrent state of the network is carried from block to block. A quiet recording is amplified. `progress` rises
    to 1.
    """
    # faster-whisper's own method resets the state at each call and copies the whole recording.
    session = _network().session
    state, cell = np.zeros(_STATE_SHAPE, np.float32), np.zeros(_STATE_SHAPE, np.float32)
    gain = _gain(audio, block)
    scores = _empty_scores(audio)
    for first, count in _blocks(audio, block):
        frames = _frames(audio, first, count) * gain
        probability, state, cell = session.run(None, {"input": frames, "h": state, "c": cell})
        scores.probability[first : first + count] = probability.ravel()
        scores.level[first : first + count] = _levels(frames)
        progress(min(1.0, (first + count) * FRAME / len(audio.samples)))
    progress(1.0)
    return scores


@cache
def _network() -> Any:
    """Return the SileroVADModel of faster-whisper, loaded once per process."""
    from faster_whisper.vad import get_vad_model  # a run with cached results does not need it

    return get_vad_model()


def _empty_scores(audio: Audio) -> Scores:
    """Return arrays for the scores of all frames.

    They are allocated in advance, because small arrays between those of the network would prevent freeing its memory.
    """
    frames = -(-len(audio.samples) // FRAME)
    return Scores(np.zeros(frames, np.float32), np.zeros(frames, np.float32))


def _blocks(audio: Audio, block: int) -> Iterator[tuple[int, int]]:
    """Yield the first frame of each block and its number of frames."""
    frames = -(-len(audio.samples) // FRAME)
    return ((first, min(block, frames - first)) for first in range(0, frames, block))


def _gain(audio: Audio, block: int) -> np.float32:
    """Return the amplitude factor that raises the loud frames to `_TARGET_LEVEL`, between 0 dB and `_MAX_GAIN`."""
    levels = _empty_scores(audio).level
    for first, count in _blocks(audio, block):
        levels[first : first + count] = _levels(_frames(audio, first, count))
    missing = _TARGET_LEVEL - np.percentile(levels, _LOUD_PERCENTILE) if len(levels) else 0.0
    return np.float32(10 ** (min(max(missing, 0.0), _MAX_GAIN) / 20))


def _levels(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the level in dBFS `(frames,)` of frames `(frames, 576)`, without their contexts."""
    power = np.square(frames[:, _CONTEXT:]).mean(axis=1)
    return np.asarray(10 * np.log10(power + _MIN_POWER), np.float32)


def _frames(audio: Audio, first: int, count: int) -> npt.NDArray[np.float32]:
    """Return `count` frames with their contexts, `(count, 576)`, padded with silence."""
    begin = first * FRAME - _CONTEXT
    inside = audio.samples[max(0, begin) : (first + count) * FRAME]
    block = np.zeros(_CONTEXT + count * FRAME, np.float32)
    block[max(0, -begin) :][: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, _CONTEXT + FRAME)[::FRAME].copy()
