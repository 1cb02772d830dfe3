"""The error rates as values that add: exact counts, never percentages, so that nobody averages percentages.

The rate of a corpus is that of the sum of its recordings: `sum(rates, ErrorRate.zero()).rate`. A rate is
None, not 0, where the reference is empty: there is nothing to divide by. Each is a `fraction` of two numbers
that add as well, from which resampling makes rates. How they are counted is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

R = TypeVar("R", bound="Rate")


class Rate(Protocol):
    """What all of them are."""

    @property
    def fraction(self) -> tuple[float, int]:
        """What is counted, out of what."""

    @property
    def rate(self) -> float | None:
        """The one over the other, None over nothing."""

    @property
    def detail(self) -> str:
        """What it is made of, to read."""

    def __add__(self: R, other: R, /) -> Any:
        """The counts of both."""


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
    def fraction(self) -> tuple[float, int]:
        """Errors out of words of the reference."""
        return self.errors, self.length

    @property
    def rate(self) -> float | None:
        """Errors per word of the reference, above 1 if there are more; None for an empty reference."""
        return ratio(*self.fraction)

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(
            self.errors + other.errors,
            self.length + other.length,
            self.insertions + other.insertions,
            self.deletions + other.deletions,
            self.substitutions + other.substitutions,
        )

    @property
    def detail(self) -> str:
        """Errors out of words, and their kinds."""
        kinds = f"{self.insertions} ins {self.deletions} del {self.substitutions} sub"
        return f"{self.errors}/{self.length}; {kinds}"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


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
    def fraction(self) -> tuple[float, int]:
        """Words with the wrong speaker out of aligned words."""
        return self.wrong, self.aligned

    @property
    def rate(self) -> float | None:
        """The share of aligned words with the wrong speaker, 0 to 1; None if no words are aligned."""
        return ratio(*self.fraction)

    def __add__(self, other: WordDiarizationErrorRate) -> WordDiarizationErrorRate:
        return WordDiarizationErrorRate(self.wrong + other.wrong, self.aligned + other.aligned)

    @property
    def detail(self) -> str:
        """Wrong words out of those that are aligned."""
        return f"{self.wrong}/{self.aligned} aligned words"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


def percentage(rate: float | None) -> str:
    """The rate to read, such as "7.9 %"; "n/a" for None."""
    return "n/a" if rate is None else f"{100 * rate:.1f} %"


def ratio(part: float, whole: int) -> float | None:
    """The one over the other; None over nothing."""
    return part / whole if whole else None
