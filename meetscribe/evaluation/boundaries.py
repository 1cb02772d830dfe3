"""How far the times of words are off; whether the words are right is not counted here."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meetscribe.evaluation.normalization import normalize
from meetscribe.evaluation.rates import percentage
from meetscribe.evaluation.words import align
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True)
class Offsets:
    """How much later each time is in the hypothesis than in the reference, in whole milliseconds, sorted.

    Whatever is asked of them in seconds is None if there are none.
    """

    milliseconds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "milliseconds", tuple(sorted(self.milliseconds)))

    @property
    def bias(self) -> Seconds | None:
        """The mean offset: positive if the hypothesis tends to be late."""
        return _mean(self.milliseconds)

    @property
    def mean(self) -> Seconds | None:
        """The mean distance."""
        return _mean(self._distances)

    @property
    def median(self) -> Seconds | None:
        """The median distance."""
        distances = self._distances
        return statistics.median(distances) / 1000 if distances else None

    @property
    def p90(self) -> Seconds | None:
        """The least distance that nine in ten do not exceed (nearest rank)."""
        distances = self._distances
        return distances[(9 * len(distances) - 1) // 10] / 1000 if distances else None

    def share_within(self, limit: Seconds) -> float | None:
        """The share, 0 to 1, of those that are no further off than `limit` seconds."""
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
        within = ", ".join(f"{percentage(self.share_within(ms / 1000))} within {ms} ms" for ms in (50, 100, 200))
        return f"median {1000 * (self.median or 0):.0f} ms, p90 {1000 * (self.p90 or 0):.0f} ms, {within}"


@dataclass(frozen=True, slots=True)
class WordBoundaryError:
    """The offsets of the starts and ends of the words found in both, of `words` words in the reference.

    Raises ValueError unless there are as many starts as ends, and at most `words`.
    """

    starts: Offsets
    ends: Offsets
    words: int

    def __post_init__(self) -> None:
        if not len(self.starts) == len(self.ends) <= self.words:
            raise ValueError(f"each word found has a start and an end: {self!r}")

    @staticmethod
    def zero() -> WordBoundaryError:
        """The start of a sum."""
        return WordBoundaryError(Offsets(), Offsets(), 0)

    @property
    def matched(self) -> int:
        """How many words of the reference are in the hypothesis."""
        return len(self.starts)

    @property
    def boundaries(self) -> Offsets:
        """Starts and ends together."""
        return self.starts + self.ends

    def __add__(self, other: WordBoundaryError) -> WordBoundaryError:
        return WordBoundaryError(self.starts + other.starts, self.ends + other.ends, self.words + other.words)

    def __str__(self) -> str:
        return f"starts: {self.starts}; ends: {self.ends}; {self.matched}/{self.words} words matched"


def word_boundary_error(reference: Iterable[Word], hypothesis: Iterable[Word]) -> WordBoundaryError:
    """How far off the times are of the words that are in both, equal once normalised, by an edit alignment.

    Both are given in the order in which they are spoken. Words without letters or digits take no part.
    """
    truth, guess = _keyed(reference), _keyed(hypothesis)
    pairs = [
        (truth[spoken][1], guess[found][1])
        for spoken, found in align([key for key, _ in truth], [key for key, _ in guess])
        if truth[spoken][0] == guess[found][0]
    ]
    return WordBoundaryError(
        Offsets(tuple(round(1000 * (found.start - spoken.start)) for spoken, found in pairs)),
        Offsets(tuple(round(1000 * (found.end - spoken.end)) for spoken, found in pairs)),
        len(truth),
    )


def _keyed(words: Iterable[Word]) -> list[tuple[str, Word]]:
    """The words that say something, each after its normalised text."""
    keyed = [(" ".join(normalize(word.text)), word) for word in words]
    return [(key, word) for key, word in keyed if key]


def _mean(milliseconds: Sequence[int]) -> Seconds | None:
    return statistics.fmean(milliseconds) / 1000 if milliseconds else None
