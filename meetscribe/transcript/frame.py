"""The DataFrame view of a transcript: a fixed schema of nullable columns, written and read back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.transcript.values import Level, Meta, Segment, Transcript, Word

if TYPE_CHECKING:
    import pandas as pd

SCHEMA: dict[Level, dict[str, str]] = {
    "segment": {
        "segment": "Int64",  # number of the segment, from 0
        "start": "Float64",  # seconds from the start of the recording
        "end": "Float64",
        "speaker": "string",  # the label; <NA> if not known
        "text": "string",
        "words": "Int64",  # how many
        "score": "Float64",  # mean over the words that have one, 0 to 1
        "overlap": "boolean",  # whether any word overlaps with another speaker
    },
    "word": {
        "segment": "Int64",
        "word": "Int64",  # number of the word in its segment, from 0
        "start": "Float64",
        "end": "Float64",
        "speaker": "string",
        "text": "string",
        "timing": "string",  # aligned, wildcard, engine or interpolated
        "score": "Float64",
        "speaker_score": "Float64",
        "speaker_source": "string",  # turn, nearest, channel, hint or edit
        "overlap": "boolean",
        "probability": "Float64",  # the engine's, of the word itself, 0 to 1
        "language": "string",  # where it is not the transcript's
    },
}
"""The columns of each level in order, with their dtypes; what is not known is <NA>."""


def to_frame(transcript: Transcript, level: Level = "segment") -> pd.DataFrame:
    """A row per segment or per word, with the columns and dtypes of `SCHEMA[level]`."""
    import pandas as pd

    if level not in SCHEMA:
        raise SettingsError(f"a frame has no level {level!r}", nearest(level, SCHEMA))
    rows = list(_segment_rows(transcript) if level == "segment" else _word_rows(transcript))
    dtypes: dict[str, Any] = SCHEMA[level]
    frame: pd.DataFrame = pd.DataFrame(
        {
            name: pd.array([row[index] for row in rows], dtype=dtype)
            for index, (name, dtype) in enumerate(dtypes.items())
        }
    )
    return frame


def from_frame(frame: pd.DataFrame, meta: Meta) -> Transcript:
    """The transcript of a word-level frame, in order of its columns `segment` and `word`.

    Other columns are passed over. Raises InputError for a missing column or a value that cannot be.
    """
    schema = SCHEMA["word"]
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise InputError(
            f"the frame lacks the column {', '.join(map(repr, missing))}",
            'Give a frame of words, as Transcript.to_frame(level="word") makes it.',
        )
    rows = sorted(zip(*(_cells(frame, name) for name in schema), strict=True), key=lambda row: row[:2])
    return Transcript(tuple(Segment(tuple(map(_word, own))) for _, own in groupby(rows, key=lambda row: row[0])), meta)


def _segment_rows(transcript: Transcript) -> Iterator[tuple[object, ...]]:
    for index, segment in enumerate(transcript.segments):
        scores = [word.score for word in segment.words if word.score is not None]
        yield (
            index,
            segment.start,
            segment.end,
            segment.speaker,
            segment.text,
            len(segment.words),
            sum(scores) / len(scores) if scores else None,
            any(word.overlap for word in segment.words),
        )


def _word_rows(transcript: Transcript) -> Iterator[tuple[object, ...]]:
    for index, segment in enumerate(transcript.segments):
        for place, word in enumerate(segment.words):
            yield (
                index,
                place,
                word.start,
                word.end,
                word.speaker,
                word.text,
                word.timing,
                word.score,
                word.speaker_score,
                word.speaker_source,
                word.overlap,
                word.probability,
                word.language,
            )


def _cells(frame: pd.DataFrame, name: str) -> list[Any]:
    """The column's values, None where there is none; raises InputError if they are of another type."""
    dtype: Any = SCHEMA["word"][name]
    try:
        typed = frame[name].astype(dtype)
    except (TypeError, ValueError) as error:
        raise InputError(f"column {name!r} of the frame: {error}", "Correct its values.") from error
    cells = [None if absent else cell for cell, absent in zip(typed.tolist(), typed.isna(), strict=True)]
    if name in ("segment", "word") and None in cells:
        raise InputError(
            f"column {name!r} of the frame lacks the number in row {cells.index(None)}", "Number every row."
        )
    return cells


def _word(row: tuple[Any, ...]) -> Word:
    """The word of a row; raises InputError naming its segment and word."""
    cells = dict(zip(SCHEMA["word"], row, strict=True))
    segment, place = cells.pop("segment"), cells.pop("word")
    try:
        return Word(**{**cells, "overlap": bool(cells["overlap"])})
    except (TypeError, ValueError) as error:
        raise InputError(
            f"segment {segment}, word {place} of the frame: {error}", "Correct the row, or drop it."
        ) from error
