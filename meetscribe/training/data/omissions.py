"""The words and times left out of a data set, with their reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from meetscribe.timeline import Seconds

Doubt: TypeAlias = Literal["suspect", "removed", "uncovered", "interpolated"]
"""The reasons for which the text or the time of words is uncertain."""

Reason: TypeAlias = Doubt | Literal["overlap", "no track", "too short", "no pause", "too many tokens", "shared"]
"""The reasons for omitting words or times."""

EXPLANATIONS: Mapping[Reason, str] = {
    "overlap": "several persons speak at once",
    "suspect": "marked as doubtful, and not corrected",
    "removed": "words were removed as not spoken",
    "uncovered": "speech without words",
    "interpolated": "words without times of their own, which meetscribe align finds",
    "no track": "speakers without a recording",
    "too short": "passages shorter than a clip",
    "no pause": "no pause to cut in",
    "too many tokens": "more text than the model can write for one clip",
    "shared": "the same sound or text is held out",
}
"""The reasons, in the order of tables."""


@dataclass(frozen=True, slots=True)
class Omission:
    """The number of words omitted for one reason, and their seconds in the recording."""

    reason: Reason
    words: int
    seconds: Seconds


def total(omissions: Iterable[Omission]) -> tuple[Omission, ...]:
    """Return one omission for each reason, in the order of tables."""
    found: dict[Reason, list[Omission]] = defaultdict(list)
    for one in omissions:
        found[one.reason].append(one)
    return tuple(
        Omission(reason, sum(one.words for one in own), round(sum(one.seconds for one in own), 3))
        for reason in EXPLANATIONS
        if (own := found[reason])
    )
