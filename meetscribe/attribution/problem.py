"""The input of attribution as arrays: words and speaker turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meetscribe.attribution.speech_time import (
    Coverage,
    Flags,
    Milliseconds,
    coverage_by_speaker,
    exclusive_coverages,
    to_milliseconds,
)
from meetscribe.text.sentences import ends_sentence
from meetscribe.timeline import Diarization
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The input of attribution: words with their times, and the speech time of each speaker.

    `starts`, `ends` and `follows_end` have the shape `(words,)`; `follows_end` marks words after the end of a sentence.
    `coverages` holds the time covered by each speaker, `exclusive` the time covered by this speaker alone.
    """

    words: Sequence[Word]
    starts: Milliseconds
    ends: Milliseconds
    follows_end: Flags
    speakers: Sequence[str]
    coverages: Sequence[Coverage]
    exclusive: Sequence[Coverage]

    @classmethod
    def of(cls, words: Sequence[Word], diarization: Diarization) -> Problem:
        """Return the arrays of words and turns; exclusive turns are used only if there are no others."""
        covered = coverage_by_speaker(diarization.turns) or coverage_by_speaker(diarization.exclusive)
        follows_end = np.array([False, *(ends_sentence(word.text) for word in words[:-1])])
        coverages = list(covered.values())
        return cls(words, *word_times(words), follows_end, list(covered), coverages, exclusive_coverages(coverages))

    def first(self, count: int) -> Problem:
        """Return the problem with only the first `count` words."""
        starts, ends, follows_end = self.starts[:count], self.ends[:count], self.follows_end[:count]
        return Problem(self.words[:count], starts, ends, follows_end, self.speakers, self.coverages, self.exclusive)

    def shares(self, labels: npt.NDArray[np.intp]) -> list[float]:
        """Return the `speaker_score` of each word, given the speaker of each word, as described in `Word`."""
        covered = np.stack([coverage.overlap(self.starts, self.ends) for coverage in self.coverages])
        shares = covered[labels, np.arange(len(labels))] / np.maximum(self.ends - self.starts, covered.sum(axis=0))
        return list(shares.tolist())


def word_times(words: Sequence[Word]) -> tuple[Milliseconds, Milliseconds]:
    """Return the starts and ends of the words in milliseconds, each `(words,)`; a word lasts at least 1 ms."""
    starts = to_milliseconds([word.start for word in words])
    return starts, np.maximum(to_milliseconds([word.end for word in words]), starts + 1)
