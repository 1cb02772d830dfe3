"""Microphones that each belong to one person, silenced where they only hear the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meetscribe.audio.values import Audio, Samples
from meetscribe.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FRAME = 320  # samples, 20 ms
_BLOCK = 3000 * _FRAME
_SMOOTH = 9  # frames over which the level is measured
_KEEP = 6  # frames kept on each side of what is one's own
_MARGIN = 9.0
"""Decibels by which another microphone must be louder, where it is not seen what comes over from the next seat."""
_APART = 15.0
"""Decibels between the differences while one or the other talks, from which on both talking is seen."""
_SHARE = 0.3  # of the way from one to the other
_QUIET = 35.0  # decibels below the loudest frames, where nobody talks
_FLOOR = -90.0
_ALIKE = 0.5  # decibels


def without_crosstalk(channels: Sequence[Audio]) -> tuple[Audio, ...]:
    """The recordings, made at the same time, each silent where another one is much louder; as long as the longest.

    How much louder is seen for each two: the difference of their levels has one value while the one talks, another
    while the other does, whatever their gains, and lies between the two where both talk, which stays. Raises
    InputError if two recordings are the same sound.
    """
    import numpy as np

    frames = max(-(-len(audio.samples) // _FRAME) for audio in channels)
    raw = np.stack([_levels(audio.samples, frames) for audio in channels])
    if len(raw) < 2:
        return tuple(channels)
    _require_different(channels, raw)
    length = max(len(audio.samples) for audio in channels)
    heard = []
    for number, audio in enumerate(channels):
        louder = [_is_louder(other, raw[number]) for place, other in enumerate(raw) if place != number]
        own = _widened(~np.any(louder, axis=0))
        heard.append(replace(audio, samples=_Gated(audio.samples, own, length)))
    return tuple(heard)


@dataclass(frozen=True, slots=True, eq=False)
class _Gated:
    """Samples that are silent outside of their own frames, read where they are asked for."""

    samples: Samples
    own: npt.NDArray[np.float32]
    length: int

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> npt.NDArray[np.float32]:
        import numpy as np

        start, stop, _ = part.indices(self.length)
        places = np.arange(start, max(start, stop)) / _FRAME - 0.5
        gain = np.interp(places, np.arange(len(self.own)), self.own).astype(np.float32)
        inside = self.samples[start:stop]
        gain[: len(inside)] *= inside
        gain[len(inside) :] = 0
        return gain


def _levels(samples: Samples, frames: int) -> npt.NDArray[np.float32]:
    """The level `(frames,)` of each frame in decibels, over a fifth of a second."""
    import numpy as np

    power = np.zeros(frames, np.float32)
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK]
        whole = np.zeros(-(-len(block) // _FRAME) * _FRAME, np.float32)
        whole[: len(block)] = block
        first = start // _FRAME
        power[first : first + len(whole) // _FRAME] = np.square(whole).reshape(-1, _FRAME).mean(axis=1)
    smooth = np.convolve(power, np.full(_SMOOTH, 1 / _SMOOTH, np.float32), "same")
    levels: npt.NDArray[np.float32] = 10 * np.log10(np.maximum(smooth, 10 ** (_FLOOR / 10)))
    return levels


def _is_louder(other: npt.NDArray[np.float32], own: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Whether in a frame only the other one of two microphones has its owner's voice, by their levels `(frames,)`."""
    import numpy as np

    more = other - own
    talking = more[np.maximum(other - np.percentile(other, 99), own - np.percentile(own, 99)) > -_QUIET]
    low, high = np.percentile(talking, [10, 90])
    for _ in range(20):  # two means
        near = talking < (low + high) / 2
        if near.all() or not near.any():
            break
        low, high = np.median(talking[near]), np.median(talking[~near])
    found: npt.NDArray[np.bool_] = more > (high - _SHARE * (high - low) if high - low > _APART else _MARGIN)
    return found


def _widened(own: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Frames that are one's own, and some on each side of them, as 1."""
    import numpy as np

    wide = np.convolve(own, np.ones(2 * _KEEP + 1), "same") > 0.5
    return wide.astype(np.float32)


def _require_different(channels: Sequence[Audio], levels: npt.NDArray[np.float32]) -> None:
    """Raise InputError if a recording has the levels of an earlier one, but for its gain."""
    import numpy as np

    for later in range(1, len(levels)):
        for earlier in range(later):
            apart = levels[later] - levels[earlier]
            loud = levels[earlier] > _FLOOR + 1
            if loud.any() and np.abs(apart - np.median(apart[loud]))[loud].mean() < _ALIKE:
                raise InputError(
                    f"microphones {earlier + 1} and {later + 1} of {channels[later].name} hear the same sound",
                    "They do not tell who speaks: leave out --channels or --per-speaker.",
                )
