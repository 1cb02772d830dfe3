"""The DataFrame view of a transcript: a fixed schema of nullable columns, written and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.transcript.frame.columns import SCHEMA, columns_to_read, level_of, rows_of, transcript_of
from meetscribe.transcript.values import Level, Meta, RecordingFile, Transcript

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTRIBUTE", "SCHEMA", "from_frame", "to_frame"]

ATTRIBUTE = "meetscribe"
"""The key of `DataFrame.attrs` under which language, duration and source are kept.

pandas carries them through selections, not through everything; `from_frame` takes `meta` before them.
"""


def to_frame(transcript: Transcript, level: Level = "segment") -> pd.DataFrame:
    """A row per segment, word or turn, with the columns and dtypes of `SCHEMA[level]`, numbered from 0.

    What it shows is the transcript as its edits leave it; `with_meta(edits=())` is the evidence alone. The frame has
    the accessor `frame.meet`.
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
    """The transcript of a frame; of words without loss, of segments or turns with their words' times guessed.

    Words are put in the order of the columns `segment` and `word`. Without `meta` what the frame's attributes
    keep is taken. Other columns are passed over. Raises InputError for a missing column, or naming the row and
    the column of a value that cannot be.
    """
    level = level_of(map(str, frame.columns))
    columns = {name: _cells(frame, name, level) for name in columns_to_read(level, frame.columns)}
    return transcript_of(columns, level, meta or _kept_meta(frame))


def _kept_meta(frame: pd.DataFrame) -> Meta | None:
    """What the frame's attributes say of the transcript, if they do."""
    kept = frame.attrs.get(ATTRIBUTE)
    if not isinstance(kept, dict):
        return None
    try:
        source = RecordingFile(kept["source"], kept["hash"]) if kept["source"] is not None else None
        return Meta(kept["language"], kept["duration"], source)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _cells(frame: pd.DataFrame, name: str, level: Level) -> list[Any]:
    """The column's values, None where there is none; raises InputError naming the row that is of another type."""
    dtype: Any = SCHEMA[level][name]
    try:
        typed = frame[name].astype(dtype)
    except (TypeError, ValueError) as error:
        place = f"row {row}, " if (row := _first_wrong(frame, name, dtype)) is not None else ""
        raise InputError(f"{place}column {name!r}: {error}", "Correct its values.") from error
    cells = [None if absent else cell for cell, absent in zip(typed.tolist(), typed.isna(), strict=True)]
    if name in ("segment", "word") and None in cells:
        raise InputError(f"row {cells.index(None)}, column {name!r}: no number", "Number every row.")
    return cells


def _first_wrong(frame: pd.DataFrame, name: str, dtype: Any) -> int | None:
    """The first row whose value is not of that type."""
    for row in range(len(frame)):
        try:
            frame[name].iloc[row : row + 1].astype(dtype)
        except (TypeError, ValueError):
            return row
    return None
