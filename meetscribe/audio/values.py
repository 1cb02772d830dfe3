"""The decoded recording that all stages work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from meetscribe.errors import Notice
from meetscribe.timeline import Seconds, Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples per second of every decoded recording."""


class Samples(Protocol):
    """Float32 mono samples `(samples,)` in [-1, 1]: an array, or an object that reads them from a file.

    For a long recording, `samples[start:stop]` reads only this part into memory; `samples[:]` reads everything.
    """

    def __len__(self) -> int:
        """Return the number of samples."""

    def __getitem__(self, part: slice, /) -> npt.NDArray[np.float32]:
        """Return the samples of a slice without a step; it may end after the last sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A recording: mono `samples` at 16 000 Hz, and the name of its file.

    `hash` is "sha256:" and the hexadecimal digest of the file's bytes. `notices` reports the parts that could not be
    read. `title` and `recorded_at`, an ISO 8601 date or date and time, come from the metadata of the file.
    """

    samples: Samples
    name: str
    hash: str
    notices: tuple[Notice, ...] = ()
    title: str | None = None
    recorded_at: str | None = None

    @property
    def duration(self) -> Seconds:
        """The length in seconds."""
        return len(self.samples) / SAMPLE_RATE

    def slice(self, span: Span) -> npt.NDArray[np.float32]:
        """Return the samples `(samples,)` of a span, clipped to the recording."""
        return self.samples[max(0, round(span.start * SAMPLE_RATE)) : max(0, round(span.end * SAMPLE_RATE))]
