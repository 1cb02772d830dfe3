"""CTM, a word per line with its time (NIST sclite); the channel field holds the speaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from meetscribe.formats.parts.building import WORD_PAUSE, ParsedWord, assemble, segment_from_words
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import field_rows, is_number, number_of
from meetscribe.formats.parts.utterances import UNKNOWN_FIELD, field_names, recording_field, to_field
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.word_runs import split_at_pauses

_DEFAULT_CHANNELS = ("1", "A", "0", "<NA>")
"""Channels that name no speaker if a file has no other."""

_ABSENT = ("NA", "<NA>", "null")
_LINE = "Write a line as: file channel start duration word [confidence]"


def matches(document: Document) -> bool:
    """Return whether the first lines are words with times."""
    rows = [row for _, row in field_rows(document.head) if row[2:4] != ["*", "*"]][:20]
    return bool(rows) and all(5 <= len(row) <= 8 and all(map(_is_given, row[2:4] + row[5:6])) for row in rows)


def _is_given(field: str) -> bool:
    return is_number(field) or field in _ABSENT


def read(document: Document) -> Transcript:
    """Read words; each speaker's words form segments divided at pauses longer than a second.

    The speaker is in the eighth field, or else in the channel field, unless that is the same default (1, A, 0 or <NA>)
    in every line. Of alternatives, the first is read. Raises InputError naming the line.
    """
    parsed = [_row_word(row, f"{document.name}, line {number}") for number, row in _first_alternatives(document.text)]
    channels = {channel for channel, _ in parsed}
    unnamed = channels if len(channels) == 1 and channels <= set(_DEFAULT_CHANNELS) else set()
    names = [word.speaker or (None if channel in unnamed else channel) for channel, word in parsed]
    words = [
        replace(word, speaker=None if name == UNKNOWN_FIELD else name)
        for (_, word), name in zip(parsed, names, strict=True)
    ]
    segments: list[Segment] = []
    for _, run in groupby(sorted(words, key=lambda word: word.speaker or ""), key=lambda word: word.speaker):
        segment = segment_from_words(sorted(run, key=lambda word: word.start or 0.0), 0.0, 0.0)
        segments.extend(split_at_pauses(segment.words, WORD_PAUSE) if segment else ())
    ordered: list[Segment] = sorted(segments, key=lambda segment: segment.start)
    return assemble(ordered)


def _first_alternatives(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbered rows of words, skipping all alternatives but the first.

    The times of `<ALT_BEGIN>`, `<ALT>` (before a further alternative) and `<ALT_END>` are `* *`.
    """
    others = False
    for number, row in field_rows(text):
        if row[2:4] == ["*", "*"]:
            others = row[4:5] == ["<ALT>"] or (others and row[4:5] != ["<ALT_END>"])
        elif not others:
            yield number, row


def _row_word(row: list[str], place: str) -> tuple[str, ParsedWord]:
    """Return the channel of a row, and its word with the speaker in the eighth field."""
    start, duration = number_of(row, 2, place, _LINE), number_of(row, 3, place, _LINE)
    score = min(1.0, number_of(row, 5, place, _LINE)) if len(row) > 5 and row[5] not in _ABSENT else None
    speaker = row[7] if len(row) > 7 and row[7] not in _ABSENT else None
    text = row[4] if len(row) > 4 else ""
    return row[1], ParsedWord(text, start, start + duration, speaker, probability=score)


def write(transcript: Transcript) -> str:
    """Write a line per word, with its probability if known; each speaker is a channel of that name.

    White space in names and words becomes an underscore. Lines are sorted by channel and time, as sclite requires.
    """
    file, fields = recording_field(transcript), field_names(transcript)
    words = transcript.words
    rows = sorted((fields[word.speaker], word.start, index) for index, word in enumerate(words))
    return "".join(f"{file} {channel} {_word(words[index])}\n" for channel, _, index in rows)


def _word(word: Word) -> str:
    score = "" if word.probability is None else f" {word.probability:.4f}"
    return f"{word.start:.3f} {word.duration:.3f} {to_field(word.text, '-')}{score}"
