"""Transcripts as rows of a table, by segment or by word, and back; how a row is spelled is each format's."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, TypeAlias, get_args

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.formats.parts.building import ParsedWord, assemble, segment_from_text, segment_from_words
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import speaker_name, utterances
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name

RowLevel: TypeAlias = Literal["segment", "word"]

_TITLES = {
    "start": ("start", "start time", "begin", "from"),
    "end": ("end", "end time", "stop", "to"),
    "speaker": ("speaker", "speaker name", "name"),
    "text": ("text", "transcript", "content", "body", "words"),
}
"""How the headers of other programs call the columns."""

_LONGEST = 100
"""Rows that last longer than so many seconds on the average are taken to be in milliseconds."""

_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)")
_REMEDY = "A table has a header with the columns start, end and text, and perhaps speaker and segment."


def table_rows(transcript: Transcript, level: RowLevel) -> Iterator[tuple[Seconds, Seconds, str, str, int]]:
    """For each segment or word: start, end, the speaker's name, the text on one line, the segment's number.

    A segment of several speakers is a row for each. Raises SettingsError for an unknown level.
    """
    if level not in get_args(RowLevel):
        raise SettingsError(f"a table has no level {level!r}", nearest(level, get_args(RowLevel)))
    if level == "segment":
        for index, one in enumerate(utterances(transcript)):
            yield one.start, one.end, speaker_name(transcript, one), one_line(one.text), index
        return
    for index, segment in enumerate(transcript.segments):
        for word in segment.words:
            yield word.start, word.end, shown_name(transcript, word.speaker), one_line(word.text), index


def escape_formula(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run as a formula (OWASP, CSV injection)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_formula(cell: str) -> str:
    """The text that `escape_formula` made a cell of.

    >>> unescape_formula(escape_formula("=1+1")), unescape_formula("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def has_columns(document: Document, delimiter: str) -> bool:
    """Whether the file's first line names the columns that are needed, between such delimiters."""
    first = document.head.split("\n")[0].strip()
    return {"start", "end", "text"} <= {_column(column.strip().strip('"')) for column in first.split(delimiter)}


def _column(title: str) -> str:
    """What a column is, whatever its header calls it."""
    plain = title.strip().lower().replace("_", " ")
    return next((column for column, titles in _TITLES.items() if plain in titles), plain)


def read_table(document: Document, delimiter: str, milliseconds: bool) -> Transcript:
    """The transcript of a table with a header; with `milliseconds`, times that are whole numbers are such.

    Rows with a number in the column `segment` are words, others are segments whose words share out the time.
    Raises InputError naming the line.
    """
    reader = csv.reader(io.StringIO(document.text, newline=""), delimiter=delimiter)
    try:
        header = [_column(title) for title in next(reader, [])]
        missing = [column for column in ("start", "end", "text") if column not in header]
        if missing:
            raise InputError(f"{document.name}: lacks the column {', '.join(missing)}", _REMEDY)
        rows = [
            (reader.line_num, dict(zip(header, map(unescape_formula, row), strict=False))) for row in reader if any(row)
        ]
    except csv.Error as error:
        raise InputError(f"{document.name}, line {reader.line_num}: {error}", _REMEDY) from error
    lines = [(row, f"{document.name}, line {number}") for number, row in rows]
    milliseconds = milliseconds or _are_milliseconds([row for _, row in rows])
    if "segment" in header:
        runs = groupby(lines, key=lambda line: line[0].get("segment"))
        return assemble(_of_words([_word(row, place, milliseconds) for row, place in run]) for _, run in runs)
    return assemble(_of_text(_word(row, place, milliseconds)) for row, place in lines)


def _are_milliseconds(rows: Sequence[Mapping[str, str]]) -> bool:
    """Whether the times are whole numbers too far apart for seconds, as whisper.cpp writes them."""
    times = [(row.get("start", "").strip(), row.get("end", "").strip()) for row in rows]
    whole = all(start.isdecimal() and end.isdecimal() for start, end in times)
    return whole and sum(int(end) - int(start) for start, end in times) > _LONGEST * len(times) > 0


def _of_words(words: Sequence[ParsedWord]) -> Segment | None:
    return segment_from_words(words, 0.0, 0.0)


def _of_text(row: ParsedWord) -> Segment | None:
    return segment_from_text(row.text, row.start or 0.0, row.end or 0.0, row.speaker)


def _word(row: Mapping[str, str], place: str, milliseconds: bool) -> ParsedWord:
    """What a row says; a word with spaces is one word."""
    start, end = (_time(row.get(column, ""), place, column, milliseconds) for column in ("start", "end"))
    speaker = one_line(row.get("speaker", "")) or None
    return ParsedWord(row.get("text", ""), start, max(start, end), speaker)


def _time(cell: str, place: str, column: str, milliseconds: bool) -> Seconds:
    """The seconds in a cell, also as a clock or with a decimal comma."""
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
    """The rows under their header, quoted as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
