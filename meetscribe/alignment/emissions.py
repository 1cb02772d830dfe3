"""Emissions of an aligner, computed in overlapping blocks for clips of any length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.timeline import Seconds, Span

_MAX_UNDIVIDED: Seconds = 40.0  # longer clips are divided: transformers need quadratic time and memory
_BLOCK: Seconds = 30.0
_CONTEXT: Seconds = 2.0  # on each side of a block; its frames are discarded


class Aligner(Protocol):
    """A loaded CTC network whose tokens are letters."""

    @property
    def language(self) -> str:
        """The language of the network."""
        ...

    @property
    def model(self) -> str:
        """The name of the model for the provenance of the transcript."""
        ...

    @property
    def dictionary(self) -> Mapping[str, int]:
        """The column of each letter, in lower case; "|" is the space between words."""
        ...

    @property
    def blank(self) -> int:
        """The column of the blank."""
        ...

    @property
    def stride(self) -> int:
        """The number of samples from one frame to the next."""
        ...

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """Return the log probabilities `(frames, columns)` of each clip `(samples,)` at 16 000 Hz."""
        ...


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the clip with the index `clip`: samples `start` to `stop` of the recording, and the frames to keep."""

    clip: int
    start: int
    stop: int
    frames: slice


def compute_emissions(
    clips: Sequence[Span], audio: Audio, aligner: Aligner, batch_size: int
) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Yield the index of a clip and its log probabilities `(frames, columns)`, clip by clip.

    A long clip yields several consecutive blocks, which the caller concatenates. The network processes `batch_size`
    clips or blocks at once.
    """
    blocks = [block for index, clip in enumerate(clips) for block in _divide(index, clip, aligner.stride)]
    for first in range(0, len(blocks), batch_size):
        batch = blocks[first : first + batch_size]
        emissions = aligner.emissions([audio.samples[block.start : block.stop] for block in batch])
        for block, log_probs in zip(batch, emissions, strict=True):
            yield block.clip, log_probs[block.frames]


def _divide(index: int, clip: Span, stride: int) -> Iterator[_Block]:
    """Yield the blocks of a clip, aligned to whole frames; a short clip is a single block."""
    start, stop = round(clip.start * SAMPLE_RATE), round(clip.end * SAMPLE_RATE)
    if clip.duration <= _MAX_UNDIVIDED:
        yield _Block(index, start, stop, slice(None))
        return
    length, context = (round(seconds * SAMPLE_RATE / stride) * stride for seconds in (_BLOCK, _CONTEXT))
    # A rest of at most the length of the context is not a block: it is part of the block before it.
    for first in range(start, stop - context, length):
        before = min(context, first - start)
        last = first + length if first + length < stop - context else stop
        kept = slice(before // stride, None if last == stop else (before + length) // stride)
        yield _Block(index, first - before, min(stop, last + context), kept)
