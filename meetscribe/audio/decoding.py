"""Values exchanged with the decoder process: the request, the decoded audio, and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from meetscribe.timeline import Seconds

MAX_CHANNELS = 8
"""The maximum number of separate channels of a stream; more channels are mixed to one."""

MIN_LOSS: Seconds = 0.5
"""Shorter losses at the end of a recording are ignored."""


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """The track and channel to decode, and the limits: seconds of processor time and megabytes of memory.

    `stream` (the track) and `channel` are counted from 1; None selects the main track, and the mix of all channels.

    With `streamed`, the recording is still arriving, and its audio is sent as soon as it is decoded.
    """

    name: str
    stream: int | None
    seconds: Seconds
    memory_mb: int
    channel: int | None = None
    streamed: bool = False


class Sink(Protocol):
    """Receives the decoded audio, 16 kHz mono, in order."""

    def length(self, seconds: Seconds | None) -> None:
        """Receive the length declared by the file, before any audio."""

    def sound(self, samples: memoryview) -> None:
        """Receive float32 samples, which may be NaN or exceed [-1, 1]."""

    def silence(self, count: int) -> None:
        """Receive a number of zero samples."""


@dataclass(frozen=True, slots=True)
class DecodingReport:
    """The properties of a file, and counts of the parts that could not be decoded.

    `length` is the declared length in seconds. `tracks` describes the audio tracks; number `track`, counted from 1, was
    decoded and has `channels`. `damaged` is the number of damaged packets, `gaps` the seconds without audio, and
    `truncated` states whether decoding ended at an unreadable position.
    """

    container: str
    length: Seconds | None
    tracks: tuple[str, ...]
    track: int
    damaged: int
    gaps: Seconds
    truncated: bool
    channels: int = 1
    title: str | None = None
    recorded_at: str | None = None
