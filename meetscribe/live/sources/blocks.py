"""Sources from blocks of PCM: an iterator, a function, or raw bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.sources.normalising import Normaliser, Pcm

Blocks: TypeAlias = Iterable[Pcm] | Callable[[], Pcm | None]
"""Blocks of samples, or a function that returns the next one, and None at the end."""

BLOCK = 65_536
"""The largest number of bytes per read."""


class BlockSource:
    """A Source of blocks `(frames,)` or `(frames, channels)`, int16 or float32, at any rate.

    With `patient`, the source waits while the recogniser is behind and during a pause. Raises ValueError for blocks of
    another shape.
    """

    def __init__(
        self,
        blocks: Blocks,
        rate: int = SAMPLE_RATE,
        channels: int = 1,
        *,
        name: str = "audio",
        patient: bool = False,
    ) -> None:
        self.name, self.channels = name, channels
        self.patient = self.pausable = patient
        self._blocks = _called(blocks) if callable(blocks) else iter(blocks)
        self._normaliser = Normaliser(rate, channels)
        self._closed = False

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield the audio from frame 0 on."""
        position = 0
        for samples in self._normalised():
            if len(samples):
                yield AudioChunk(position, samples)
                position += len(samples)

    def close(self) -> None:
        """End `chunks` after the block that is being read."""
        self._closed = True

    def _normalised(self) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        for block in self._blocks:
            yield self._normaliser.add(block)
            if self._closed:
                break
        yield self._normaliser.finish()


def _called(function: Callable[[], Pcm | None]) -> Iterator[Pcm]:
    """Yield the results of a function until it returns None."""
    while (block := function()) is not None:
        yield block


def pcm_blocks(read: Callable[[int], bytes], channels: int = 1) -> Iterator[Pcm]:
    """Yield int16 samples `(frames, channels)` from the little-endian bytes that `read(size)` returns; b"" is the end.

    A read may end within a frame; an incomplete last frame is dropped.
    """
    width, rest = 2 * channels, b""
    while data := read(BLOCK):
        data = rest + data
        whole = len(data) // width * width
        rest = data[whole:]
        if whole:
            yield np.frombuffer(data[:whole], "<i2").astype(np.int16).reshape(-1, channels)
