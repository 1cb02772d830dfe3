"""The metrics of a speaker and of a meeting: units, the support that each needs, and how far each can be trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

Support: TypeAlias = Literal["seconds", "words", "responses"]
"""What a metric is computed from: seconds of speech, words, or turns that follow another speaker's."""

Trust: TypeAlias = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Metric:
    """The unit of a metric and the kind of its support; `minimum` names the setting below which it is unknown."""

    name: str
    unit: str
    support: Support
    minimum: str | None = None


def _table(*rows: tuple[str, str, Support, str | None]) -> dict[str, Metric]:
    return {row[0]: Metric(*row) for row in rows}


SPEAKER_METRICS = _table(
    ("talk_time_s", "s", "seconds", None),
    ("talk_share", "share", "seconds", None),
    ("airtime_share", "share", "seconds", None),
    ("turns", "count", "seconds", None),
    ("longest_turn_s", "s", "seconds", None),
    ("monologues", "count", "seconds", None),
    ("words", "count", "words", None),
    ("speaking_rate_per_min", "per minute", "seconds", "min_talk"),
    ("articulation_rate_per_min", "per minute", "seconds", "min_talk"),
    ("questions", "count", "words", None),
    ("fillers", "count", "words", None),
    ("fillers_per_100_words", "per 100 words", "words", "min_words"),
    ("response_latency_s", "s", "responses", "min_responses"),
    ("interruptions_made", "count", "seconds", None),
    ("interruptions_suffered", "count", "seconds", None),
    ("interruption_attempts", "count", "seconds", None),
    ("backchannels", "count", "seconds", None),
    ("overlap_s", "s", "seconds", None),
    ("overlap_share", "share", "seconds", "min_talk"),
)
"""The metrics of `SpeakerStatistics`."""

MEETING_METRICS = _table(
    ("speech_s", "s", "seconds", None),
    ("silence_s", "s", "seconds", None),
    ("silence_share", "share", "seconds", None),
    ("long_pauses", "count", "seconds", None),
    ("overlap_s", "s", "seconds", None),
    ("overlap_share", "share", "seconds", "min_talk"),
    ("speakers", "count", "seconds", None),
    ("turns", "count", "seconds", None),
    ("turns_per_min", "per minute", "seconds", "min_talk"),
    ("interruptions", "count", "seconds", None),
    ("interruption_attempts", "count", "seconds", None),
    ("backchannels", "count", "seconds", None),
    ("floor_transfer_s", "s", "responses", "min_responses"),
    ("floor_transfer_p10_s", "s", "responses", "min_responses"),
    ("floor_transfer_p90_s", "s", "responses", "min_responses"),
    ("gini", "0 to 1", "seconds", "min_talk"),
    ("entropy", "0 to 1", "seconds", "min_talk"),
    ("dominance", "share", "seconds", "min_talk"),
)
"""The metrics of `MeetingStatistics`."""


@cache
def measured_errors() -> Mapping[str, Mapping[str, Mapping[str, float | int | str]]]:
    """Return the errors of statistics from diarizers by level and metric, as `tests.benchmarks.analytics` wrote them.

    `median` is the median error over speakers or meetings, `within` the share of cases with a tolerable error, `trust`
    "high" or "low". The file names the data, the diarizers and the tolerance.
    """
    stored = json.loads(files(__package__).joinpath("trust.json").read_text(encoding="utf-8"))
    errors: Mapping[str, Mapping[str, Mapping[str, float | int | str]]] = stored["errors"]
    return errors


def trust_of(metric: str, level: Literal["speaker", "meeting"] = "speaker") -> Trust | None:
    """Return whether a metric is reliable if the turns come from a diarizer; None if that was not measured."""
    row = measured_errors().get(level, {}).get(metric)
    if row is None:
        return None
    return "high" if row["trust"] == "high" else "low"
