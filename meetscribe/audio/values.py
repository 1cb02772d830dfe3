"""The recording in memory, as every stage takes it; how it is read is in decode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetscribe.timeline import Seconds, Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples per second, in hertz, of every recording in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A recording: float32 mono `samples` `(frames,)` in [-1, 1] at 16 000 Hz, and the name of its file.

    `hash` is "sha256:" and the hexadecimal digest of the file's bytes; `warnings` says what could not be
    read.
    """

    samples: npt.NDArray[np.float32]
    name: str
    hash: str
    warnings: tuple[str, ...] = ()

    @property
    def duration(self) -> Seconds:
        """Its length in seconds."""
        return len(self.samples) / SAMPLE_RATE

    def slice(self, span: Span) -> npt.NDArray[np.float32]:
        """The samples `(frames,)` inside `span`, a view, cut to the recording."""
        return self.samples[max(0, round(span.start * SAMPLE_RATE)) : max(0, round(span.end * SAMPLE_RATE))]
