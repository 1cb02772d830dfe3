"""The recording as every stage takes it; how it is read is in decode, where it is kept in storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from meetscribe.errors import Notice
from meetscribe.timeline import Seconds, Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples per second, in hertz, of every recording once it is decoded."""


class Samples(Protocol):
    """Float32 mono samples, `(frames,)` in [-1, 1]: an array, or something that reads them from a file.

    Of a long recording `samples[start:stop]` is in memory only as long as it is used; `samples[:]` is everything.
    """

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, part: slice, /) -> npt.NDArray[np.float32]:
        """Those from `part.start` up to, but without, `part.stop`, as far as there are any."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A recording: mono `samples` at 16 000 Hz, and the name of its file.

    `hash` is "sha256:" and the hexadecimal digest of the file's bytes; `notices` says what could not be
    read.
    `title` and `recorded_at`, an ISO 8601 date or date and time, are those of the file's metadata, if it has any.
    """

    samples: Samples
    name: str
    hash: str
    notices: tuple[Notice, ...] = ()
    title: str | None = None
    recorded_at: str | None = None

    @property
    def duration(self) -> Seconds:
        """Its length in seconds."""
        return len(self.samples) / SAMPLE_RATE

    def slice(self, span: Span) -> npt.NDArray[np.float32]:
        """The samples `(frames,)` inside `span`, cut to the recording."""
        return self.samples[max(0, round(span.start * SAMPLE_RATE)) : max(0, round(span.end * SAMPLE_RATE))]
