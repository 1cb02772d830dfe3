"""Conversion between meetings and table rows, the same for every database."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from meetscribe.errors import OutputError
from meetscribe.library.values import Access, Meeting, Record, SourceFile, SpeakerTime

SHIFT = 20
"""The number of low bits of a passage's number that hold its position; the high bits hold the number of its meeting."""

LAST = (1 << SHIFT) - 1
"""The largest position of a passage."""

COLUMNS = (
    "id", "path", "content", "size", "modified", "available", "title", "recorded_at", "day", "language", "duration",
    "recording", "passages", "people",
)  # fmt: skip
"""The columns of a meeting in every database."""


def require_fit(record: Record) -> None:
    """Raise OutputError if a meeting has more passages than can be numbered."""
    if len(record.passages) > LAST:
        raise OutputError(f"{record.meeting.title} has more than {LAST} passages", "Divide the transcript.")


def meeting_row(meeting: Meeting) -> dict[str, Any]:
    """Return the column values of a meeting."""
    people = {"speakers": [asdict(one) for one in meeting.speakers], "participants": meeting.participants}
    values = {name: getattr(meeting, name) for name in COLUMNS if name not in _OF_SOURCE and name != "people"}
    return {**asdict(meeting.source), **values, "people": json.dumps(people, ensure_ascii=False)}


_OF_SOURCE = frozenset(SourceFile.__annotations__)


def meeting_of(row: Any) -> Meeting:
    """Return the meeting in a row, a mapping of column names to values; for `access` see `access_of`."""
    people = json.loads(row["people"])
    return Meeting(
        id=row["id"],
        source=SourceFile(row["path"], row["content"], row["size"], row["modified"]),
        title=row["title"],
        recorded_at=row["recorded_at"],
        language=row["language"],
        duration=row["duration"],
        speakers=tuple(SpeakerTime(**one) for one in people["speakers"]),
        participants=tuple(people["participants"]),
        recording=row["recording"],
        passages=row["passages"],
        access=access_of(row["access"]),
        available=bool(row["available"]),
    )


def access_of(value: str | None) -> Access:
    """Return the access for a value in the database: open for None, restricted for an unknown value."""
    return "open" if value in (None, "open") else "restricted"
