"""The table of speakers as plain text."""

from __future__ import annotations

from meetscribe.report.contents import Report
from meetscribe.report.wording import format_duration

COLUMNS = ("Speaker", "Talk time", "Share", "Turns", "Words", "Words/min")


def speaker_rows(report: Report) -> list[tuple[str, ...]]:
    """Return a row of texts for each speaker, in the order of `COLUMNS`; unknown values are dashes."""
    return [
        (
            row.speaker,
            format_duration(row.talk_time_s),
            "–" if row.talk_share is None else f"{row.talk_share:.0%}",
            f"{row.turns}",
            "–" if row.words is None else f"{row.words:,}",
            "–" if row.speaking_rate_per_min is None else f"{row.speaking_rate_per_min:.0f}",
        )
        for row in report.speakers
    ]
