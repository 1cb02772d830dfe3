"""Times of a corrected copy replace those of the words only on request, and only if they differ."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.transcript import Meta, Retime, Segment, Transcript
from meetscribe.transcript.comparison.importing import import_corrections
from meetscribe.transcript.edits.word_edits import with_edits
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import said

ORIGINAL = with_word_ids(Transcript((said("S0", 0, "We", "start."), said("S1", 4, "Good", "morning.")), Meta("en", 10)))


def moved(seconds: float) -> Transcript:
    """Return a copy whose second segment is later by some seconds."""
    first, second = ORIGINAL.segments
    words = (replace(word, start=word.start + seconds, end=word.end + seconds) for word in second.words)
    return ORIGINAL.with_segments((first, Segment(tuple(words))))


def test_words_get_the_times_of_the_copy_on_request() -> None:
    edits, _ = import_corrections(ORIGINAL, moved(1.5), "edited")
    assert [type(edit) for edit in edits] == [Retime]
    after = with_edits(ORIGINAL, edits).edited()
    assert [(word.start, word.end) for word in after.words] == [(word.start, word.end) for word in moved(1.5).words]


def test_words_keep_their_times_by_default() -> None:
    assert import_corrections(ORIGINAL, moved(1.5)) == ((), ())


def test_differences_by_rounding_are_none() -> None:
    assert import_corrections(ORIGINAL, moved(0.001), "edited") == ((), ())
