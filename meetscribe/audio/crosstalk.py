"""Noise gate for recordings with one microphone per speaker: silences crosstalk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from meetscribe.audio.values import Audio, Samples
from meetscribe.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

# The values were developed on the sample interview; `tests.benchmarks.crosstalk` measures the result on others.
_FRAME = 320  # samples, 20 ms
_BLOCK = 3000 * _FRAME  # samples read at once, one minute
_SMOOTH = 9  # frames over which levels are averaged
_KEEP = 6  # frames by which open parts are extended on each side
_MARGIN = 9.0
"""The level difference in dB from which another microphone is louder, if the crosstalk cannot be estimated."""
_APART = 15.0
"""The minimum distance in dB between the two clusters of level differences for an estimate."""
_SHARE = 0.3  # distance of the threshold from the higher cluster, as a share of that between the clusters
_QUIET = 35.0  # dB below the loudest frames; quieter frames are pauses
_FLOOR = -90.0  # dB of full scale, the level of silence
_SAME_SIGNAL = 0.5  # dB; if the level difference deviates less from its median, on average, the signal is the same


def without_crosstalk(channels: Sequence[Audio]) -> tuple[Audio, ...]:
    """Return simultaneous recordings, each silenced while another one is much louder, padded to the longest.

    The threshold is estimated for each pair of microphones: whatever their gains, the level difference forms one
    cluster while one speaker talks, and another while the other does. In between, both talk, and the audio is kept.
    Raises InputError if two recordings carry the same signal.
    """
    frames = max(-(-len(audio.samples) // _FRAME) for audio in channels)
    levels = np.stack([_levels(audio.samples, frames) for audio in channels])
    if len(levels) < 2:
        return tuple(channels)
    _require_different(channels, levels)
    length = max(len(audio.samples) for audio in channels)
    gated = []
    for number, audio in enumerate(channels):
        louder = [_is_louder(other, levels[number]) for index, other in enumerate(levels) if index != number]
        gate = _extended(~np.any(louder, axis=0))
        gated.append(replace(audio, samples=_GatedSamples(audio.samples, gate, length)))
    return tuple(gated)


@dataclass(frozen=True, slots=True, eq=False)
class _GatedSamples:
    """Gated samples, computed on demand; `gate` is 1 in open frames and 0 in closed ones."""

    samples: Samples
    gate: npt.NDArray[np.float32]
    length: int

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> npt.NDArray[np.float32]:
        start, stop, _ = part.indices(self.length)
        # The gain changes linearly between the centres of two frames.
        positions = np.arange(start, max(start, stop)) / _FRAME - 0.5
        gain = np.interp(positions, np.arange(len(self.gate)), self.gate).astype(np.float32)
        inside = self.samples[start:stop]
        gain[: len(inside)] *= inside
        gain[len(inside) :] = 0
        return gain


def _levels(samples: Samples, frames: int) -> npt.NDArray[np.float32]:
    """Return the level `(frames,)` of each frame in dB, averaged over 180 ms."""
    power = np.zeros(frames, np.float32)
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK]
        padded = np.zeros(-(-len(block) // _FRAME) * _FRAME, np.float32)
        padded[: len(block)] = block
        first = start // _FRAME
        power[first : first + len(padded) // _FRAME] = np.square(padded).reshape(-1, _FRAME).mean(axis=1)
    smoothed = np.convolve(power, np.full(_SMOOTH, 1 / _SMOOTH, np.float32), "same")
    levels: npt.NDArray[np.float32] = 10 * np.log10(np.maximum(smoothed, 10 ** (_FLOOR / 10)))
    return levels


def _is_louder(other: npt.NDArray[np.float32], own: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Return for each frame, `(frames,)`, whether only the other speaker talks, from the levels of both microphones."""
    difference = other - own
    talking = difference[np.maximum(other - np.percentile(other, 99), own - np.percentile(own, 99)) > -_QUIET]
    low, high = np.percentile(talking, [10, 90])
    for _ in range(20):  # k-means with two clusters
        near = talking < (low + high) / 2
        if near.all() or not near.any():
            break
        low, high = np.median(talking[near]), np.median(talking[~near])
    found: npt.NDArray[np.bool_] = difference > (high - _SHARE * (high - low) if high - low > _APART else _MARGIN)
    return found


def _extended(gate: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return a gate `(frames,)` of 0 and 1 with its open parts extended on each side."""
    wide = np.convolve(gate, np.ones(2 * _KEEP + 1), "same") > 0.5
    return wide.astype(np.float32)


def _require_different(channels: Sequence[Audio], levels: npt.NDArray[np.float32]) -> None:
    """Raise InputError if a recording has the levels of an earlier one, apart from the gain."""
    for later in range(1, len(levels)):
        for earlier in range(later):
            difference = levels[later] - levels[earlier]
            loud = levels[earlier] > _FLOOR + 1
            if loud.any() and np.abs(difference - np.median(difference[loud]))[loud].mean() < _SAME_SIGNAL:
                raise InputError(
                    f"microphones {earlier + 1} and {later + 1} of {channels[later].name} carry the same signal",
                    "They do not separate the speakers: omit --channels or --per-speaker.",
                )
