"""The DataFrame view of a transcript, with a fixed schema of nullable columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.transcript.frame.columns import (
    SCHEMA,
    Layout,
    are_single_words,
    are_texts,
    layout_of,
    rows_of,
    transcript_of,
)
from meetscribe.transcript.values import Level, Meta, RecordingFile, Transcript

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTRIBUTE", "MEETING", "SCHEMA", "from_frame", "level_of", "require_one_meeting", "text_column", "to_frame"]

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

    _check_level(level)
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


def from_frame(frame: pd.DataFrame, meta: Meta | None = None, level: Level | None = None) -> Transcript:
    """Read a transcript from a frame of words, segments or turns, by default recognised by its columns.

    A frame of words has a column `word` (numbers beside `text`, or the words themselves) or `timing`; a frame without
    `segment`, `turn` and `words` is one if it has at least twelve rows, all of single words. Words keep their times;
    the words of segments and turns have interpolated times. Words are ordered by the columns `segment` and `word`, or
    else by time. Without `meta`, the frame's attributes are used. Other columns are ignored. Raises InputError for a
    missing column, for a wrong value, naming its row and column, and for a column `meeting` with several values, and
    SettingsError for an unknown level.
    """
    require_one_meeting(frame)
    layout = _layout_of(frame, level)
    columns = {name: _cells(frame, name, source, layout.level) for name, source in layout.columns.items()}
    return transcript_of(columns, layout.level, meta or _kept_meta(frame))


def text_column(frame: pd.DataFrame) -> str | None:
    """Return the column with the text of each row: `word` if it holds words, else `text`; None if there is neither."""
    if "word" in frame.columns and are_texts(frame["word"]):
        return "word"
    return "text" if "text" in frame.columns else None


def level_of(frame: pd.DataFrame) -> Level:
    """Return the level as which `from_frame` reads a frame; raises InputError naming missing columns."""
    return _layout_of(frame, None).level


def require_one_meeting(frame: pd.DataFrame) -> None:
    """Raise InputError if the column `meeting` of a frame has several values: times are those of one recording."""
    count = frame[MEETING].nunique() if MEETING in frame.columns else 0
    if count > 1:
        raise InputError(
            f"the frame holds {count} meetings, see its column {MEETING!r}",
            f'Give one at a time: for name, one in frame.groupby("{MEETING}"): ... '
            "For statistics of all of them: meetscribe.stats(frame)",
        )


def _layout_of(frame: pd.DataFrame, level: Level | None) -> Layout:
    """Return the layout of a frame; raises InputError naming missing columns, SettingsError for an unknown level."""
    names = list(map(str, frame.columns))
    if level is not None:
        _check_level(level)
    elif "text" in names and are_single_words(names, frame["text"].tolist()):
        level = "word"
    return layout_of(names, level, spelled=text_column(frame) == "word")


def _check_level(level: str) -> None:
    """Raise SettingsError for an unknown level."""
    if level not in SCHEMA:
        raise SettingsError(f"a frame has no level {level!r}", nearest(level, SCHEMA))


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


def _cells(frame: pd.DataFrame, name: str, source: str, level: Level) -> list[Any]:
    """Return the values of the column `source` as `name`, None for <NA>; raises InputError naming a wrong row."""
    dtype: Any = SCHEMA[level][name]
    try:
        typed = frame[source].astype(dtype)
    except (TypeError, ValueError) as error:
        place = f"row {row}, " if (row := _first_wrong(frame, source, dtype)) is not None else ""
        raise InputError(f"{place}column {source!r}: {error}", "Correct its values.") from error
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
