"""A byte stream as a source, such as standard input: a container, recognised by its first bytes, or raw PCM."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from meetscribe.audio import SAMPLE_RATE, AudioSettings
from meetscribe.errors import InputError
from meetscribe.live.protocols import Source
from meetscribe.live.sources.blocks import BlockSource, pcm_blocks
from meetscribe.live.sources.containers import ContainerSource, is_container

_SNIFFED = 12  # bytes that identify a container


def byte_source(
    read: Callable[[int], bytes],
    *,
    rate: int = SAMPLE_RATE,
    channels: int = 1,
    name: str = "standard input",
    settings: AudioSettings | None = None,
) -> Source:
    """Return a source for the bytes that `read(size)` returns as they arrive; b"" is the end.

    Bytes that do not start like a container are 16-bit little-endian PCM with `rate` and `channels`. The limits of
    `settings` apply to containers. Waits for the first bytes, and raises InputError if there are none.
    """
    start = b""
    while len(start) < _SNIFFED and (more := read(_SNIFFED - len(start))):
        start += more
    if not start:
        raise InputError(f"{name} is empty", "Send audio, such as: ffmpeg -i talk.mp4 -f wav - | meetscribe live -")
    waiting = [start]

    def read_on(size: int) -> bytes:
        return waiting.pop() if waiting else read(size)

    if is_container(start):
        return ContainerSource(read_on, name, settings)
    return BlockSource(pcm_blocks(read_on, channels), rate, channels, name=name)


def reader_of(stream: BinaryIO) -> Callable[[int], bytes]:
    """Return a function that reads the available bytes of a stream, and blocks only if there are none."""
    return getattr(stream, "read1", stream.read)
