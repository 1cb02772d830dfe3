"""Error rates of words as exact counts that can be added, because percentages must not be averaged.

The rate of a corpus is the rate of the sum over its recordings: `sum(rates, ErrorRate.zero()).rate`. The rate is None,
not 0, if the reference is empty. The numerators and denominators (`fraction`) can be added too; the bootstrap computes
rates from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

R = TypeVar("R", bound="Rate")


class Rate(Protocol):
    """A rate that can be added to another of the same type."""

    @property
    def fraction(self) -> tuple[float, int]:
        """Numerator and denominator of the rate."""

    @property
    def rate(self) -> float | None:
        """Numerator divided by denominator; None if the denominator is 0."""

    @property
    def detail(self) -> str:
        """The counts as text."""

    def __add__(self: R, other: R, /) -> Any:
        """Add the counts."""


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """The edits between a hypothesis and a reference of `length` words or characters.

    Raises ValueError unless `errors` is the sum of the three kinds of edits and the counts are possible.
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
            raise ValueError(f"more words deleted and substituted than in the reference: {self!r}")

    @staticmethod
    def zero() -> ErrorRate:
        """Return the neutral element of addition."""
        return ErrorRate(0, 0, 0, 0, 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """The number of errors, and of words of the reference."""
        return self.errors, self.length

    @property
    def rate(self) -> float | None:
        """Errors per word of the reference, possibly above 1; None for an empty reference."""
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
        """Errors and words, and the errors by kind."""
        kinds = f"{self.insertions} ins {self.deletions} del {self.substitutions} sub"
        return f"{self.errors}/{self.length}; {kinds}"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


@dataclass(frozen=True, slots=True)
class CpErrorRate(ErrorRate):
    """The word error rate of a recording with speakers matched for the fewest errors.

    `assignment` pairs each reference speaker with a hypothesis speaker; None stands for a missing partner. It applies
    to one recording only, so the sum of two values is a plain `ErrorRate`.
    """

    assignment: tuple[tuple[str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class WordDiarizationErrorRate:
    """The number of `aligned` words, equal or substituted, and the number of these with the `wrong` speaker.

    Inserted and deleted words are not counted, so report this rate together with the word error rate. Raises ValueError
    for impossible counts.
    """

    wrong: int
    aligned: int

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= self.aligned:
            raise ValueError(f"`wrong` must be between 0 and `aligned`: {self!r}")

    @staticmethod
    def zero() -> WordDiarizationErrorRate:
        """Return the neutral element of addition."""
        return WordDiarizationErrorRate(0, 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """Words with the wrong speaker, and aligned words."""
        return self.wrong, self.aligned

    @property
    def rate(self) -> float | None:
        """The share of aligned words with the wrong speaker, from 0 to 1; None if no words are aligned."""
        return ratio(*self.fraction)

    def __add__(self, other: WordDiarizationErrorRate) -> WordDiarizationErrorRate:
        return WordDiarizationErrorRate(self.wrong + other.wrong, self.aligned + other.aligned)

    @property
    def detail(self) -> str:
        """Words with the wrong speaker, and aligned words."""
        return f"{self.wrong}/{self.aligned} aligned words"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


def percentage(rate: float | None) -> str:
    """Return the rate as text, such as "7.9 %", or "n/a" for None."""
    return "n/a" if rate is None else f"{100 * rate:.1f} %"


def ratio(part: float, whole: int) -> float | None:
    """Return the quotient; None if `whole` is 0."""
    return part / whole if whole else None
