"""The level of incoming audio, and detection of silence."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.events import Draft, error
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy.typing as npt

_SILENT: Seconds = 5.0
"""The silence after which an error is returned."""
_QUIETEST = 10 ** (-100 / 20)  # the peak at -100 dBFS, below the noise of any microphone


class LevelMeter:
    """Tracks the peak of the last second, and detects silence; the error about silence names `source` and `remedy`."""

    def __init__(self) -> None:
        self.source = "the source"
        self.remedy = "Check what it sends."
        self._peaks: deque[tuple[int, float]] = deque()
        self._silent = 0  # frames
        self._reported = False

    @property
    def level(self) -> float | None:
        """The peak of about the last second in dBFS, None up to -100 dBFS."""
        peak = max((peak for _, peak in self._peaks), default=0.0)
        return round(20 * float(np.log10(peak)), 1) if peak > _QUIETEST else None

    def add(self, samples: npt.NDArray[np.float32]) -> Draft | None:
        """Receive samples `(frames, channels)` at 16 kHz; return an error, once, after five seconds of silence."""
        peak = float(np.abs(samples).max(initial=0.0))
        self._peaks.append((len(samples), peak))
        while sum(frames for frames, _ in self._peaks) - self._peaks[0][0] >= SAMPLE_RATE:
            self._peaks.popleft()
        if peak > _QUIETEST:
            self._silent, self._reported = 0, False
            return None
        self._silent += len(samples)
        if self._reported or self._silent < _SILENT * SAMPLE_RATE:
            return None
        self._reported = True
        return error("source.silent", f"no sound from {self.source} for {_SILENT:.0f} s", self.remedy)
