"""The settings of speaker identification."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from meetscribe.errors import SettingsError
from meetscribe.options import option

LONGEST = timedelta(days=90)
"""The longest time for which voiceprints of unnamed speakers can be kept."""

_TIME = re.compile(r"([1-9]\d{0,3})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class ProfilesSettings:
    """The settings for comparing speakers with known persons, and for keeping voiceprints of unnamed speakers.

    Both are off by default. Raises SettingsError for an invalid time, and for `remember` without `consent`.
    """

    enabled: bool = option(False, "compare the speakers with enrolled persons, and suggest names")
    identify: bool = option(False, "also assign certain names instead of only suggesting them")
    remember: str | None = option(
        None, "keep voiceprints of unnamed speakers this long (12h, 7d), to add them to profiles when they are named"
    )
    consent: str | None = option(
        None, "the consent to keep these voiceprints: the people who agreed, and the declaring person", secret=True
    )

    @property
    def compares(self) -> bool:
        """Whether to compare speakers with enrolled persons."""
        return self.enabled or self.identify

    def __post_init__(self) -> None:
        if self.remember is not None:
            parse_duration(self.remember, "profiles.remember: ")
            if not (self.consent or "").strip():
                raise SettingsError(
                    "profiles.remember keeps voiceprints, which requires the consent of all speakers",
                    'State it: profiles.consent = "everyone in the Monday meeting agreed, declared by Anna"',
                )


def parse_duration(text: str, where: str = "") -> timedelta:
    """Parse a length of time such as 12h, 7d or 2w; raises SettingsError with a message that begins with `where`.

    >>> parse_duration("7d").days
    7
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise SettingsError(f"{where}{text!r} is not a length of time", "Write it as 12h, 7d or 2w.")
    length = int(match[1]) * _UNITS[match[2]]
    if length > LONGEST:
        raise SettingsError(f"{text} is longer than {LONGEST.days} days", "Enrol the person instead.")
    return length
