"""Statistics of meetings: who talks how much, when, to whom and about what.

`stats` computes values; tables are views of them. `meeting.py` holds the input, `analysis.py` the intermediate results
of a meeting, `floor/` turns and interruptions, `lexical/` keywords and topics. The definitions are in the docstrings of
`SpeakerStatistics`, `MeetingStatistics` and the modules that compute them.
"""

from __future__ import annotations

from meetscribe.analytics.meeting import Meeting, meeting_of
from meetscribe.analytics.overall import MeetingStatistics
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.analytics.speakers import SpeakerStatistics
from meetscribe.analytics.statistics import TABLES, Statistics, stats

__all__ = [
    "TABLES",
    "AnalyticsSettings",
    "Meeting",
    "MeetingStatistics",
    "SpeakerStatistics",
    "Statistics",
    "meeting_of",
    "stats",
]
