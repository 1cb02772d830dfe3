"""Conversion of a transcript to rows of the four tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow

from meetscribe.analytics import meeting_of
from meetscribe.corpus.tables.files.schema import SCHEMAS
from meetscribe.text.dates import parse_date
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds, Turn
from meetscribe.transcript import Transcript, Word
from meetscribe.transcript.frame.columns import rows_of
from meetscribe.transcript.word_ids import with_word_ids


def detail_tables(meeting: str, transcript: Transcript) -> dict[str, pyarrow.Table]:
    """Return the tables of segments, turns and words of a transcript, with edits applied and displayed names."""
    edited = with_word_ids(transcript).edited()
    return {
        "segments": _table("segments", ((meeting, *row) for row in rows_of(edited, "segment"))),
        "turns": _table("turns", _turn_rows(meeting, edited)),
        "words": _table("words", ((meeting, *row) for row in rows_of(edited, "word"))),
    }


def transcript_columns(transcript: Transcript) -> dict[str, Any]:
    """Return the columns of the table `meetings` that come from a transcript."""
    meta, edited = transcript.meta, transcript.edited()
    speakers = dict.fromkeys([*edited.speakers, *(turn.speaker for turn in edited.turns)])
    asr = meta.provenance.asr
    return {
        "title": meta.title,
        "recorded_at": meta.recorded_at,
        "date": parse_date(meta.recorded_at).date() if meta.recorded_at else None,
        "recording_hash": meta.recording.hash if meta.recording else None,
        "duration": meta.duration,
        "language": meta.language,
        "speakers": list(speakers),
        "participants": list(meta.participants),
        "engine": asr and asr.engine,
        "model": asr and asr.model,
        "notices": sorted({notice.code for notice in meta.notices}),
    }


def meeting_table(columns: dict[str, Any]) -> pyarrow.Table:
    """Return the row of a meeting as a table; missing columns are null."""
    names = SCHEMAS["meetings"].names
    return _table("meetings", [tuple(columns.get(name) for name in names)])


def _table(name: str, rows: Iterable[Sequence[object]]) -> pyarrow.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMAS[name].names)
    return pyarrow.table([list(column) for column in columns], schema=SCHEMAS[name])


def _turn_rows(meeting: str, edited: Transcript) -> Iterator[tuple[object, ...]]:
    """Yield the turns of the statistics, each with the words of its speaker that lie in or nearest to it."""
    found = meeting_of(edited)
    turns = found.turns
    words = words_of_turns(turns, found.words)
    overlapping = overlapping_turns(turns)
    for number, turn in enumerate(turns):
        text = join_words(word.text for word in words[number])
        overlap = number in overlapping
        source = found.turn_source
        yield meeting, number, turn.start, turn.end, turn.speaker, text, len(words[number]), overlap, source


def words_of_turns(turns: Sequence[Turn], words: Iterable[Word]) -> list[list[Word]]:
    """Return the words of each turn; a word belongs to the turn of its speaker that is nearest to its middle.

    The turns must be sorted by start. Among the turns that start before a word, the last to end is the nearest.
    """
    by_speaker: dict[str, list[int]] = {}
    ending_last: dict[str, list[int]] = {}  # by speaker: entry n is the last to end of the first n turns
    for number, turn in enumerate(turns):
        by_speaker.setdefault(turn.speaker, []).append(number)
        last = ending_last.setdefault(turn.speaker, [number])[-1]
        ending_last[turn.speaker].append(number if turn.end > turns[last].end else last)
    starts = {speaker: [turns[number].start for number in numbers] for speaker, numbers in by_speaker.items()}
    found: list[list[Word]] = [[] for _ in turns]
    for word in words:
        if word.speaker is None or word.speaker not in by_speaker:
            continue
        middle = word.middle
        after = bisect_right(starts[word.speaker], middle)
        near = [ending_last[word.speaker][after]] if after else []
        near += by_speaker[word.speaker][after : after + 1]
        found[min(near, key=lambda number: distance(turns[number], middle))].append(word)
    return found


def distance(turn: Turn, time: Seconds) -> Seconds:
    """Return the distance of a time from a turn in seconds, 0 within it."""
    return max(turn.start - time, time - turn.end, 0.0)


def overlapping_turns(turns: Sequence[Turn]) -> set[int]:
    """Return the numbers of the turns that overlap a turn of another speaker; `turns` are sorted by start."""
    found: set[int] = set()
    running: list[int] = []
    for number, turn in enumerate(turns):
        running = [other for other in running if turns[other].end > turn.start]
        others = [other for other in running if turns[other].speaker != turn.speaker]
        if others:
            found.update(others, [number])
        running.append(number)
    return found
