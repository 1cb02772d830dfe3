"""Segmentation and voiceprints of overlapping windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meetscribe.timeline import Seconds

MIN_EXCLUSIVE_SHARE = 0.2
"""The least share of a window that a speaker must speak alone for the voiceprint to be used in clustering."""

CENTRE: Seconds = 1.5
"""The length of the central part of a window, which has a separate voiceprint. It identifies the speaker of a short
turn that the segmentation does not separate from the turns around it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The positions of windows and frames: a window every `hop` seconds, a frame of `width` seconds every `step`."""

    hop: Seconds
    step: Seconds
    width: Seconds

    def first_frame(self, window: int) -> int:
        """Return the index of the frame of the recording at which a window begins."""
        return round(window * self.hop / self.step)

    def time(self, frame: int) -> Seconds:
        """Return the centre of a frame of the recording in seconds."""
        return frame * self.step + self.width / 2


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The windows of a recording; they take about 10 kB per second of audio.

    Local speakers are the speakers of one window; local speaker 0 of the next window may be another person. `scores`
    float16 `(windows, frames, speakers)` are the probabilities that the local speakers are active, `active` whether
    they are. `voiceprints` is float32 `(windows, speakers, dim)`, NaN where there is none; `central` `(windows, dim)`
    has the voiceprints of the frames that `central_frames` returns, NaN where they are too short.
    """

    grid: Grid
    scores: npt.NDArray[np.float16]
    active: npt.NDArray[np.bool_]
    voiceprints: npt.NDArray[np.float32]
    central: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, part: slice) -> Windows:
        """Return a slice of the windows; its first window has index 0."""
        return Windows(self.grid, self.scores[part], self.active[part], self.voiceprints[part], self.central[part])

    def active_speakers(self) -> npt.NDArray[np.bool_]:
        """Return whether each local speaker is active in any frame, `(windows, speakers)`."""
        return np.asarray(self.active.any(axis=1))

    def usable_voiceprints(self, share: float = MIN_EXCLUSIVE_SHARE) -> npt.NDArray[np.bool_]:
        """Return whether each voiceprint is from enough speech without overlap, `(windows, speakers)`.

        `share` is the least share of the window with such speech.
        """
        by_speaker = np.ascontiguousarray(self.active.transpose(2, 0, 1))  # summing long rows is many times faster
        alone = by_speaker.sum(axis=0, dtype=np.uint8) == 1
        enough = share * self.active.shape[1] <= (by_speaker & alone).sum(axis=2).T
        usable: npt.NDArray[np.bool_] = enough & np.isfinite(self.voiceprints).all(axis=2)
        return usable


def join_windows(parts: Sequence[Windows]) -> Windows:
    """Return the windows of consecutive parts of a recording; raises ValueError if there are no parts."""
    if not parts:
        raise ValueError("there are no windows to join")
    arrays = zip(*((part.scores, part.active, part.voiceprints, part.central) for part in parts), strict=True)
    scores, active, voiceprints, central = map(np.concatenate, arrays)
    return Windows(parts[0].grid, scores, active, voiceprints, central)


def central_frames(active: npt.NDArray[np.bool_], step: Seconds) -> npt.NDArray[np.bool_]:
    """Return the frames in the centre of each window in which only its main speaker is active, `(windows, frames)`.

    `active` has the shape `(windows, frames, speakers)`, with a frame every `step` seconds.
    """
    length = min(active.shape[1], round(CENTRE / step))
    first = (active.shape[1] - length) // 2
    centre = active[:, first : first + length]
    alone = centre & (np.einsum("wfs->wf", centre, dtype=np.uint8) == 1)[:, :, None]
    main = np.einsum("wfs->ws", alone, dtype=np.int64).argmax(axis=1)
    frames = np.zeros(active.shape[:2], np.bool_)
    frames[:, first : first + length] = np.take_along_axis(alone, main[:, None, None], axis=2)[:, :, 0]
    return frames
