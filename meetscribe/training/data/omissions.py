"""The words and times omitted from a data set, with their reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from meetscribe.timeline import Seconds

Doubt: TypeAlias = Literal["suspect", "removed", "uncovered", "interpolated"]
"""The reasons why the text or the times of words are unreliable."""

Reason: TypeAlias = Doubt | Literal["overlap", "no track", "too short", "no pause", "too many tokens", "shared"]
"""The reasons for omitting words or times."""

EXPLANATIONS: Mapping[Reason, str] = {
    "overlap": "several people speak at once",
    "suspect": "marked as suspect, and not corrected",
    "removed": "removed as not spoken",
    "uncovered": "speech without words",
    "interpolated": "words with interpolated times; run meetscribe align",
    "no track": "speakers without a recording",
    "too short": "passages shorter than a clip",
    "no pause": "no pause to cut in",
    "too many tokens": "more text than the decoder can write for one clip",
    "shared": "the same audio or text is in dev or test",
}
"""The reasons as printed, in the order of tables."""


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
