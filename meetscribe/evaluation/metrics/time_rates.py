"""Error rates of speaker time and speaker counts as values that can be added, in whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.evaluation.metrics.error_rates import percentage, ratio
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class DiarizationErrorRate:
    """Missed, falsely detected and confused speaker time, and total speaker time of the reference, in milliseconds.

    Raises ValueError for a negative time, or if missed and confused time exceed the total.
    """

    miss_ms: int
    false_alarm_ms: int
    confusion_ms: int
    total_ms: int

    def __post_init__(self) -> None:
        if min(self.miss_ms, self.false_alarm_ms, self.confusion_ms) < 0:
            raise ValueError(f"times must not be negative: {self!r}")
        if self.miss_ms + self.confusion_ms > self.total_ms:
            raise ValueError(f"more time missed and confused than in the reference: {self!r}")

    @staticmethod
    def zero() -> DiarizationErrorRate:
        """Return the neutral element of addition."""
        return DiarizationErrorRate(0, 0, 0, 0)

    @property
    def miss(self) -> Seconds:
        """Seconds of reference speaker time for which the hypothesis has no speaker."""
        return self.miss_ms / 1000

    @property
    def false_alarm(self) -> Seconds:
        """Seconds of hypothesis speaker time for which the reference has no speaker."""
        return self.false_alarm_ms / 1000

    @property
    def confusion(self) -> Seconds:
        """Seconds of speaker time with the wrong speaker."""
        return self.confusion_ms / 1000

    @property
    def total(self) -> Seconds:
        """Seconds of speaker time in the reference; overlapping speech counts once per speaker."""
        return self.total_ms / 1000

    @property
    def fraction(self) -> tuple[float, int]:
        """Error time and reference time in milliseconds."""
        return self.miss_ms + self.false_alarm_ms + self.confusion_ms, self.total_ms

    @property
    def rate(self) -> float | None:
        """Error time divided by reference time, possibly above 1; None for an empty reference."""
        return ratio(*self.fraction)

    def __add__(self, other: DiarizationErrorRate) -> DiarizationErrorRate:
        return DiarizationErrorRate(
            self.miss_ms + other.miss_ms,
            self.false_alarm_ms + other.false_alarm_ms,
            self.confusion_ms + other.confusion_ms,
            self.total_ms + other.total_ms,
        )

    @property
    def detail(self) -> str:
        """Seconds of each kind of error, and of the reference, as text."""
        parts = f"{self.miss:.1f} miss {self.false_alarm:.1f} false alarm {self.confusion:.1f} confusion"
        return f"{parts}; of {self.total:.1f} s"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


@dataclass(frozen=True, slots=True)
class JaccardErrorRate:
    """The intersection and the union of each reference speaker with the matched hypothesis speaker.

    `shares_ms` has a pair of milliseconds for each reference speaker; without a match, the intersection is 0, and the
    union is the time of the reference speaker. All speakers have the same weight, regardless of their speech time.
    Raises ValueError for impossible times.
    """

    shares_ms: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if not all(0 <= shared <= union and union > 0 for shared, union in self.shares_ms):
            raise ValueError(f"the shared time must not exceed the union: {self!r}")

    @staticmethod
    def zero() -> JaccardErrorRate:
        """Return the neutral element of addition."""
        return JaccardErrorRate()

    @property
    def fraction(self) -> tuple[float, int]:
        """The sum over speakers of 1 - intersection / union, and the number of speakers."""
        return sum(1 - shared / union for shared, union in self.shares_ms), len(self.shares_ms)

    @property
    def rate(self) -> float | None:
        """The mean over speakers of 1 - intersection / union, from 0 to 1; None without speakers."""
        return ratio(*self.fraction)

    def __add__(self, other: JaccardErrorRate) -> JaccardErrorRate:
        return JaccardErrorRate(self.shares_ms + other.shares_ms)

    @property
    def detail(self) -> str:
        """The number of speakers."""
        return f"{len(self.shares_ms)} speakers"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


@dataclass(frozen=True, slots=True)
class TimeShare:
    """Correct time `part_ms` out of `whole_ms`, in milliseconds; more is better.

    Raises ValueError unless `part_ms` is between 0 and `whole_ms`.
    """

    part_ms: int
    whole_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.part_ms <= self.whole_ms:
            raise ValueError(f"the part must be between 0 and the whole: {self!r}")

    @staticmethod
    def zero() -> TimeShare:
        """Return the neutral element of addition."""
        return TimeShare(0, 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """Correct and total milliseconds."""
        return self.part_ms, self.whole_ms

    @property
    def rate(self) -> float | None:
        """The share, from 0 to 1; None if there is no time."""
        return ratio(*self.fraction)

    def __add__(self, other: TimeShare) -> TimeShare:
        return TimeShare(self.part_ms + other.part_ms, self.whole_ms + other.whole_ms)

    @property
    def detail(self) -> str:
        """Correct and total seconds as text."""
        return f"{self.part_ms / 1000:.1f} of {self.whole_ms / 1000:.1f} s"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


@dataclass(frozen=True, slots=True)
class SpeakerCountError:
    """The numbers of surplus and missing speakers, and of recordings with a wrong number, out of `recordings`.

    Raises ValueError for impossible counts.
    """

    too_many: int
    too_few: int
    wrong: int
    recordings: int

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= min(self.recordings, self.too_many + self.too_few):
            raise ValueError(f"each wrong recording has at least one surplus or missing speaker: {self!r}")

    @staticmethod
    def zero() -> SpeakerCountError:
        """Return the neutral element of addition."""
        return SpeakerCountError(0, 0, 0, 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """Surplus and missing speakers together, and recordings."""
        return self.too_many + self.too_few, self.recordings

    @property
    def rate(self) -> float | None:
        """The mean difference in the number of speakers per recording; None without recordings."""
        return ratio(*self.fraction)

    def __add__(self, other: SpeakerCountError) -> SpeakerCountError:
        return SpeakerCountError(
            self.too_many + other.too_many,
            self.too_few + other.too_few,
            self.wrong + other.wrong,
            self.recordings + other.recordings,
        )

    @property
    def detail(self) -> str:
        """Surplus and missing speakers, and the recordings with the right number."""
        right = f"{self.recordings - self.wrong}/{self.recordings} recordings right"
        return f"{self.too_many} too many {self.too_few} too few; {right}"

    def __str__(self) -> str:
        return self.detail
