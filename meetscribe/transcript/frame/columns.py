"""Conversion of a transcript to and from columns of plain values, with a schema per level, for pandas and Arrow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from meetscribe.errors import InputError
from meetscribe.text.joining import join_words
from meetscribe.text.splitting import split_words, spread
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Span
from meetscribe.transcript.values import Level, Meta, Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.word_runs import MIN_SINGLE_WORDS, segments_of_words
from meetscribe.transcript.words import Char, Segment, Word

SCHEMA: dict[Level, dict[str, str]] = {
    "segment": {
        "segment": "Int64",  # number of the segment, from 0
        "start": "Float64",  # seconds from the start of the recording
        "end": "Float64",
        "speaker": "string",  # displayed name, else the label; <NA> if unknown
        "text": "string",
        "words": "Int64",  # number of words
        "score": "Float64",  # mean over the words that have one, 0 to 1
        "overlap": "boolean",  # whether any word overlaps with another speaker
        "id": "string",  # of the first word
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
        "speaker_source": "string",  # turn, nearest, smoothed, voice, channel, hint or edit
        "overlap": "boolean",
        "probability": "Float64",  # of the word, by the engine, 0 to 1
        "language": "string",  # set only if it differs from the language of the transcript
        "id": "string",  # identifies the word in all versions of the transcript
    },
    "turn": {
        "turn": "Int64",  # number of the turn, from 0: words of one speaker in a row, across segments
        "start": "Float64",
        "end": "Float64",
        "speaker": "string",
        "text": "string",
        "segments": "Int64",  # number of segments with words of the turn
        "words": "Int64",
        "overlap": "boolean",
        "id": "string",  # of the first word
    },
}
"""The columns of each level in order, with their pandas dtypes; unknown values are <NA>."""

NEEDED = ("start", "end", "speaker", "text")
"""The columns that a frame must have to be read; in a frame of words, a column `word` may hold the words of `text`."""

_NUMBERS = ("segment", "word")
_MEASURED = ("timing", "score", "speaker_score", "speaker_source", "overlap", "probability", "language", "id")
"""Columns of words that are read if there is a column `timing`: those of other frames may have another meaning."""

_MAX_TIME = 1e12  # seconds; chosen by hand, far above any recording


@dataclass(frozen=True, slots=True)
class Layout:
    """The level of a frame, and the frame's column for each column of the schema that is read."""

    level: Level
    columns: Mapping[str, str]


def rows_of(transcript: Transcript, level: Level) -> Iterator[tuple[object, ...]]:
    """Yield a row per segment, word or turn, with the values of `SCHEMA[level]` in order."""
    kinds: dict[Level, Callable[[Transcript], Iterator[tuple[object, ...]]]] = {
        "segment": _segment_rows,
        "word": _word_rows,
        "turn": _turn_rows,
    }
    return kinds[level](transcript)


def layout_of(names: Collection[str], level: Level | None = None, spelled: bool = False) -> Layout:
    """Return the layout of a frame with these columns; raises InputError naming missing columns.

    Without `level`, a column `word` or `timing` makes it a frame of words. `spelled` states that the column `word`
    holds the text of each word, not its number.
    """
    present = set(names)
    if level is None:
        level = "word" if present & {"word", "timing"} else "turn" if "turn" in present else "segment"
    columns = {name: "word" if spelled and (level, name) == ("word", "text") else name for name in NEEDED}
    missing = [name for name in columns.values() if name not in present]
    if missing:
        raise InputError(
            f"the frame lacks the column {', '.join(map(repr, missing))}",
            f'Give a frame as Transcript.to_frame(level="{level}") returns it, or the columns {", ".join(NEEDED)}.',
        )
    if level == "word" and not spelled and present >= set(_NUMBERS):
        columns |= dict(zip(_NUMBERS, _NUMBERS, strict=True))
    if level == "word" and "timing" in present:
        columns |= {name: name for name in _MEASURED if name in present}
    return Layout(level, columns)


def are_texts(cells: Iterable[object]) -> bool:
    """Return whether the values of a column `word` are texts rather than numbers."""
    return any(isinstance(cell, str) and not cell.strip().isdigit() for cell in cells)


def are_single_words(names: Collection[str], texts: Sequence[object]) -> bool:
    """Return whether a frame without the columns in `ours` has at least twelve rows, each with a single word.

    >>> are_single_words(["start", "end", "speaker", "text"], ["so"] * 12)
    True
    """
    ours = {"segment", "turn", "words", "word", "timing"} & set(names)
    return len(texts) >= MIN_SINGLE_WORDS and not ours and all(len(split_words(str(text))) == 1 for text in texts)


