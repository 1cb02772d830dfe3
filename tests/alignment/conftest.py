"""An aligner whose emissions are read directly from the samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

STRIDE = 320
ALPHABETS = {
    "en": "|abcdefghijklmnopqrstuvwxyz'",
    "de": "|abcdefghijklmnopqrstuvwxyzäöüß",
    "zh": "我们今天有三个问题好的二十四点开始会议",
    "ar": "|ابتثجحخدذرزسشصضطظعغفقكلمنهويىةآأؤإئء",
    "th": "|กขคงจชดตนบปมยรลวสหอะาิีึืุูเแโใไ่้์",
}


def log_probs_of(labels: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.float32]:
    """Return log probabilities `(frames, size)` of nearly 1 for the labels `(frames,)`."""
    probs = np.full((len(labels), size), 1e-4)
    probs[np.arange(len(labels)), labels] = 1
    log_probs: npt.NDArray[np.float32] = np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32)
    return log_probs


@dataclass
class FakeAligner:
    """Recognises in each frame the letter whose column is the value of its first sample; 0 is the blank."""

    language: str = "en"
    model: str = "fake"
    blank: int = 0
    stride: int = STRIDE
    batches: list[int] = field(default_factory=list)
    """The number of clips in each call."""
    longest: int = 0
    """The samples of the longest clip."""

    @property
    def dictionary(self) -> Mapping[str, int]:
        """The letters of the language after the blank."""
        return {"<pad>": 0} | {letter: 1 + place for place, letter in enumerate(ALPHABETS[self.language])}

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """Return one frame for every full stride."""
        self.batches.append(len(clips))
        self.longest = max(self.longest, *map(len, clips))
        size = len(self.dictionary)
        return [log_probs_of(clip[: len(clip) // STRIDE * STRIDE : STRIDE].astype(int), size) for clip in clips]
