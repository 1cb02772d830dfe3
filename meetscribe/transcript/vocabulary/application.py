"""Apply a correction vocabulary to a transcript: each correction is an edit whose source is the row."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from meetscribe.text.joining import space_between
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript.edits.values import Edit
from meetscribe.transcript.edits.word_edits import deletion, editable_words, replacement, with_edits
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.vocabulary.rows import TIME_LIMIT, Match, Row
from meetscribe.transcript.words import Word


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Rows in order, and the name of their file."""

    rows: tuple[Row, ...]
    name: str = "corrections.toml"

    def source(self, row: Row) -> str:
        """Return the source of the edits that a row makes."""
        return f"{self.name}: {row.wrong}"


def apply_vocabulary(transcript: Transcript, vocabulary: Vocabulary) -> Transcript:
    """Return the transcript with an edit for each passage of an utterance that matches a row.

    If several rows match, the earliest passage wins, then the longest, then the first row. Of several passages in one
    word, only the first is corrected. Punctuation around a passage stays, but words with an empty replacement are
    deleted with theirs. Raises SettingsError if an expression takes too long.
    """
    if not vocabulary.rows:
        return transcript
    identified, labelled = editable_words(transcript)
    edits: list[Edit] = []
    time_left = [TIME_LIMIT] * len(vocabulary.rows)
    for segment in labelled.segments:
        for _, run in groupby(segment.words, key=lambda word: word.speaker):
            edits.extend(_edits(list(run), vocabulary, time_left))
    return with_edits(identified, edits) if edits else transcript


def _edits(words: Sequence[Word], vocabulary: Vocabulary, time_left: list[Seconds]) -> Iterator[Edit]:
    """Yield the edits of an utterance; a word belongs to at most one edit."""
    text, owners = _running_text(words)
    done = 0  # the number of leading words that precede or belong to the edits so far
    for row, found in _chosen(text, vocabulary.rows, time_left):
        indices = sorted({index for index in owners[found.start : found.end] if index is not None})
        if not indices or indices[0] < done:
            continue
        matched = words[indices[0] : indices[-1] + 1]
        first, last = owners.index(indices[0]), len(owners) - owners[::-1].index(indices[-1])
        new = f"{text[first : found.start]}{found.replacement}{text[found.end : last]}"
        done = indices[-1] + 1
        if not one_line(found.replacement) and not any(map(str.isalnum, new)):
            yield replace(deletion(matched), source=vocabulary.source(row))
        elif new != text[first:last]:
            yield replace(replacement(matched, new), source=vocabulary.source(row))


def _chosen(text: str, rows: Sequence[Row], time_left: list[Seconds]) -> Iterator[tuple[Row, Match]]:
    """Yield the passages to replace, in order and without overlap; `time_left` holds the seconds left for each row."""
    found: list[tuple[Row, int, Match]] = []
    for number, row in enumerate(rows):
        began = time.monotonic()
        found.extend((row, number, passage) for passage in row.find(text, time_left[number]))
        time_left[number] -= time.monotonic() - began if row.expression else 0.0
    end = 0
    for row, _, passage in sorted(found, key=lambda one: (one[2].start, -one[2].end, one[1])):
        if passage.start >= end:
            yield row, passage
            end = passage.end


def _running_text(words: Sequence[Word]) -> tuple[str, list[int | None]]:
    """Return words as running text, and the word position of each character, None for a space between words."""
    text = ""
    owners: list[int | None] = []
    for index, word in enumerate(words):
        if index and space_between(words[index - 1].text, word.text):
            text += " "
            owners.append(None)
        text += word.text
        owners.extend([index] * len(word.text))
    return text, owners
