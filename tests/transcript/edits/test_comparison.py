"""Two states of a transcript differ by the segments that a correction changed."""

from __future__ import annotations

from meetscribe.transcript.edits.comparison import changed_segments
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
