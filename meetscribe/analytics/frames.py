"""Tables as tidy DataFrames with fixed columns: unknown values are <NA>, and measured trust is added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from meetscribe.analytics import rows
from meetscribe.analytics.metric_rows import MetricRow
from meetscribe.analytics.metrics import EVENT_METRICS, METRICS, Trust, trust_of
from meetscribe.analytics.overall import MeetingStatistics
from meetscribe.analytics.speakers import SpeakerStatistics

if TYPE_CHECKING:
    import pandas as pd

_ROW_TYPES: Mapping[str, type[Any]] = {
    "speakers": SpeakerStatistics,
    "meeting": MeetingStatistics,
    "turns": rows.TurnRow,
    "overlaps": rows.OverlapRow,
    "gaps": rows.GapRow,
    "transitions": rows.TransitionRow,
    "interruptions": rows.InterruptionRow,
    "timeline": rows.WindowRow,
    "keywords": rows.KeywordRow,
    "window_keywords": rows.WindowKeywordRow,
    "topics": rows.TopicRow,
    "metrics": MetricRow,
}

_DTYPES = {"str": "string", "int": "Int64", "float": "Float64", "Seconds": "Float64", "bool": "boolean"}


def columns_of(table: str) -> dict[str, str]:
    """Return the columns of a table in order with their pandas dtypes."""
    # The type of a field is its annotation as text, such as "float | None", because annotations are postponed.
    columns = {field.name: _DTYPES[str(field.type).removesuffix(" | None")] for field in fields(_ROW_TYPES[table])}
    return columns | dict.fromkeys(trust_columns(table), "string")


def trust_columns(table: str) -> dict[str, Trust]:
    """Return the trust columns of a table, each with the value that all rows have in it.

    `speakers`, `meeting`, `transitions` and `timeline` have `trust_METRIC` for each metric with measured errors. The
    tables of events (turns, overlaps, gaps, interruptions) have `trust` for the whole row; the others have none.
    """
    events = table in EVENT_METRICS
    measured = {name: trust for name in METRICS.get(table, ()) if (trust := trust_of(name, table))}
    return {"trust" if events else f"trust_{name}": trust for name, trust in measured.items()}


def to_frame(table: str, values: Iterable[Any]) -> pd.DataFrame:
    """Return the rows of a table as a DataFrame."""
    import pandas as pd

    row_values, trust = list(values), trust_columns(table)
    dtypes: dict[str, Any] = columns_of(table)
    return pd.DataFrame(
        {
            name: pd.array(
                [trust[name]] * len(row_values) if name in trust else [getattr(row, name) for row in row_values],
                dtype=dtype,
            )
            for name, dtype in dtypes.items()
        }
    )
