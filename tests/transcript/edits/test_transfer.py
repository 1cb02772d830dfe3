"""Edits are transferred to a later transcript of the recording by the times of speakers and words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.testing import synthetic_meeting
from meetscribe.timeline import Turn
from meetscribe.transcript import Assign, Merge, Meta, Rename, Segment, Transcript, Word
from meetscribe.transcript.edits.transfer import transfer_edits

LABELS = ("S0", "S1", "S2", "S3")


def talk(*turns: tuple[str, float, float]) -> Transcript:
    """Return a transcript with these turns, and a word in every half second of them."""
    segments = [
        Segment(
            tuple(Word("w", start + n / 2, start + n / 2 + 0.5, speaker=who) for n in range(int(2 * (end - start))))
        )
        for who, start, end in turns
    ]
    return Transcript(tuple(segments), Meta("en", 100, turns=tuple(Turn(start, end, who) for who, start, end in turns)))


BEFORE = talk(("S0", 0, 10), ("S1", 10, 16), ("S2", 20, 25), ("S0", 30, 34))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 99), st.permutations(LABELS), st.booleans())
def test_other_labels_give_the_same_result(seed: int, order: list[str], turns: bool) -> None:
    """Speakers at the same times under other labels have the same names and words."""
    meeting = synthetic_meeting(speakers=4, turns=6, seed=seed).transcript
    other = dict(zip(meeting.speakers, order, strict=False))
    names = {label: f"Name {label}" for label in meeting.speakers[1:]}
    first, second, *_ = meeting.speakers
    before = meeting.rename(names).rename({first: "Anna"}).merge(first, second)
    before = before.assign(meeting.words[3].start, meeting.words[9].end, "Dora")
    now = meeting.with_segments(
        Segment(tuple(replace(word, speaker=other[word.speaker or ""]) for word in segment.words))
        for segment in meeting.segments
    ).with_meta(turns=tuple(replace(turn, speaker=other[turn.speaker]) for turn in meeting.turns) if turns else ())
    transferred = transfer_edits(before, now)
    assert transferred.meta.warnings == ()
    assert transferred.edited().segments == before.edited().segments
    assert transfer_edits(before, meeting).meta.edits == before.meta.edits


def test_labels_are_matched_by_time() -> None:
    """Labels are matched by speech in common, also if it is not the same to the second; new speakers have no name."""
    before = BEFORE.rename({"S0": "Anna", "S1": "Ben", "S2": "Cleo"})
    now = talk(("S0", 10.5, 15.5), ("S1", 0, 9), ("S1", 30, 35), ("S2", 50, 60), ("S3", 19, 24))
    transferred = transfer_edits(before, now)
    assert transferred.meta.edits == (Rename({"S1": "Anna", "S0": "Ben", "S3": "Cleo"}, before.meta.edits[0].made),)
    assert transferred.edited().speakers == ("Ben", "Anna", "S2", "Cleo")
    assert transferred.meta.warnings == ()


def test_lost_edits_become_notices() -> None:
    """An edit of an unmatched speaker, or of words that are missing, is left out with a notice."""
    before = BEFORE.rename({"S0": "Anna", "S1": "Ben"}).assign(20, 21, "S1").assign(24, 25, "Dora").assign(30, 31, "S2")
    before = before.rename({"Dora": "Dorothea"})
    now = talk(("A", 0, 10), ("C", 20, 24), ("A", 30, 34))
    transferred = transfer_edits(before, now)
    assert [replace(edit, made=None) for edit in transferred.meta.edits] == [
        Rename({"A": "Anna"}),
        Assign(30, 31, "C"),
        Rename({"Dora": "Dorothea"}),
    ]
    assert transferred.meta.warnings == (
        "a correction applies only in part: rename S0 to Anna, S1 to Ben (no speaker matches S1)",
        "a correction no longer applies: assign 0:00:20.0-0:00:21.0 to S1 (no speaker matches S1)",
        "a correction no longer applies: assign 0:00:24.0-0:00:25.0 to Dora (there is no word at that time)",
    )


def test_little_speech_in_common_is_not_a_match() -> None:
    """Less than half of the speech in common is not a match, even if no other label has more."""
    before = talk(("S0", 0, 10)).rename({"S0": "Anna"})
    assert transfer_edits(before, talk(("A", 6, 16))).meta.edits == ()
    assert transfer_edits(before, talk(("A", 5, 15))).edited().speakers == ("Anna",)


@pytest.mark.parametrize("longer", ["S0", "S1"])
def test_a_merge_that_is_no_longer_needed_is_not_lost(longer: str) -> None:
    """Merged speakers who are now one speaker keep the name, whichever of them spoke more."""
    ends = {"S0": (8, 10), "S1": (2, 10)}[longer]
    before = talk(("S0", 0, ends[0]), ("S1", ends[0], ends[1])).rename({"S0": "Anna"}).merge("S0", "S1")
    transferred = transfer_edits(before, talk(("X", 0, 10)))
    assert [edit.kind for edit in transferred.meta.edits] == ["rename"]
    assert (transferred.edited().speakers, transferred.meta.warnings) == (("Anna",), ())
    parted = transfer_edits(before, talk(("X", 0, ends[0]), ("Y", ends[0], 10)))
    assert parted.meta.edits[1:] == (Merge(("X", "Y"), before.meta.edits[1].made),)


def test_without_speakers_only_assignments_apply() -> None:
    """In a transcript without speakers, only assignments to a new speaker apply."""
    before = BEFORE.rename({"S0": "Anna"}).assign(30, 31, "Dora")
    bare = talk(("S0", 0, 40))
    now = bare.with_meta(turns=()).with_segments(
        Segment(tuple(replace(word, speaker=None) for word in segment.words)) for segment in bare.segments
    )
    transferred = transfer_edits(before, now)
    assert [edit.kind for edit in transferred.meta.edits] == ["assign"]
    assert len(transferred.meta.warnings) == 1


def test_automatic_names_are_not_transferred_and_yield() -> None:
    """A name given by voice is a result of its run; it never replaces a name or a merge by a person."""
    automatic = Rename({"S0": "Anna"}, None, "profile", 0.9, 0.4)
    before = talk(("S0", 0, 4), ("S1", 5, 9), ("S2", 10, 14))
    after = before.with_meta(edits=(automatic,))
    assert transfer_edits(after, before).meta.edits == ()
    assert transfer_edits(before, after).meta.edits == (automatic,)
    for corrected in (before.rename({"S0": "Anne"}), before.rename({"S1": "anna"}), before.merge("S1", "S0")):
        assert transfer_edits(corrected, after).meta.edits == corrected.meta.edits
    confirmed = before.with_meta(edits=(Rename({"S0": "Anna"}, None, "confirmed", 0.9, 0.4),))
    assert transfer_edits(confirmed, before).meta.edits == confirmed.meta.edits
