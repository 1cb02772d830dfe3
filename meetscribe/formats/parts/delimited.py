"""Transcripts as rows of a table, by segment or by word, and delimited text read as a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, TypeAlias, get_args

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    segment_from_text,
    segment_from_words,
    segments_from_word_list,
    with_single_words_joined,
)
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances

RowLevel: TypeAlias = Literal["segment", "word"]

_TITLES = {
    "start": ("start", "start time", "begin", "from"),
    "end": ("end", "end time", "stop", "to"),
    "speaker": ("speaker", "speaker name", "name"),
    "text": ("text", "transcript", "content", "body", "words"),
}
"""Titles of the columns in the files of other programs."""

_MAX_MEAN_SECONDS = 100
"""Maximum plausible mean duration of a row; if whole numbers exceed it, they are milliseconds."""

# With apostrophes before the sign: text that looks escaped is escaped again, so that `unescape_formula` restores it.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)")
_REMEDY = "A table needs a header with the columns start, end and text or word; speaker and segment are optional."


def table_rows(transcript: Transcript, level: RowLevel) -> Iterator[tuple[Seconds, Seconds, str, str, int]]:
    """Yield start, end, speaker name, text on one line and a number of each utterance or word.

    At the level "segment", a segment of several speakers becomes a row per utterance, and rows are numbered from 0. At
    the level "word", the number is that of the word's segment, from 0. Raises SettingsError for an unknown level.
    """
    if level not in get_args(RowLevel):
        raise SettingsError(f"unknown level {level!r} of a table", nearest(level, get_args(RowLevel)))
    if level == "segment":
        for index, utterance in enumerate(utterances(transcript)):
            yield utterance.start, utterance.end, speaker_name(transcript, utterance), one_line(utterance.text), index
        return
    for index, segment in enumerate(transcript.segments):
        for word in segment.words:
            yield word.start, word.end, shown_name(transcript, word.speaker), one_line(word.text), index


def escape_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula (OWASP, CSV injection).

    Text that looks escaped already gets one too.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_formula(cell: str) -> str:
    """Undo `escape_formula`.

    >>> unescape_formula(escape_formula("=1+1")), unescape_formula("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def has_columns(document: Document, delimiter: str) -> bool:
    """Return whether the file's first line names the required columns, separated by the delimiter."""
    first = document.head.split("\n")[0].strip()
    return {"start", "end", "text"} <= set(_columns(column.strip().strip('"') for column in first.split(delimiter)))


def _columns(titles: Iterable[str]) -> list[str]:
    """Return the standard names of the columns from their titles; without a column of texts, `word` is the text."""
    names = [_column(title) for title in titles]
    return names if "text" in names else ["text" if name == "word" else name for name in names]


def _column(title: str) -> str:
    """Return the standard name of a column from its title in a file."""
    plain = title.strip().lower().replace("_", " ")
    return next((column for column, titles in _TITLES.items() if plain in titles), plain)


def read_table(document: Document, delimiter: str, milliseconds: bool) -> Transcript:
    """Read a table with a header; whole numbers are milliseconds with `milliseconds`, or if too large for seconds.

    With a column `segment`, rows are words, joined by its number. With a column `word`, or if there are at least twelve
    rows and each has a single word, the words of a speaker form sentences. Otherwise rows are segments, whose time is
    divided among their words. Raises InputError naming the line.
    """
    reader = csv.reader(io.StringIO(document.text, newline=""), delimiter=delimiter)
    try:
        titles = next(reader, [])
        header = _columns(titles)
        missing = [column for column in ("start", "end", "text") if column not in header]
        if missing:
            raise InputError(f"{document.name}, line 1: missing column {', '.join(missing)}", _REMEDY)
        cells = ((reader.line_num, map(unescape_formula, row)) for row in reader if any(row))
        rows = [(number, dict(zip(header, row, strict=False))) for number, row in cells]
    except csv.Error as error:
        raise InputError(f"{document.name}, line {reader.line_num}: {error}", _REMEDY) from error
    rows = _with_words(rows)
    milliseconds = milliseconds or _are_milliseconds([row for _, row in rows])
    parsed = [(_word(row, f"{document.name}, line {number}", milliseconds), row.get("segment")) for number, row in rows]
    if "segment" in header:
        return assemble(_of_words([word for word, _ in run]) for _, run in groupby(parsed, key=lambda pair: pair[1]))
    words = [word for word, _ in parsed]
    if "word" in map(_column, titles):
        return assemble(segments_from_word_list(words))
    return assemble(with_single_words_joined(map(_of_text, words)))


def _with_words(rows: Sequence[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows with the words as their texts if a column `word` beside `text` has words instead of numbers."""
    if all(row.get("word", "").strip().isdecimal() for _, row in rows if "word" in row):
        return list(rows)
    return [(number, {**row, "text": row.get("word", "")}) for number, row in rows]


def _are_milliseconds(rows: Sequence[Mapping[str, str]]) -> bool:
    """Return whether the times are whole numbers too far apart to be seconds, as in whisper.cpp's files."""
    times = [(row.get("start", "").strip(), row.get("end", "").strip()) for row in rows]
    whole = all(start.isdecimal() and end.isdecimal() for start, end in times)
    return whole and sum(int(end) - int(start) for start, end in times) > _MAX_MEAN_SECONDS * len(times) > 0


def _of_words(words: Sequence[ParsedWord]) -> Segment | None:
    return segment_from_words(words, 0.0, 0.0)


def _of_text(row: ParsedWord) -> Segment | None:
    return segment_from_text(row.text, row.start or 0.0, row.end or 0.0, row.speaker)


def _word(row: Mapping[str, str], place: str, milliseconds: bool) -> ParsedWord:
    """Return a row, whether of a word or of a segment, as one word; its text is not divided."""
    start, end = (_time(row.get(column, ""), place, column, milliseconds) for column in ("start", "end"))
    speaker = one_line(row.get("speaker", "")) or None
    return ParsedWord(row.get("text", ""), start, max(start, end), speaker)


def _time(cell: str, place: str, column: str, milliseconds: bool) -> Seconds:
    """Return the seconds in a cell: a number, a clock time, or a number with a decimal comma."""
    plain = cell.strip()
    try:
        if clock := _CLOCK.fullmatch(plain):
            time = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3].replace(",", "."))
        else:
            time = float(plain.replace(",", ".")) * (0.001 if milliseconds and plain.isdigit() else 1.0)
    except ValueError as error:
        raise InputError(f"{place}: {column} must be a time, not {plain[:20]!r}", _REMEDY) from error
    if not 0 <= time < 1e9:
        raise InputError(f"{place}: {column} must be a time, not {plain[:20]!r}", _REMEDY)
    return time


def write_table(rows: Iterable[Iterable[object]], header: Sequence[str], delimiter: str, end: str) -> str:
    """Return the rows under their header as delimited text, quoted as in RFC 4180."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
