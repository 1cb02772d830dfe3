"""Conversion of the rows of a corpus to a meeting for the statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import pyarrow

from meetscribe.analytics import Meeting
from meetscribe.corpus.tables.reading import MeetingRows
from meetscribe.timeline import Turn
from meetscribe.transcript import Word

COLUMNS: Mapping[str, Sequence[str]] = {
    "segments": ("start",),
    "turns": ("start", "end", "speaker", "source"),
    "words": ("start", "end", "speaker", "text", "timing", "score", "speaker_score", "overlap", "probability"),
}
"""The tables and columns that the statistics need."""


def meeting_from_rows(rows: MeetingRows) -> Meeting:
    """Return the meeting of rows that have at least the `COLUMNS`; its statistics are those of the transcript."""
    meeting_row, turns = rows.row, rows.tables["turns"].to_pylist()
    found = tuple(sorted(Turn(row["start"], row["end"], row["speaker"]) for row in turns))
    words = tuple(word for word in map(_word, rows.tables["words"].to_pylist()) if word.speaker)
    starts = _times(rows.tables["segments"], "start")
    ends = [*_times(rows.tables["words"], "end"), *(turn.end for turn in found)]
    participants = tuple(dict.fromkeys(meeting_row["participants"] or ()))
    return Meeting(
        name=meeting_name(meeting_row),
        duration=max([meeting_row["duration"] or 0.0, *ends]),
        language=meeting_row["language"] or "und",
        turns=found,
        turn_source=turns[0]["source"] if turns else "words",
        words=tuple(sorted(words, key=lambda word: word.start)),
        starts=tuple(sorted(starts)),
        # As in `meeting_of`: all participants, and `Meeting.speakers` adds those without speech; none if a speaker
        # is not one of them by name.
        silent=participants if {turn.speaker for turn in found} <= set(participants) else (),
    )


def meeting_name(row: Mapping[str, Any]) -> str:
    """Return the name of a meeting by its row: that of the recording without suffix, else the title, else the id."""
    return PurePath(row["recording"] or "").stem or row["title"] or row["meeting"]


def _times(table: pyarrow.Table, column: str) -> list[float]:
    times: list[float] = table.column(column).to_pylist()
    return times


def _word(row: Mapping[str, Any]) -> Word:
    return Word(**{name: row[name] for name in COLUMNS["words"]})
