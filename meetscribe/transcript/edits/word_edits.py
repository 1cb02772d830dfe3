"""Create edits of given words; `word_operations` finds the words by time.

The edits have no `source`; programs add one with `dataclasses.replace`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

from meetscribe.text.joining import join_words
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript.edits.application import apply_edits_to_labels
from meetscribe.transcript.edits.replay.replacement import inserted_span
from meetscribe.transcript.edits.revision import revision
from meetscribe.transcript.edits.values import Delete, Edit, Insert, Join, Replace, Retime, Split
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.words import Word


def editable_words(transcript: Transcript) -> tuple[Transcript, Transcript]:
    """Return the transcript with an id for each word, and a copy with its edits applied and labels as speakers.

    The functions below take words of the copy. Add the edits to the first transcript with `with_edits`, all at once if
    no two of them refer to the same word.
    """
    identified = with_word_ids(transcript)
    return identified, apply_edits_to_labels(identified)


def with_edits(transcript: Transcript, edits: Iterable[Edit]) -> Transcript:
    """Return the transcript with the edits appended, and the previous revision in `meta.history`."""
    new, meta = tuple(edits), transcript.meta
    if not new:
        return transcript
    return transcript.with_meta(edits=(*meta.edits, *new), history=(*meta.history, revision(meta.edits)))


def replacement(words: Sequence[Word], text: str) -> Replace:
    """Return the edit that replaces the words, in order, by a text; raises ValueError without visible text."""
    return Replace(id=new_edit_id(), words=_ids(words), text=text, **_origin(words))


def deletion(words: Sequence[Word]) -> Delete:
    """Return the edit that deletes the words."""
    return Delete(words=_ids(words), **_origin(words))


def insertion(
    text: str,
    within: Span,
    *,
    after: Word | None = None,
    before: Word | None = None,
    speaker: str | None = None,
    new_segment: bool = False,
) -> Insert:
    """Return the edit that inserts a text after a word, or else before one; `speaker` is a label.

    The new words begin at the start of `within` and do not exceed its end. Raises ValueError without visible text.
    """
    span = inserted_span(split_words(text), within.start, within.end)
    return Insert(
        id=new_edit_id(),
        after=None if after is None else _id(after),
        before=None if before is None else _id(before),
        text=text,
        speaker=speaker,
        new_segment=new_segment,
        start=span.start,
        end=span.end,
        made=now(),
    )


def segment_split(word: Word) -> Split:
    """Return the edit that splits a segment before a word."""
    return Split(word=_id(word), **_origin([word]))


def segment_join(words: Sequence[Word]) -> Join:
    """Return the edit that joins segments, given by their first words, to the segments before them."""
    return Join(words=_ids(words), **_origin(words))


def retiming(words: Sequence[Word], times: Sequence[tuple[Seconds, Seconds]], *, exact: bool) -> Retime:
    """Return the edit that gives each word a start and an end; raises ValueError for impossible times."""
    return Retime(words=_ids(words), times=tuple(times), exact=exact, **_origin(words))


def new_edit_id() -> str:
    """Return a unique id for an edit, from 48 random bits."""
    return f"edit-{secrets.token_hex(6)}"


def now() -> str:
    """Return the current time in UTC in ISO 8601, to the second."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _origin(words: Sequence[Word]) -> dict[str, Any]:
    """Return the members that all edits of words share."""
    return {
        "quote": join_words(word.text for word in words),
        "start": min(word.start for word in words),
        "end": max(word.end for word in words),
        "made": now(),
    }


def _ids(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple(map(_id, words))


def _id(word: Word) -> str:
    """Return the id of a word; raises ValueError if it has none."""
    if word.id is None:
        raise ValueError(f"the word {word.text!r} has no id; use the words of editable_words()")
    return word.id
