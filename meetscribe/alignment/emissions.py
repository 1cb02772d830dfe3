"""What a network hears in clips of any length; which words are looked for in it is not known here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.timeline import Seconds, Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LONGEST: Seconds = 40.0  # heard in one go: a network's time and memory grow with the square of this
_WINDOW: Seconds = 30.0  # of a longer clip
_CONTEXT: Seconds = 2.0  # heard before and after a window, and left out


class Aligner(Protocol):
    """A loaded network that hears letters."""

    @property
    def language(self) -> str:
        """The language whose letters it hears."""
        ...

    @property
    def model(self) -> str:
        """Its name, for those who read the transcript."""
        ...

    @property
    def dictionary(self) -> Mapping[str, int]:
        """The column of each letter, in lower case; "|" stands for the space between words."""
        ...

    @property
    def blank(self) -> int:
        """The column for no letter."""
        ...

    @property
    def stride(self) -> int:
        """Samples from one frame to the next."""
        ...

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """The log probabilities `(frames, columns)` of each clip `(samples,)`."""
        ...


@dataclass(frozen=True, slots=True)
class _Window:
    """Samples of the recording to be heard for a clip, and which of their frames are the clip's next."""

    clip: int
    start: int
    stop: int
    frames: slice


def hear(
    clips: Sequence[Span], audio: Audio, aligner: Aligner, batch_size: int
) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """The number of a clip and log probabilities `(frames, columns)` of it, clip after clip.

    Long clips come in several pieces, one after the other, that together are as one. So many clips or pieces go to
    the network at once.
    """
    windows = [window for number, clip in enumerate(clips) for window in _windows(number, clip, aligner.stride)]
    for first in range(0, len(windows), batch_size):
        batch = windows[first : first + batch_size]
        heard = aligner.emissions([audio.samples[window.start : window.stop] for window in batch])
        for window, log_probs in zip(batch, heard, strict=True):
            yield window.clip, log_probs[window.frames]


def _windows(number: int, clip: Span, stride: int) -> Iterator[_Window]:
    """The windows of a clip, on whole frames; of a short one it is the whole."""
    start, stop = round(clip.start * SAMPLE_RATE), round(clip.end * SAMPLE_RATE)
    if clip.duration <= _LONGEST:
        yield _Window(number, start, stop, slice(None))
        return
    window, context = (round(seconds * SAMPLE_RATE / stride) * stride for seconds in (_WINDOW, _CONTEXT))
    for first in range(start, stop - context, window):
        before = min(context, first - start)
        last = first + window if first + window < stop - context else stop
        kept = slice(before // stride, None if last == stop else (before + window) // stride)
        yield _Window(number, first - before, min(stop, last + context), kept)
