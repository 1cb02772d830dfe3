"""The error rates as values that add: exact counts, never percentages, so that nobody averages percentages.

The rate of a corpus is that of the sum of its recordings: `sum(rates, ErrorRate.zero()).rate`. A rate is
None, not 0, where the reference is empty: there is nothing to divide by. How they are counted is not here.
"""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """The edits between the words (or characters) of a hypothesis and the `length` ones of its reference.

    Raises ValueError unless `errors` is the sum of the three kinds and the counts are possible.
    """

    errors: int
    length: int
    insertions: int
    deletions: int
    substitutions: int

    def __post_init__(self) -> None:
        if min(self.length, self.insertions, self.deletions, self.substitutions) < 0:
            raise ValueError(f"counts must not be negative: {self!r}")
        if self.errors != self.insertions + self.deletions + self.substitutions:
            raise ValueError(f"errors must be insertions + deletions + substitutions: {self!r}")
        if self.deletions + self.substitutions > self.length:
            raise ValueError(f"more words deleted and substituted than there are: {self!r}")

    @staticmethod
    def zero() -> ErrorRate:
        """The start of a sum."""
        return ErrorRate(0, 0, 0, 0, 0)

    @property
    def rate(self) -> float | None:
        """Errors per word of the reference, above 1 if there are more; None for an empty reference."""
        return _ratio(self.errors, self.length)

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(
            self.errors + other.errors,
            self.length + other.length,
            self.insertions + other.insertions,
            self.deletions + other.deletions,
            self.substitutions + other.substitutions,
        )

    def __str__(self) -> str:
        kinds = f"{self.insertions} ins {self.deletions} del {self.substitutions} sub"
        return f"{percentage(self.rate)} ({self.errors}/{self.length}; {kinds})"


@dataclass(frozen=True, slots=True)
class CpErrorRate(ErrorRate):
    """The word error rate of a recording whose speakers are matched so that the errors are fewest.

    `assignment` pairs each speaker of the reference with one of the hypothesis, None where there is no
    partner. It belongs to one recording: the sum with another is a plain `ErrorRate`.
    """

    assignment: tuple[tuple[str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class WordDiarizationErrorRate:
    """Of `aligned` words, recognised rightly or not, those that got the `wrong` speaker.

    Words inserted and deleted take no part, so it means little without the word error rate beside it.
    Raises ValueError for counts that are not possible.
    """

    wrong: int
    aligned: int

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= self.aligned:
            raise ValueError(f"of the aligned words, none to all can be wrong: {self!r}")

    @staticmethod
    def zero() -> WordDiarizationErrorRate:
        """The start of a sum."""
        return WordDiarizationErrorRate(0, 0)

    @property
    def rate(self) -> float | None:
        """The share of aligned words with the wrong speaker, 0 to 1; None if no words are aligned."""
        return _ratio(self.wrong, self.aligned)

    def __add__(self, other: WordDiarizationErrorRate) -> WordDiarizationErrorRate:
        return WordDiarizationErrorRate(self.wrong + other.wrong, self.aligned + other.aligned)

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.wrong}/{self.aligned} aligned words)"


@dataclass(frozen=True, slots=True)
class DiarizationErrorRate:
    """Speaker time missed, falsely found and confused, out of the reference's, in whole milliseconds.

    Raises ValueError for a negative time, or more time missed and confused than there is.
    """

    miss_ms: int
    false_alarm_ms: int
    confusion_ms: int
    total_ms: int

    def __post_init__(self) -> None:
        if min(self.miss_ms, self.false_alarm_ms, self.confusion_ms) < 0:
            raise ValueError(f"times must not be negative: {self!r}")
        if self.miss_ms + self.confusion_ms > self.total_ms:
            raise ValueError(f"more time missed and confused than there is: {self!r}")

    @staticmethod
    def zero() -> DiarizationErrorRate:
        """The start of a sum."""
        return DiarizationErrorRate(0, 0, 0, 0)

    @property
    def miss(self) -> Seconds:
        """Seconds of the reference's speaker time for which no speaker was found."""
        return self.miss_ms / 1000

    @property
    def false_alarm(self) -> Seconds:
        """Seconds of speaker time found beyond the reference's."""
        return self.false_alarm_ms / 1000

    @property
    def confusion(self) -> Seconds:
        """Seconds of speaker time found, but given to another speaker."""
        return self.confusion_ms / 1000

    @property
    def total(self) -> Seconds:
        """Seconds of speaker time in the reference: where two speak, it counts twice."""
        return self.total_ms / 1000

    @property
    def rate(self) -> float | None:
        """Time in error per time of the reference, above 1 if there is more; None for an empty reference."""
        return _ratio(self.miss_ms + self.false_alarm_ms + self.confusion_ms, self.total_ms)

    def __add__(self, other: DiarizationErrorRate) -> DiarizationErrorRate:
        return DiarizationErrorRate(
            self.miss_ms + other.miss_ms,
            self.false_alarm_ms + other.false_alarm_ms,
            self.confusion_ms + other.confusion_ms,
            self.total_ms + other.total_ms,
        )

    def __str__(self) -> str:
        parts = f"{self.miss:.1f} miss {self.false_alarm:.1f} false alarm {self.confusion:.1f} confusion"
        return f"{percentage(self.rate)} ({parts}; of {self.total:.1f} s)"


@dataclass(frozen=True, slots=True)
class JaccardErrorRate:
    """For each speaker of the reference, the milliseconds shared with their match and those of either.

    Each speaker counts the same, however little they say. Raises ValueError for times that are not possible.
    """

    shares_ms: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if not all(0 <= shared <= either and either > 0 for shared, either in self.shares_ms):
            raise ValueError(f"what is shared must be part of what either says: {self!r}")

    @staticmethod
    def zero() -> JaccardErrorRate:
        """The start of a sum."""
        return JaccardErrorRate()

    @property
    def rate(self) -> float | None:
        """The mean over speakers of 1 - shared / either, 0 to 1; None without speakers."""
        if not self.shares_ms:
            return None
        return sum(1 - shared / either for shared, either in self.shares_ms) / len(self.shares_ms)

    def __add__(self, other: JaccardErrorRate) -> JaccardErrorRate:
        return JaccardErrorRate(self.shares_ms + other.shares_ms)

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({len(self.shares_ms)} speakers)"


def percentage(rate: float | None) -> str:
    """The rate to read, such as "7.9 %"; "n/a" for None."""
    return "n/a" if rate is None else f"{100 * rate:.1f} %"


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
