"""Two states of a transcript differ by the segments that a correction changed."""

from __future__ import annotations

import pytest

from meetscribe.transcript.edits.comparison import changed_segments, repeated_words
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import TALK


def test_only_changed_segments_are_listed() -> None:
    """Equal segments before, between and after the changed ones are left out."""
    before = with_word_ids(TALK)
    after = before.replace(2, 2.5, "Hallo.").insert(7, "Bye.", "S0")
    old, new = changed_segments(before, after)
    assert [segment.text for segment in old] == ["Hello."]
    assert [segment.text for segment in new] == ["Hallo.", "Bye."]
    assert changed_segments(before, before) == ((), ())


def test_a_passage_that_is_too_short_repeats_a_word() -> None:
    """A new word equal to its neighbour is found, at either end of the passage, but not equal words that are new."""
    before = with_word_ids(TALK)
    for start, end, text, time in ((4, 4.5, "So, why, WE", 4.5), (4.5, 5, "so. We", 4.5)):
        (word,) = repeated_words(before, before.replace(start, end, text))
        assert word.start == pytest.approx(time, abs=0.3)
    for text in ("So, so", "So, start", "Yes."):
        assert repeated_words(before, before.replace(4, 4.5, text)) == ()
    inserted = before.replace(0, 0.5, "Nice").insert(5.6, "start", "S2")
    assert inserted.edited().text.count("start") == 2
    assert repeated_words(before, inserted) == ()
