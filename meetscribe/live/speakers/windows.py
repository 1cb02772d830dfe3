"""The windows of one channel, computed as soon as their audio is complete, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.diarization.windows import Windows, join_windows
from meetscribe.timeline import Diarization, Seconds, Turn

if TYPE_CHECKING:
    import numpy.typing as npt

    from meetscribe.diarization import Diarizer


class ChannelWindows:
    """Segmentation and voiceprints of all windows so far, and the audio from the first incomplete window on.

    The audio begins at the sample `origin` of the recording. With a window of 5 s every second, this takes about 10 kB
    per second of audio.
    """

    def __init__(self, diarizer: Diarizer, origin: int = 0) -> None:
        self._diarizer = diarizer
        self._length = round(diarizer.window * SAMPLE_RATE)
        self._hop = round(diarizer.hop * SAMPLE_RATE)
        self._parts: list[Windows] = []
        self._pending: list[npt.NDArray[np.float32]] = []
        self._origin = self._first = origin  # sample of the recording at which the pending audio begins
        self.received = origin

    @property
    def end(self) -> Seconds:
        """The end of the received audio, in seconds of the recording."""
        return self.received / SAMPLE_RATE

    def add(self, samples: npt.NDArray[np.float32]) -> None:
        """Receive the next samples `(n,)`."""
        self._pending.append(samples)
        self.received += len(samples)

    def compute(self) -> None:
        """Compute the windows whose audio is complete."""
        count = (self.received - self._first - self._length) // self._hop + 1
        if count < 1:
            return
        samples = self._joined()
        used = samples[: (count - 1) * self._hop + self._length]
        self._parts.append(self._diarizer.windows(Audio(used, "live", "")))
        self._pending = [samples[count * self._hop :].copy()]
        self._first += count * self._hop

    def cluster(self) -> Diarization | None:
        """Return the diarization of all received audio, in times of the recording; None without audio.

        The last window, if incomplete, is padded with silence, and computed again by the next call.
        """
        parts = list(self._parts)
        samples = self._joined()
        # `samples` begin with the next window, whose first part is also in the last complete one.
        if len(samples) > self._length - self._hop or not parts:
            if not len(samples):
                return None
            parts.append(self._diarizer.windows(Audio(samples, "live", "")))
        start = self._origin / SAMPLE_RATE
        found = self._diarizer.cluster(join_windows(parts), self.end - start)
        return Diarization(_shifted(found.turns, start), _shifted(found.exclusive, start))

    def _joined(self) -> npt.NDArray[np.float32]:
        """Return the audio from the first incomplete window on."""
        samples = np.concatenate(self._pending) if self._pending else np.zeros(0, np.float32)
        self._pending = [samples]
        return samples


def _shifted(turns: Sequence[Turn], by: Seconds) -> tuple[Turn, ...]:
    return tuple(Turn(turn.start + by, turn.end + by, turn.speaker) for turn in turns)
