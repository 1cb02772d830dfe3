"""The audio of one connection: 16-bit samples, passed directly to the session, or bytes to decode."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from starlette.concurrency import run_in_threadpool

from meetscribe.audio import SAMPLE_RATE, AudioSettings
from meetscribe.errors import InputError, MeetscribeError
from meetscribe.live.protocols import Source
from meetscribe.live.sources.blocks import BlockSource, pcm_blocks
from meetscribe.live.sources.byte_streams import byte_source
from meetscribe.live.sources.containers import ContainerSource
from meetscribe.server.live.byte_pipe import BytePipe
from meetscribe.timeline import Seconds

logger = logging.getLogger("meetscribe.server")

PCM, AUTO = "pcm", "auto"
CONTAINERS = ("webm", "ogg", "opus", "mp4", "wav", "flac", "mp3", "aac")
"""Codec names for containers; the actual container is detected from the bytes."""

FeedSamples: TypeAlias = Callable[[npt.NDArray[np.float32]], None]
"""Receives float32 samples `(frames, channels)` at 16 000 Hz."""

_NAME = "the audio"
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """The encoding of a client's audio: "pcm" (16-bit little-endian), a container, or "auto" for either.

    `rate` (Hz) and `channels` apply to PCM only. `start` is the time in the session at which the bytes begin; None
    continues after the previous connection. Raises InputError for invalid values.
    """

    codec: str = PCM
    rate: int = SAMPLE_RATE
    channels: int = 1
    start: Seconds | None = None

    def __post_init__(self) -> None:
        if self.codec not in (PCM, AUTO, *CONTAINERS):
            remedy = f"Send one of: {', '.join((PCM, *CONTAINERS))}."
            raise InputError(f"audio with the codec {self.codec!r} is not supported", remedy)
        if type(self.rate) is not int or not 8000 <= self.rate <= 192_000:
            raise InputError("the rate of the audio must be 8000 to 192000 Hz")
        if type(self.channels) is not int or not 1 <= self.channels <= 8:
            raise InputError("the audio must have 1 to 8 channels")
        if self.start is not None and (type(self.start) not in (int, float) or not self.start >= 0):
            raise InputError("the start of the audio must be a number of seconds")

    @property
    def is_direct(self) -> bool:
        """Whether the bytes need no decoding: 16-bit samples, 16 000 Hz, one channel, and no `start`."""
        return self == AudioFormat()

    def source(self, read: Callable[[int], bytes], limits: AudioSettings) -> Source:
        """Return the audio source for bytes from `read(size)`; raises InputError if there are none.

        `limits` apply to the decoder of a container.
        """
        if self.codec == AUTO:
            return byte_source(read, rate=self.rate, channels=self.channels, name=_NAME, settings=limits)
        if self.codec == PCM:
            return BlockSource(pcm_blocks(read, self.channels), self.rate, self.channels, name=_NAME)
        return ContainerSource(read, _NAME, limits)

    def samples_to_skip(self, received: Seconds) -> int:
        """Return the number of leading samples, decoded at 16 000 Hz, that the session has already received.

        Raises InputError if the bytes begin after the received audio, because the audio between would be lost.
        """
        if self.start is None:
            return 0
        if self.start > received:
            remedy = f"Send the audio from {received} s on, or an earlier start."
            raise InputError(f"the session has received {received} s, but the audio starts at {self.start} s", remedy)
        return round((received - self.start) * SAMPLE_RATE)


class AudioInput(Protocol):
    """Receives the bytes of a connection."""

    async def write(self, data: bytes) -> None:
        """Pass bytes on, waiting if the decoder is behind; raises InputError if the bytes cannot be decoded."""
        ...

    def end(self) -> None:
        """Pass the remaining bytes on, and wait until the session has received them; a second call has no effect."""
        ...


class DirectInput:
    """Passes 16-bit samples directly to the session, so that they are stored when `write` returns."""

    def __init__(self, feed: Callable[[bytes], None]) -> None:
        self._feed = feed
        self._rest = b""

    async def write(self, data: bytes) -> None:
        """Pass complete samples on, keeping an odd last byte for the next call."""
        data = self._rest + data
        whole = len(data) // 2 * 2
        self._rest = data[whole:]
        await run_in_threadpool(self._feed, data[:whole])

    def end(self) -> None:
        """Do nothing, because `write` has passed all samples on."""


class DecodedInput:
    """Decodes bytes from a bounded pipe, containers in an isolated process; the first `skip` samples are skipped."""

    def __init__(self, feed: FeedSamples, format: AudioFormat, limits: AudioSettings, skip: int = 0) -> None:
        self._feed, self._format, self._limits, self._skip = feed, format, limits, skip
        self._pipe = BytePipe()
        self._error: MeetscribeError | None = None
        self._is_empty = True
        self._thread = threading.Thread(target=self._decode, name="live-decoder", daemon=True)
        self._thread.start()

    async def write(self, data: bytes) -> None:
        """Pass bytes to the decoder; raises InputError once it has failed."""
        self._is_empty = self._is_empty and not data
        while not self._pipe.offer(data):  # without holding one of the few threads of requests
            await asyncio.sleep(_POLL_SECONDS)
        if self._error is not None:
            raise self._error

    def end(self) -> None:
        """Decode the remaining bytes."""
        self._pipe.end()
        self._thread.join()

    def _decode(self) -> None:
        """Feed the session until the bytes end or cannot be decoded."""
        try:
            for chunk in self._format.source(self._pipe.read, self._limits).chunks():
                samples = chunk.samples[self._skip :]
                self._skip = max(0, self._skip - len(chunk.samples))
                if len(samples):
                    self._feed(samples)
        except MeetscribeError as error:
            self._error = None if self._is_empty else error  # a client may connect and send nothing
        except Exception:  # the boundary of a request: its bytes are untrusted
            logger.exception("the audio of a live session could not be decoded")
            self._error = InputError("the audio cannot be decoded", "Send another codec, or raw 16-bit PCM.")
        finally:
            self._pipe.close()
