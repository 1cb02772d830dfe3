"""The metrics of speakers, meetings and the other tables: units, required support, and measured trust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

Support: TypeAlias = Literal["seconds", "words", "responses"]
"""What the amount of data behind a metric (its support) is counted in: seconds of speech, words, or responses.

A response is a turn after another speaker's turn.
"""

Trust: TypeAlias = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with its unit and kind of support; `minimum` is the name of the setting with the minimum support."""

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

TRANSITION_METRICS = _table(
    ("count", "count", "responses", None),
    ("share", "share", "responses", None),
    ("median_offset_s", "s", "responses", None),
)
"""The metrics of a pair of speakers in `transitions`."""

WINDOW_METRICS = _table(
    ("talk_time_s", "s", "seconds", None),
    ("talk_share", "share", "seconds", None),
    ("airtime_share", "share", "seconds", None),
)
"""The metrics of a speaker in a window of `timeline`."""

EVENT_METRICS = {
    "turns": Metric("duration_s", "s", "seconds"),
    "overlaps": Metric("duration_s", "s", "seconds"),
    "gaps": Metric("offset_s", "s", "seconds"),
    "interruptions": Metric("overlap_s", "s", "seconds"),
}
"""The value of a row that must be within the tolerance for the row to be correct, in the measurement of trust."""

METRICS: Mapping[str, Mapping[str, Metric]] = {
    "speakers": SPEAKER_METRICS,
    "meeting": MEETING_METRICS,
    "transitions": TRANSITION_METRICS,
    "timeline": WINDOW_METRICS,
    **{table: {metric.name: metric} for table, metric in EVENT_METRICS.items()},
}
"""All metrics by table."""


@cache
def measured_errors() -> Mapping[str, Mapping[str, Mapping[str, float | int | str]]]:
    """Return the errors of statistics from diarizers by table and metric, as written by `tests.benchmarks.analytics`.

    `median` is the median error, `within` the share of cases with a tolerable error, `trust` "high" or "low", and
    `held_out` the share of meetings for which the other meetings predict the same trust. The file states the data, the
    diarizers and the tolerance.
    """
    stored = json.loads(files(__package__).joinpath("trust.json").read_text(encoding="utf-8"))
    errors: Mapping[str, Mapping[str, Mapping[str, float | int | str]]] = stored["errors"]
    return errors


def trust_of(metric: str, table: str = "speakers") -> Trust | None:
    """Return the reliability of a metric with turns from a diarizer, None if it was not measured."""
    row = measured_errors().get(table, {}).get(metric)
    if row is None:
        return None
    return "high" if row["trust"] == "high" else "low"
