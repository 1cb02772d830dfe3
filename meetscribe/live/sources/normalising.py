"""Convert PCM of any rate, sample type and number of channels to float32 at 16 000 Hz, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.audio.decoding import MAX_CHANNELS

if TYPE_CHECKING:
    from av.audio.resampler import AudioResampler

Pcm: TypeAlias = npt.NDArray[np.float32] | npt.NDArray[np.int16]
"""Samples `(frames,)` or `(frames, channels)`: float32 in [-1, 1], or int16."""

_RATES = (1000, 768_000)  # the lowest and the highest in Hz


class Normaliser:
    """Converts consecutive blocks of one source, keeping the resampler's state between blocks.

    Raises ValueError for an impossible rate or number of channels.
    """

    def __init__(self, rate: int, channels: int) -> None:
        if not 1 <= channels <= MAX_CHANNELS:
            raise ValueError(f"audio must have 1 to {MAX_CHANNELS} channels, not {channels}")
        if not _RATES[0] <= rate <= _RATES[1]:
            raise ValueError(f"the rate must be {_RATES[0]} to {_RATES[1]} Hz, not {rate}")
        self.rate, self.channels = rate, channels
        # One resampler per channel: FFmpeg does not have a layout for every number of channels.
        self._resamplers = [] if rate == SAMPLE_RATE else [_resampler() for _ in range(channels)]

    def add(self, samples: Pcm) -> npt.NDArray[np.float32]:
        """Return the next samples `(frames, channels)`; the resampler holds back a few milliseconds.

        NaN and infinite samples become 0, others are clipped to [-1, 1]. Raises ValueError for types or shapes other
        than those of `Pcm`.
        """
        block = self._as_float(samples)
        if not self._resamplers:
            return block
        return self._joined([self._resampled(n, block[:, n]) for n in range(self.channels)])

    def finish(self) -> npt.NDArray[np.float32]:
        """Return the remaining samples of the resampler."""
        return self._joined([self._resampled(n, None) for n in range(len(self._resamplers))])

    def _as_float(self, samples: Pcm) -> npt.NDArray[np.float32]:
        """Return a block as float32 `(frames, channels)`."""
        block = samples[:, None] if samples.ndim == 1 else samples
        if block.ndim != 2 or block.shape[1] != self.channels:
            raise ValueError(f"a block must have the shape (frames, {self.channels}), not {samples.shape}")
        if block.dtype == np.int16:
            return np.asarray(block, np.float32) / np.float32(32_768)
        if block.dtype != np.float32:
            raise ValueError(f"samples must be float32 or int16, not {block.dtype}")
        return np.asarray(np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0), np.float32)

    def _resampled(self, channel: int, samples: npt.NDArray[np.float32] | None) -> npt.NDArray[np.float32]:
        """Return the samples of a channel at 16 kHz; None flushes the resampler."""
        from av.audio.frame import AudioFrame

        frame = None
        if samples is not None:
            if not len(samples):
                return samples
            frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples)[None], format="flt", layout="mono")
            frame.sample_rate = self.rate
        frames = self._resamplers[channel].resample(frame)
        parts = [np.asarray(each.to_ndarray(), np.float32).ravel() for each in frames]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _joined(self, parts: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """Return channels of equal length as an array `(frames, channels)`."""
        return np.stack(parts, axis=1) if parts else np.zeros((0, self.channels), np.float32)


def _resampler() -> AudioResampler:
    """Return a resampler of mono float32 to 16 kHz."""
    from av.audio.resampler import AudioResampler

    return AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
