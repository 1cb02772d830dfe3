"""The error rates of time and of speakers as values that add, in whole milliseconds; those of words are in rates."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.evaluation.rates import percentage, ratio
from meetscribe.timeline import Seconds


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
    def fraction(self) -> tuple[float, int]:
        """Milliseconds in error out of those of the reference."""
        return self.miss_ms + self.false_alarm_ms + self.confusion_ms, self.total_ms

    @property
    def rate(self) -> float | None:
        """Time in error per time of the reference, above 1 if there is more; None for an empty reference."""
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
        """Seconds of each kind of error, and of speech."""
        parts = f"{self.miss:.1f} miss {self.false_alarm:.1f} false alarm {self.confusion:.1f} confusion"
        return f"{parts}; of {self.total:.1f} s"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


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
    def fraction(self) -> tuple[float, int]:
        """The sum over speakers of 1 - shared / either, out of speakers."""
        return sum(1 - shared / either for shared, either in self.shares_ms), len(self.shares_ms)

    @property
    def rate(self) -> float | None:
        """The mean over speakers of 1 - shared / either, 0 to 1; None without speakers."""
        return ratio(*self.fraction)

    def __add__(self, other: JaccardErrorRate) -> JaccardErrorRate:
        return JaccardErrorRate(self.shares_ms + other.shares_ms)

    @property
    def detail(self) -> str:
        """How many speakers it is the mean of."""
        return f"{len(self.shares_ms)} speakers"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


@dataclass(frozen=True, slots=True)
class TimeShare:
    """Of `whole_ms` milliseconds those that are as they should be, `part_ms`: the more the better.

    Raises ValueError for a part that is none of the whole.
    """

    part_ms: int
    whole_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.part_ms <= self.whole_ms:
            raise ValueError(f"the part must be part of the whole: {self!r}")

    @staticmethod
    def zero() -> TimeShare:
        """The start of a sum."""
        return TimeShare(0, 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """Milliseconds as they should be out of all."""
        return self.part_ms, self.whole_ms

    @property
    def rate(self) -> float | None:
        """The share, 0 to 1; None of no time."""
        return ratio(*self.fraction)

    def __add__(self, other: TimeShare) -> TimeShare:
        return TimeShare(self.part_ms + other.part_ms, self.whole_ms + other.whole_ms)

    @property
    def detail(self) -> str:
        """Seconds out of seconds."""
        return f"{self.part_ms / 1000:.1f} of {self.whole_ms / 1000:.1f} s"

    def __str__(self) -> str:
        return f"{percentage(self.rate)} ({self.detail})"


@dataclass(frozen=True, slots=True)
class SpeakerCountError:
    """By how many the speakers found are too many or too few, in so many recordings.

    Raises ValueError for counts that are not possible.
    """

    too_many: int
    too_few: int
    wrong: int
    recordings: int

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= min(self.recordings, self.too_many + self.too_few):
            raise ValueError(f"a recording is wrong by one speaker at least: {self!r}")

    @staticmethod
    def zero() -> SpeakerCountError:
        """The start of a sum."""
        return SpeakerCountError(0, 0, 0, 0)

    @property
    def fraction(self) -> tuple[float, int]:
        """Speakers too many and too few out of recordings."""
        return self.too_many + self.too_few, self.recordings

    @property
    def rate(self) -> float | None:
        """By how many speakers a recording is wrong on average; None without recordings."""
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
        """Speakers too many and too few, and in how many recordings the number is right."""
        right = f"{self.recordings - self.wrong}/{self.recordings} recordings right"
        return f"{self.too_many} too many {self.too_few} too few; {right}"

    def __str__(self) -> str:
        return self.detail
