"""The probability of speech, frame by frame, from the Silero network in faster-whisper."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

FRAME = 512
"""Samples of a frame, 32 ms."""

_CONTEXT = 64
"""Samples before a frame in the input of the network."""
_STATE_SHAPE = (1, 1, 128)
"""The shape of the hidden state and of the cell state of the network's LSTM."""
_TARGET_LEVEL = -30.0
"""The level of the loudest frames, in dBFS, up to which a quieter input is amplified."""
_MAX_GAIN = 20.0
"""The largest amplification in dB."""
_DECAY = 0.03
"""The decay of the loudest level per frame, in dB: about 1 dB per second."""


class StreamingSilero:
    """The state of the network for one channel.

    A quiet channel is amplified, by a gain that follows its loudest frames, so that its speech is detected.
    """

    def __init__(self) -> None:
        self._state = np.zeros(_STATE_SHAPE, np.float32)
        self._cell = np.zeros(_STATE_SHAPE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._loudest = _TARGET_LEVEL

    def __call__(self, frame: npt.NDArray[np.float32]) -> float:
        """Return the probability of speech, 0 to 1, of the next frame `(512,)`."""
        gain = np.float32(10 ** (self._gain(frame) / 20))
        joined = np.concatenate([self._context, frame])
        self._context = joined[-_CONTEXT:]
        inputs = {"input": joined[None] * gain, "h": self._state, "c": self._cell}
        probability, self._state, self._cell = _session().run(None, inputs)
        return float(probability.ravel()[0])

    def _gain(self, frame: npt.NDArray[np.float32]) -> float:
        """Return the amplification in dB, and update the level of the loudest frames."""
        level = 10 * np.log10(float(np.mean(np.square(frame))) + 1e-10)
        self._loudest = max(level, self._loudest - _DECAY)
        return min(max(_TARGET_LEVEL - self._loudest, 0.0), _MAX_GAIN)


@cache
def _session() -> Any:
    """Return the onnxruntime session of the network, shared by all streams because it holds no state."""
    from faster_whisper.vad import get_vad_model  # imports onnxruntime

    return get_vad_model().session
