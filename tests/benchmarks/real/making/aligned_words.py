"""True times of read words, by the forced aligner and the English acoustic model of the package pocketsphinx.

On AMI's excerpts its word starts differ from the manual ones by 10 to 20 ms in the median. It is no part of meetscribe.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word

_FRAME: Seconds = 0.01
_NOT_SPELT = re.compile("[^a-z']")

# A phone for each letter: words that the dictionary lacks are only aligned so that their neighbours are.
_PHONES = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "AE B K D EH F G HH IH JH K L M N AA P K R S T AH V W K Y Z".split(),
        strict=True,
    )
)


def is_available() -> bool:
    """Return whether the package is installed."""
    return importlib.util.find_spec("pocketsphinx") is not None


def with_aligned_times(words: Sequence[Word], samples: npt.NDArray[np.float32]) -> tuple[Word, ...]:
    """Return English words with the times at which they are spoken in the samples `(frames,)`.

    Words that the aligner's dictionary lacks have the timing "interpolated". All words stay as they are if the package
    is not installed or no path was found.
    """
    spelt = [_NOT_SPELT.sub("", word.text.lower()) for word in words]
    if not is_available() or not all(spelt):
        return tuple(words)
    aligner = _aligner()
    spans = aligner.align(spelt, samples)
    if len(spans) != len(words):
        return tuple(words)
    return tuple(
        replace(word, start=at.start, end=at.end, timing="interpolated" if each in aligner.unknown else "aligned")
        for word, each, at in zip(words, spelt, spans, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Aligner:
    """Pocketsphinx's decoder, and the words that its dictionary lacked."""

    decoder: Any
    unknown: set[str] = field(default_factory=set)

    def align(self, words: Sequence[str], samples: npt.NDArray[np.float32]) -> list[Span]:
        """Return the span of each word; none if no path was found."""
        for word in words:
            if self.decoder.lookup_word(word) is None:
                self.unknown.add(word)
                self.decoder.add_word(word, " ".join(_PHONES[letter] for letter in word if letter != "'"), True)
        self.decoder.set_align_text(" ".join(words))
        try:
            self.decoder.start_utt()
            self.decoder.process_raw((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
            self.decoder.end_utt()
        except RuntimeError:
            return []
        return [
            Span(part.start_frame * _FRAME, (part.end_frame + 1) * _FRAME)
            for part in self.decoder.seg() or ()
            if not part.word.startswith(("<", "["))
        ]


@cache
def _aligner() -> _Aligner:
    import pocketsphinx

    beams = {"beam": 1e-80, "wbeam": 1e-60, "pbeam": 1e-80}  # wide: no path is pruned
    return _Aligner(pocketsphinx.Decoder(samprate=SAMPLE_RATE, loglevel="FATAL", **beams))
