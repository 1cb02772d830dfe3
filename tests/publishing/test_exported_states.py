"""Corrections that a copy lacks because it was exported before them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetscribe.formats import read, write
from meetscribe.publishing.corrected_copies import compare_copy
from meetscribe.publishing.exported_states import missing_corrections
from meetscribe.transcript import Transcript
from meetscribe.transcript.comparison.importing import Difference
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import TALK

BEFORE = with_word_ids(TALK)


def corrected(transcript: Transcript) -> Transcript:
    """Return the transcript with a name and two words corrected later, a second apart."""
    after = transcript.rename({"S1": "Ben"}).replace(0.5, 1, "evening").replace(4.5, 5, "you")
    edits = [replace(edit, made=f"2026-11-27T10:00:0{number}+00:00") for number, edit in enumerate(after.meta.edits)]
    return after.with_meta(edits=edits)


@pytest.mark.parametrize("format", ["srt", "txt", "docx", "csv"])
def test_later_corrections_are_kept(format: str) -> None:
    """An older copy adds its own corrections, and takes none back, however often it is imported."""
    pytest.importorskip("docx")
    copy = BEFORE.rename({"S0": "Anna"}).replace(2, 2.5, "Hi.")
    data, now = write(copy, format), corrected(BEFORE)
    for _ in range(2):
        found = compare_copy(now, data, f"copy.{format}", format)
        assert set(found.missing) & {2, 3} == {2, 3}
        now = found.apply(now)
        assert now.edited().text == "Good evening all.\nHi.\nHm.\nSo, you start.\nYes."
        assert now.edited().speakers == ("Anna", "Ben", "S2")
    assert found.edits == ()


def test_a_copy_of_the_present_state_lacks_nothing() -> None:
    """One of several corrections made at once is taken back, if a copy does."""
    now = corrected(BEFORE)
    assert compare_copy(now, write(now, "txt"), "copy.txt").missing == ()
    once = now.with_meta(edits=[replace(edit, made=None) for edit in now.meta.edits[:1]] + [*now.meta.edits[1:2]])
    together = once.replace(4.5, 5, "you").replace(6, 6.5, "No.")
    data = write(together, "txt").replace(b"you", b"we")
    found = compare_copy(together, data, "copy.txt")
    assert (found.missing, [one.after for one in found.differences]) == ((), ["we"])


def test_only_corrections_that_may_cause_a_difference_are_tried() -> None:
    """A correction elsewhere is not one that the copy lacks."""
    copy = read(write(BEFORE, "txt"), "copy.txt")
    elsewhere = Difference("replace", 100, 101, "a", "b")
    assert missing_corrections(corrected(BEFORE), copy, [elsewhere]) == ()
    near = Difference("replace", 0.5, 1, "evening", "morning")
    assert missing_corrections(corrected(BEFORE), copy, [near]) == (2,)
