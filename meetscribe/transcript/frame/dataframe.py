"""The DataFrame view of a transcript, with a fixed schema of nullable columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.transcript.frame.columns import SCHEMA, columns_to_read, level_of, rows_of, transcript_of
from meetscribe.transcript.values import Level, Meta, RecordingFile, Transcript

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTRIBUTE", "MEETING", "SCHEMA", "from_frame", "require_one_meeting", "to_frame"]

MEETING = "meeting"
"""The column that distinguishes the rows of several meetings in one frame."""

ATTRIBUTE = "meetscribe"
"""The key of `DataFrame.attrs` for language, duration and recording.

pandas keeps attributes in selections, but not in every operation; the `meta` of `from_frame` takes precedence.
"""


def to_frame(transcript: Transcript, level: Level = "segment") -> pd.DataFrame:
    """Return a row per segment, word or turn, with the columns and dtypes of `SCHEMA[level]`.

    Edits are applied; use `with_meta(edits=())` for the recognised words. The frame has the accessor `frame.meet`.
    Raises SettingsError for an unknown level.
    """
    import pandas as pd

    import meetscribe.transcript.frame.accessor  # noqa: F401  # registers frame.meet

    if level not in SCHEMA:
        raise SettingsError(f"a frame has no level {level!r}", nearest(level, SCHEMA))
    rows = list(rows_of(transcript.edited(), level))
    dtypes: dict[str, Any] = SCHEMA[level]
    frame: pd.DataFrame = pd.DataFrame(
        {
            name: pd.array([row[index] for row in rows], dtype=dtype)
            for index, (name, dtype) in enumerate(dtypes.items())
        }
    )
    source = transcript.recording
    frame.attrs[ATTRIBUTE] = {
        "language": transcript.language,
        "duration": transcript.duration,
        "source": source.path if source else None,
        "hash": source.hash if source else None,
    }
    return frame


def from_frame(frame: pd.DataFrame, meta: Meta | None = None) -> Transcript:
    """Read a transcript from a frame of words, segments or turns.

    A frame of words holds all values of the words except `chars`; from segments and turns, word times are interpolated.
    Words are ordered by the columns `segment` and `word`. Without `meta`, the frame's attributes are used. Other
    columns are ignored. Raises InputError for a missing column, for a wrong value, naming its row and column, and for a
    column `meeting` with several values.
    """
    require_one_meeting(frame)
    level = level_of(map(str, frame.columns))
    columns = {name: _cells(frame, name, level) for name in columns_to_read(level, frame.columns)}
    return transcript_of(columns, level, meta or _kept_meta(frame))


def require_one_meeting(frame: pd.DataFrame) -> None:
    """Raise InputError if the column `meeting` of a frame has several values: times are those of one recording."""
    count = frame[MEETING].nunique() if MEETING in frame.columns else 0
    if count > 1:
        raise InputError(
            f"the frame holds {count} meetings, see its column {MEETING!r}",
            f'Give one at a time: for name, one in frame.groupby("{MEETING}"): ... '
            "For statistics of all of them: meetscribe.stats(frame)",
        )


def _kept_meta(frame: pd.DataFrame) -> Meta | None:
    """Return the metadata in the frame's attributes, None if there is none."""
    stored = frame.attrs.get(ATTRIBUTE)
    if not isinstance(stored, dict):
        return None
    try:
        source = RecordingFile(stored["source"], stored["hash"]) if stored["source"] is not None else None
        return Meta(stored["language"], stored["duration"], source)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _cells(frame: pd.DataFrame, name: str, level: Level) -> list[Any]:
    """Return the values of a column, None for <NA>; raises InputError naming a row of the wrong type."""
    dtype: Any = SCHEMA[level][name]
    try:
        typed = frame[name].astype(dtype)
    except (TypeError, ValueError) as error:
        place = f"row {row}, " if (row := _first_wrong(frame, name, dtype)) is not None else ""
        raise InputError(f"{place}column {name!r}: {error}", "Correct its values.") from error
    cells = [None if absent else cell for cell, absent in zip(typed.tolist(), typed.isna(), strict=True)]
    if name in ("segment", "word") and None in cells:
        raise InputError(f"row {cells.index(None)}, column {name!r}: not a number", "Number every row.")
    return cells


def _first_wrong(frame: pd.DataFrame, name: str, dtype: Any) -> int | None:
    """Return the first row whose value is not of that type."""
    for row in range(len(frame)):
        try:
            frame[name].iloc[row : row + 1].astype(dtype)
        except (TypeError, ValueError):
            return row
    return None
