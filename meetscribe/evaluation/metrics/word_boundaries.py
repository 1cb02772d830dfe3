"""Errors of word times: offsets of starts and ends, and detection of words at the right time."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meetscribe.evaluation.metrics.edit_distance import align
from meetscribe.evaluation.metrics.error_rates import percentage
from meetscribe.evaluation.normalization import plain_word
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True)
class Offsets:
    """Hypothesis time minus reference time of each boundary, in whole milliseconds, sorted.

    Statistics are in seconds, and None if there are no offsets. All of them are of the absolute offsets, except `bias`.
    """

    milliseconds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "milliseconds", tuple(sorted(self.milliseconds)))

    @property
    def bias(self) -> Seconds | None:
        """The mean offset; positive if the hypothesis is late."""
        return _mean(self.milliseconds)

    @property
    def mean(self) -> Seconds | None:
        """The mean absolute offset."""
        return _mean(self._distances)

    @property
    def median(self) -> Seconds | None:
        """The median absolute offset."""
        distances = self._distances
        return statistics.median(distances) / 1000 if distances else None

    @property
    def p90(self) -> Seconds | None:
        """The 90th percentile of the absolute offsets (nearest rank)."""
        distances = self._distances
        return distances[(9 * len(distances) - 1) // 10] / 1000 if distances else None

    def share_within(self, limit: Seconds) -> float | None:
        """Return the share, from 0 to 1, of absolute offsets up to `limit` seconds."""
        distances = self._distances
        return bisect.bisect_right(distances, round(limit * 1000)) / len(distances) if distances else None

    @property
    def _distances(self) -> list[int]:
        return sorted(map(abs, self.milliseconds))

    def __len__(self) -> int:
        return len(self.milliseconds)

    def __add__(self, other: Offsets) -> Offsets:
        return Offsets(self.milliseconds + other.milliseconds)

    def __str__(self) -> str:
        if not self.milliseconds:
            return "n/a"
        values = ((name, 1000 * (getattr(self, name) or 0)) for name in ("mean", "median", "p90"))
        return ", ".join(
            [
                *(f"{name} {milliseconds:.0f} ms" for name, milliseconds in values),
                *(f"{percentage(self.share_within(ms / 1000))} within {ms} ms" for ms in (50, 100, 200)),
            ]
        )


@dataclass(frozen=True, slots=True)
class WordBoundaryError:
    """Offsets of the starts and ends of matched words, and the number of reference words.

    Raises ValueError unless there are as many starts as ends, and at most `words`.
    """

    starts: Offsets
    ends: Offsets
    words: int

    def __post_init__(self) -> None:
        if not len(self.starts) == len(self.ends) <= self.words:
            raise ValueError(f"each matched word has a start and an end: {self!r}")

    @staticmethod
    def zero() -> WordBoundaryError:
        """Return the neutral element of addition."""
        return WordBoundaryError(Offsets(), Offsets(), 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """The sum of the absolute offsets in seconds, and the number of starts and ends."""
        offsets = (*self.starts.milliseconds, *self.ends.milliseconds)
        return sum(map(abs, offsets)) / 1000, len(offsets)

    @property
    def rate(self) -> Seconds | None:
        """The mean absolute offset of starts and ends; None if no word is matched."""
        return self.boundaries.mean

    @property
    def matched(self) -> int:
        """The number of matched words."""
        return len(self.starts)

    @property
    def boundaries(self) -> Offsets:
        """The offsets of starts and ends together."""
        return self.starts + self.ends

    def __add__(self, other: WordBoundaryError) -> WordBoundaryError:
        return WordBoundaryError(self.starts + other.starts, self.ends + other.ends, self.words + other.words)

    @property
    def detail(self) -> str:
        """Statistics of starts and of ends, and the number of matched words."""
        return f"starts: {self.starts}; ends: {self.ends}; {self.matched}/{self.words} words matched"

    def __str__(self) -> str:
        return self.detail


@dataclass(frozen=True, slots=True)
class WordDetection:
    """The numbers of reference `words`, of hypothesis words `found`, and of `hits`: equal words close in time.

    Raises ValueError for impossible counts.
    """

    hits: int
    words: int
    found: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= min(self.words, self.found):
            raise ValueError(f"there cannot be more hits than words on either side: {self!r}")

    @staticmethod
    def zero() -> WordDetection:
        """Return the neutral element of addition."""
        return WordDetection(0, 0, 0)

    @property
    def precision(self) -> float | None:
        """The share of hypothesis words that are hits; None if there are no words."""
        return self.hits / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of reference words that are hits; None if there are no words."""
        return self.hits / self.words if self.words else None

    @property
    def fraction(self) -> tuple[float, int]:
        """Twice the hits, and the words of both sides: numerator and denominator of the F1 score."""
        return 2 * self.hits, self.words + self.found

    @property
    def rate(self) -> float | None:
        """The F1 score, the harmonic mean of precision and recall; None without words."""
        part, whole = self.fraction
        return part / whole if whole else None

    def __add__(self, other: WordDetection) -> WordDetection:
        return WordDetection(self.hits + other.hits, self.words + other.words, self.found + other.found)

    @property
    def detail(self) -> str:
        """Precision and recall."""
        return f"precision {percentage(self.precision)}, recall {percentage(self.recall)}"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


def word_detection(reference: Iterable[Word], hypothesis: Iterable[Word], collar: Seconds = 0.2) -> WordDetection:
    """Return the words found at the right time: equal after normalization, less than `collar` seconds apart.

    Each hypothesis word counts once, for the earliest matching reference word. Bain et al., Interspeech 2023
    (WhisperX), with a collar of 200 ms.
    """
    expected, found = _normalized(reference), _normalized(hypothesis)
    by_text: dict[str, list[Word]] = {}
    for text, word in sorted(found, key=lambda pair: (pair[1].end, pair[1].start)):
        by_text.setdefault(text, []).append(word)
    hits = 0
    for text, word in sorted(expected, key=lambda pair: (pair[1].end, pair[1].start)):
        candidates = by_text.get(text, [])
        while candidates and candidates[0].end <= word.start - collar:
            candidates.pop(0)  # too early for this word, and for those that follow unless words overlap
        if candidates and candidates[0].start < word.end + collar:
            candidates.pop(0)
            hits += 1
    return WordDetection(hits, len(expected), len(found))


def word_boundary_error(reference: Iterable[Word], hypothesis: Iterable[Word]) -> WordBoundaryError:
    """Return the offsets of words that are aligned by edit distance and equal after normalization.

    Both sides must be in order of time. Words without letters or digits are ignored.
    """
    expected, found = _normalized(reference), _normalized(hypothesis)
    pairs = [
        (expected[row][1], found[column][1])
        for row, column in align([text for text, _ in expected], [text for text, _ in found])
        if expected[row][0] == found[column][0]
    ]
    return WordBoundaryError(
        Offsets(tuple(round(1000 * (word.start - expected_word.start)) for expected_word, word in pairs)),
        Offsets(tuple(round(1000 * (word.end - expected_word.end)) for expected_word, word in pairs)),
        len(expected),
    )


def _normalized(words: Iterable[Word]) -> list[tuple[str, Word]]:
    """Return the words that have letters or digits, each with its normalized text."""
    normalized = [(plain_word(word.text), word) for word in words]
    return [(text, word) for text, word in normalized if text]


def _mean(milliseconds: Sequence[int]) -> Seconds | None:
    return statistics.fmean(milliseconds) / 1000 if milliseconds else None
