"""How far the times of words are off; whether the words are right is not counted here."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meetscribe.evaluation.normalization import plain_word
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
        middle = ((name, 1000 * (getattr(self, name) or 0)) for name in ("mean", "median", "p90"))
        return ", ".join(
            [
                *(f"{name} {milliseconds:.0f} ms" for name, milliseconds in middle),
                *(f"{percentage(self.share_within(ms / 1000))} within {ms} ms" for ms in (50, 100, 200)),
            ]
        )


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
    def fraction(self) -> tuple[float, int]:
        """Seconds off, out of starts and ends."""
        offsets = (*self.starts.milliseconds, *self.ends.milliseconds)
        return sum(map(abs, offsets)) / 1000, len(offsets)

    @property
    def rate(self) -> Seconds | None:
        """How far off a start or an end is on average; None if no word is found."""
        return self.boundaries.mean

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

    @property
    def detail(self) -> str:
        """Starts and ends apart, and how many words they are of."""
        return f"starts: {self.starts}; ends: {self.ends}; {self.matched}/{self.words} words matched"

    def __str__(self) -> str:
        return self.detail


@dataclass(frozen=True, slots=True)
class WordDetection:
    """How many of `words` in the reference and of `found` in the hypothesis are the same, at the same time.

    Raises ValueError for counts that are not possible.
    """

    hits: int
    words: int
    found: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= min(self.words, self.found):
            raise ValueError(f"no more words are in both than in one: {self!r}")

    @staticmethod
    def zero() -> WordDetection:
        """The start of a sum."""
        return WordDetection(0, 0, 0)

    @property
    def precision(self) -> float | None:
        """The share of the hypothesis's words that are where they are said; None if it has none."""
        return self.hits / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of the reference's words that are found where they are said; None if it has none."""
        return self.hits / self.words if self.words else None

    @property
    def fraction(self) -> tuple[float, int]:
        """Words of both that are in both, out of all."""
        return 2 * self.hits, self.words + self.found

    @property
    def rate(self) -> float | None:
        """The harmonic mean of precision and recall; None without words."""
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


def words_found(reference: Iterable[Word], hypothesis: Iterable[Word], collar: Seconds = 0.2) -> WordDetection:
    """How many words are found where they are said: equal once normalised, with less than `collar` s between them.

    Each is found once, by the first that may be it. Bain et al., Interspeech 2023 (WhisperX), whose collar is 200 ms.
    """
    truth, guess = _keyed(reference), _keyed(hypothesis)
    places: dict[str, list[Word]] = {}
    for key, word in sorted(guess, key=lambda pair: (pair[1].end, pair[1].start)):
        places.setdefault(key, []).append(word)
    hits = 0
    for key, word in sorted(truth, key=lambda pair: (pair[1].end, pair[1].start)):
        candidates = places.get(key, [])
        while candidates and candidates[0].end <= word.start - collar:
            candidates.pop(0)  # before all words to come
        if candidates and candidates[0].start < word.end + collar:
            candidates.pop(0)
            hits += 1
    return WordDetection(hits, len(truth), len(guess))


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
    keyed = [(plain_word(word.text), word) for word in words]
    return [(key, word) for key, word in keyed if key]


def _mean(milliseconds: Sequence[int]) -> Seconds | None:
    return statistics.fmean(milliseconds) / 1000 if milliseconds else None
