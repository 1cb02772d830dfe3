"""How surely somebody speaks in each frame, by the Silero network that comes with faster-whisper, offline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FRAME = 512
"""Samples of a frame."""
FRAME_SECONDS: Seconds = FRAME / SAMPLE_RATE

_CONTEXT = 64
"""Samples before a frame that the network hears with it."""
_STATE = (1, 1, 128)
_BLOCK = 2000
"""Frames read and computed at once, about a minute."""
_LOUD = -30.0
"""dB of full scale that the loud frames of a recording have at least when the network hears it."""
_LOUDEST = 95
"""Percentile of the frames that counts as loud."""
_MOST_GAIN = 30.0
"""dB; more would make a voice of the hiss of an empty recording."""
_SILENCE = 1e-10
"""Power that counts as none: -100 dB of full scale."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of each frame of a recording, `(frames,)`: the `probability` of speech, and the `level` in dB
    as the network heard it.
    """

    probability: npt.NDArray[np.float32]
    level: npt.NDArray[np.float32]


def score_speech(audio: Audio, progress: Progress = ignore_progress) -> Scores:
    """The scores of all frames; what the network remembers goes on from block to block.

    The last frame is filled up with silence.
    """
    import numpy as np

    # Its own call begins afresh each time, and holds copies of the whole recording.
    session = _network().session
    state, cell = np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)
    gain = _gain(audio)
    scores = _blank(audio)
    for first, count in _parts(audio):
        heard = _frames(audio, first, count) * gain
        probability, state, cell = session.run(None, {"input": heard, "h": state, "c": cell})
        scores.probability[first : first + count] = probability.ravel()
        scores.level[first : first + count] = _level(heard)
        progress(min(1.0, (first + count) * FRAME / len(audio.samples)))
    progress(1.0)
    return scores


@cache
def _network() -> Any:
    """faster-whisper's SileroVADModel, loaded once for all recordings."""
    from faster_whisper.vad import get_vad_model

    return get_vad_model()


def _blank(audio: Audio) -> Scores:
    """Room for the scores of all frames: small arrays kept between the network's would keep its memory."""
    import numpy as np

    frames = -(-len(audio.samples) // FRAME)
    return Scores(np.zeros(frames, np.float32), np.zeros(frames, np.float32))


def _parts(audio: Audio) -> Iterator[tuple[int, int]]:
    """The first frame of each block, and how many it has."""
    frames = -(-len(audio.samples) // FRAME)
    return ((first, min(_BLOCK, frames - first)) for first in range(0, frames, _BLOCK))


def _gain(audio: Audio) -> np.float32:
    """How much louder the recording must be for the network to hear quiet voices above the noise, at least 1."""
    import numpy as np

    levels = _blank(audio).level
    for first, count in _parts(audio):
        levels[first : first + count] = _level(_frames(audio, first, count))
    missing = _LOUD - np.percentile(levels, _LOUDEST) if len(levels) else 0.0
    return np.float32(10 ** (min(max(missing, 0.0), _MOST_GAIN) / 20))


def _level(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The level of each frame after its context, in dB of full scale."""
    import numpy as np

    power = np.square(frames[:, _CONTEXT:]).mean(axis=1)
    return np.asarray(10 * np.log10(power + _SILENCE), np.float32)


def _frames(audio: Audio, first: int, count: int) -> npt.NDArray[np.float32]:
    """So many frames from the first on, each after its context, `(count, 576)`; outside the recording is silence."""
    import numpy as np

    begin = first * FRAME - _CONTEXT
    inside = audio.samples[max(0, begin) : (first + count) * FRAME]
    block = np.zeros(_CONTEXT + count * FRAME, np.float32)
    block[max(0, -begin) :][: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, _CONTEXT + FRAME)[::FRAME].copy()
