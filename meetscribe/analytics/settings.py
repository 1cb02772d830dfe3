"""The thresholds of the statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AnalyticsSettings:
    """The thresholds of the statistics, in seconds except counts: the table [analytics] of a settings file.

    Raises SettingsError for a threshold that is negative or not a number, and for a window below 0.1 s.
    """

    unit_pause: Seconds = option(0.2, "pauses of a speaker shorter than this do not end an inter-pausal unit")
    turn_pause: Seconds = option(1.0, "longest pause within a turn, if no other speaker takes the floor during it")
    backchannel: Seconds = option(1.0, "longest backchannel")
    backchannel_words: int = option(
        3, "maximum number of words of a backchannel; twice as many characters in scripts without spaces"
    )
    min_overlap: Seconds = option(0.5, "shortest overlap of an attempted interruption with the interrupted turn")
    yield_within: Seconds = option(2.0, "longest time until the interrupted speaker stops in a successful interruption")
    monologue: Seconds = option(60.0, "a turn longer than this is a monologue")
    long_pause: Seconds = option(2.0, "a silence of all speakers longer than this is a long pause")
    window: Seconds = option(60.0, "length of the windows of the timeline and of window_keywords")
    min_talk: Seconds = option(
        20.0, "rates of a speaker, and rates and indices of a meeting, with less speech are unknown"
    )
    min_words: int = option(30, "rates of a speaker with fewer words are unknown")
    min_responses: int = option(5, "latencies from fewer changes of speaker are unknown")
    keywords: int = option(10, "number of keywords per speaker, per window and per topic")
    min_topic: Seconds = option(120.0, "shortest topic")

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not (math.isfinite(value) and value >= 0):
                raise SettingsError(f"{field.name} must be a number, at least 0, not {value!r}")
        if self.window < 0.1:
            raise SettingsError(f"window must be at least 0.1 seconds, not {self.window!r}")
