"""The thresholds of the statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AnalyticsSettings:
    """The thresholds of the statistics, in seconds unless the name says otherwise.

    In a settings file, they are the table [analytics].
    Raises SettingsError for a threshold that is negative or not a number, and for windows of no length.
    """

    unit_pause: Seconds = option(0.2, "speech of one speaker is one inter-pausal unit across pauses shorter than this")
    turn_pause: Seconds = option(
        1.0, "a turn goes on across pauses up to this, if no other speaker takes the floor in between"
    )
    backchannel: Seconds = option(1.0, "a backchannel is at most this long")
    backchannel_words: int = option(
        3, "a backchannel has at most this number of words (characters, in scripts without spaces: twice as many)"
    )
    min_overlap: Seconds = option(0.5, "an attempt to interrupt overlaps with the interrupted turn at least this long")
    yield_within: Seconds = option(2.0, "an interruption succeeds if the interrupted speaker stops within this time")
    monologue: Seconds = option(60.0, "a turn longer than this is a monologue")
    long_pause: Seconds = option(2.0, "a silence between two speakers longer than this is a long pause")
    window: Seconds = option(60.0, "the length of the windows of the timeline")
    min_talk: Seconds = option(20.0, "rates of a speaker with less speech are unknown")
    min_words: int = option(30, "rates of a speaker with fewer words are unknown")
    min_responses: int = option(5, "latencies from fewer changes of speaker are unknown")
    keywords: int = option(10, "the number of keywords per speaker, per window and per topic")
    min_topic: Seconds = option(120.0, "a topic is at least this long")

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not (math.isfinite(value) and value >= 0):
                raise SettingsError(f"{field.name} must be a number, at least 0, not {value!r}")
        if self.window < 0.1:
            raise SettingsError(f"window must be at least 0.1 seconds, not {self.window!r}")