def transcript_of(columns: Mapping[str, Sequence[Any]], level: Level, meta: Meta | None) -> Transcript:
    """Build a transcript from columns of plain values, where None is unknown.

    Words are ordered by `segment` and `word`; without these columns, the words of a speaker form sentences. The time
    of a segment or turn is distributed over the words of its text. Without `meta`, language and recording are unknown,
    and the duration is the end of the last word. Raises InputError naming the row and the column of a wrong value.
    """
    rows: Iterable[tuple[int, dict[str, Any]]] = enumerate(
        dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
    )
    if level == "word" and "segment" not in columns:
        segments = tuple(segments_of_words(word for row in rows if (word := _plain_word(*row)) is not None))
    elif level == "word":
        ordered = sorted(rows, key=lambda row: (row[1]["segment"], row[1]["word"]))
        runs = groupby(ordered, key=lambda row: row[1]["segment"])
        segments = tuple(Segment(tuple(_word(*row) for row in run)) for _, run in runs)
    else:
        segments = tuple(one for row in rows if (one := _segment(*row)) is not None)
    last = max((segment.end for segment in segments), default=0.0)
    transcript = Transcript(segments, meta or Meta("und", last))
    return transcript if "id" in columns else with_word_ids(transcript)


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
            segment.words[0].id,
        )


def _word_rows(transcript: Transcript) -> Iterator[tuple[object, ...]]:
    for index, segment in enumerate(transcript.segments):
        for position, word in enumerate(segment.words):
            yield (
                index,
                position,
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
                word.id,
            )


def _turn_rows(transcript: Transcript) -> Iterator[tuple[object, ...]]:
    words = ((index, word) for index, segment in enumerate(transcript.segments) for word in segment.words)
    for number, (speaker, run) in enumerate(groupby(words, key=lambda pair: pair[1].speaker)):
        turn = list(run)
        yield (
            number,
            min(word.start for _, word in turn),
            max(word.end for _, word in turn),
            speaker,
            join_words(word.text for _, word in turn),
            len({index for index, _ in turn}),
            len(turn),
            any(word.overlap for _, word in turn),
            turn[0][1].id,
        )


def _plain_word(row: int, cells: dict[str, Any]) -> Word | None:
    """Build the word of a row from elsewhere, where white space and empty values are usual; None if it has no text."""
    text = one_line(cells["text"] or "")
    return _word(row, cells | {"text": text, "speaker": one_line(cells["speaker"] or "") or None}) if text else None


def _word(row: int, cells: dict[str, Any]) -> Word:
    """Build the word of a row; raises InputError naming the row and the column."""
    place = f"row {row} (segment {cells['segment']}, word {cells['word']})" if "segment" in cells else f"row {row}"
    values: dict[str, Any] = {name: cells[name] for name in SCHEMA["word"] if name in cells and name not in _NUMBERS}
    values["overlap"] = bool(values.get("overlap"))
    try:
        chars = tuple(Char(**char) for char in cells.get("chars") or ())
    except (TypeError, ValueError) as error:
        raise InputError(f"{place}, column 'chars': {error}", "Correct the row, or drop it.") from error
    try:
        return Word(**values, chars=chars)
    except (TypeError, ValueError) as error:
        column = next((name for name, value in values.items() if not _possible(name, value)), "end")
        raise InputError(f"{place}, column {column!r}: {error}", "Correct the row, or drop it.") from error


def _possible(name: str, value: object) -> bool:
    """Return whether a word can have this value, regardless of its other values."""
    valid: dict[str, Any] = {"text": "x", "start": 0.0, "end": _MAX_TIME}
    try:
        Word(**valid | {name: value})
    except (TypeError, ValueError):
        return False
    return True


def _segment(row: int, cells: dict[str, Any]) -> Segment | None:
    """Build the segment of a row, with its time distributed over its words; None if it has no text."""
    for name in ("start", "end"):
        if cells[name] is None or not 0 <= cells[name] < _MAX_TIME:
            raise InputError(f"row {row}, column {name!r}: not a time: {cells[name]}", "Correct the row, or drop it.")
    if cells["end"] < cells["start"]:
        raise InputError(f"row {row}, column 'end': before the start", "Correct the row, or drop it.")
    texts = split_words(cells["text"] or "")
    spans = spread(texts, Span(cells["start"], cells["end"]))
    words = tuple(
        Word(text, span.start, span.end, timing="interpolated", speaker=cells["speaker"] or None)
        for text, span in zip(texts, spans, strict=True)
    )
    return Segment(words) if words else None
