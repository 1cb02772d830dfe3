"""The thresholds of the statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from meetscribe.errors import SettingsError
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AnalyticsSettings:
    """The thresholds of the statistics, in seconds unless the name says otherwise.

    Raises SettingsError for a threshold that is negative or not a number, and for windows of no length.
    """

    unit_pause: Seconds = 0.2
    """Speech of one speaker is one inter-pausal unit across pauses shorter than this."""
    turn_pause: Seconds = 1.0
    """A turn goes on across pauses up to this, if no other speaker takes the floor in between."""
    backchannel: Seconds = 1.0
    """A backchannel is at most this long."""
    backchannel_words: int = 3
    """A backchannel has at most this number of words (characters, in scripts without spaces: twice as many)."""
    min_overlap: Seconds = 0.5
    """An attempt to interrupt overlaps with the interrupted turn at least this long."""
    yield_within: Seconds = 2.0
    """An interruption succeeds if the interrupted speaker stops within this time."""
    monologue: Seconds = 60.0
    """A turn longer than this is a monologue."""
    long_pause: Seconds = 2.0
    """A silence between two speakers longer than this is a long pause."""
    window: Seconds = 60.0
    """The length of the windows of the timeline."""
    min_talk: Seconds = 20.0
    """Rates of a speaker with less speech are unknown."""
    min_words: int = 30
    """Rates of a speaker with fewer words are unknown."""
    min_responses: int = 5
    """Latencies from fewer changes of speaker are unknown."""
    keywords: int = 10
    """The number of keywords per speaker and per topic."""
    min_topic: Seconds = 120.0
    """A topic is at least this long."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not (math.isfinite(value) and value >= 0):
                raise SettingsError(f"{field.name} must be a number, at least 0, not {value!r}")
        if self.window < 0.1:
            raise SettingsError(f"window must be at least 0.1 seconds, not {self.window!r}")
