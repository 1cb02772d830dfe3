"""How surely somebody speaks in each frame, by the Silero network that comes with faster-whisper, offline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.progress import Progress, ignore_progress
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
_SILENCE = 1e-10
"""Power that counts as none: -100 dB of full scale."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of each frame of a recording, `(frames,)`: the `probability` of speech, and the `level` in dB of full scale."""

    probability: npt.NDArray[np.float32]
    level: npt.NDArray[np.float32]


def score_speech(audio: Audio, progress: Progress = ignore_progress) -> Scores:
    """The scores of all frames; what the network remembers goes on from block to block.

    The last frame is filled up with silence.
    """
    import numpy as np

    blocks = list(_blocks(audio, progress))
    progress(1.0)
    nothing = np.zeros(0, np.float32)
    return Scores(
        np.concatenate([nothing, *(probability for probability, _ in blocks)]),
        np.concatenate([nothing, *(level for _, level in blocks)]),
    )


def _blocks(audio: Audio, progress: Progress) -> Iterator[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Probability and level of the frames of each block."""
    import numpy as np
    from faster_whisper.vad import get_vad_model

    # Its own call begins afresh each time, and holds copies of the whole recording.
    session = get_vad_model().session
    state, cell = np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)
    frames = -(-len(audio.samples) // FRAME)
    for first in range(0, frames, _BLOCK):
        heard = _frames(audio, first, min(_BLOCK, frames - first))
        probability, state, cell = session.run(None, {"input": heard, "h": state, "c": cell})
        power = np.square(heard[:, _CONTEXT:]).mean(axis=1)
        yield probability.ravel(), 10 * np.log10(power + np.float32(_SILENCE))
        progress((first + len(heard)) / frames)


def _frames(audio: Audio, first: int, count: int) -> npt.NDArray[np.float32]:
    """So many frames from the first on, each after its context, `(count, 576)`; outside the recording is silence."""
    import numpy as np

    begin = first * FRAME - _CONTEXT
    inside = audio.samples[max(0, begin) : (first + count) * FRAME]
    block = np.zeros(_CONTEXT + count * FRAME, np.float32)
    block[max(0, -begin) :][: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, _CONTEXT + FRAME)[::FRAME].copy()
