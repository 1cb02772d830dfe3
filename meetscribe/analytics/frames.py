"""Tables as tidy DataFrames with fixed columns: unknown values are <NA>, and `trust` is added where it was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from meetscribe.analytics import rows
from meetscribe.analytics.metric_rows import MetricRow
from meetscribe.analytics.metrics import trust_of
from meetscribe.analytics.overall import MeetingStatistics
from meetscribe.analytics.speakers import SpeakerStatistics

if TYPE_CHECKING:
    import pandas as pd

_KINDS: Mapping[str, type[Any]] = {
    "speakers": SpeakerStatistics,
    "meeting": MeetingStatistics,
    "turns": rows.TurnRow,
    "overlaps": rows.OverlapRow,
    "gaps": rows.GapRow,
    "transitions": rows.TransitionRow,
    "interruptions": rows.InterruptionRow,
    "timeline": rows.WindowRow,
    "keywords": rows.KeywordRow,
    "topics": rows.TopicRow,
    "metrics": MetricRow,
}

_GOVERNED_BY = {
    "turns": "turns",
    "overlaps": "overlap_s",
    "gaps": "response_latency_s",
    "transitions": "turns",
    "interruptions": "interruption_attempts",
    "timeline": "talk_share",
}
"""The metric of a speaker whose trust the rows of a table have."""

_DTYPES = {"str": "string", "int": "Int64", "float": "Float64", "Seconds": "Float64", "bool": "boolean"}


def columns_of(table: str) -> dict[str, str]:
    """Return the columns of a table in order, with their pandas dtypes."""
    columns = {field.name: _DTYPES[str(field.type).removesuffix(" | None")] for field in fields(_KINDS[table])}
    return columns | ({"trust": "string"} if table in _GOVERNED_BY else {})


def to_frame(table: str, values: Iterable[Any]) -> pd.DataFrame:
    """Return the rows of a table as a DataFrame."""
    import pandas as pd

    given = list(values)
    trust = trust_of(_GOVERNED_BY[table]) if table in _GOVERNED_BY else None
    dtypes: dict[str, Any] = columns_of(table)
    return pd.DataFrame(
        {
            name: pd.array(
                [trust if name == "trust" and table in _GOVERNED_BY else getattr(row, name) for row in given],
                dtype=dtype,
            )
            for name, dtype in dtypes.items()
        }
    )
