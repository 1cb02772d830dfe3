"""Edits carried to a later transcript of the same recording: by who speaks when, and by time."""

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
    """A transcript with a turn for each, and a word in every half second of it."""
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
def test_other_labels_show_the_same(seed: int, order: list[str], turns: bool) -> None:
    """Where the same people are found at the same times, under whatever labels, all that is shown stays."""
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
    carried = transfer_edits(before, now)
    assert carried.meta.warnings == ()
    assert carried.edited().segments == before.edited().segments
    assert transfer_edits(before, meeting).meta.edits == before.meta.edits


def test_who_is_meant_is_known_by_time() -> None:
    """Labels are matched by speech that is shared, a little less or more of it or not; new speakers stay nameless."""
    before = BEFORE.rename({"S0": "Anna", "S1": "Ben", "S2": "Cleo"})
    now = talk(("S0", 10.5, 15.5), ("S1", 0, 9), ("S1", 30, 35), ("S2", 50, 60), ("S3", 19, 24))
    carried = transfer_edits(before, now)
    assert carried.meta.edits == (Rename({"S1": "Anna", "S0": "Ben", "S3": "Cleo"}, before.meta.edits[0].made),)
    assert carried.edited().speakers == ("Ben", "Anna", "S2", "Cleo")
    assert carried.meta.warnings == ()


def test_what_does_not_apply_is_told() -> None:
    """An edit of who is not found any more, or of words that are not there, is left out with a warning."""
    before = BEFORE.rename({"S0": "Anna", "S1": "Ben"}).assign(20, 21, "S1").assign(24, 25, "Dora").assign(30, 31, "S2")
    before = before.rename({"Dora": "Dorothea"})
    now = talk(("A", 0, 10), ("C", 20, 24), ("A", 30, 34))
    carried = transfer_edits(before, now)
    assert [replace(edit, made=None) for edit in carried.meta.edits] == [
        Rename({"A": "Anna"}),
        Assign(30, 31, "C"),
        Rename({"Dora": "Dorothea"}),
    ]
    assert carried.meta.warnings == (
        "a correction applies only in part: rename S0 to Anna, S1 to Ben (no speaker matches S1)",
        "a correction does not apply any more: assign 0:00:20.0-0:00:21.0 to S1 (no speaker matches S1)",
        "a correction does not apply any more: assign 0:00:24.0-0:00:25.0 to Dora (there is no word at that time)",
    )


def test_little_in_common_is_no_match() -> None:
    """Who shares less than half of the speech of both is another person, although nobody shares more."""
    before = talk(("S0", 0, 10)).rename({"S0": "Anna"})
    assert transfer_edits(before, talk(("A", 6, 16))).meta.edits == ()
    assert transfer_edits(before, talk(("A", 5, 15))).edited().speakers == ("Anna",)


@pytest.mark.parametrize("longer", ["S0", "S1"])
def test_a_merger_that_has_come_true_is_no_loss(longer: str) -> None:
    """Two who were made one, and are found as one, keep the name, whichever of them spoke more."""
    ends = {"S0": (8, 10), "S1": (2, 10)}[longer]
    before = talk(("S0", 0, ends[0]), ("S1", ends[0], ends[1])).rename({"S0": "Anna"}).merge("S0", "S1")
    carried = transfer_edits(before, talk(("X", 0, 10)))
    assert [edit.kind for edit in carried.meta.edits] == ["rename"]
    assert (carried.edited().speakers, carried.meta.warnings) == (("Anna",), ())
    parted = transfer_edits(before, talk(("X", 0, ends[0]), ("Y", ends[0], 10)))
    assert parted.meta.edits[1:] == (Merge(("X", "Y"), before.meta.edits[1].made),)


def test_without_speakers_nothing_is_left() -> None:
    """In a transcript whose speakers are not known no edit applies but what gives words to somebody new."""
    before = BEFORE.rename({"S0": "Anna"}).assign(30, 31, "Dora")
    bare = talk(("S0", 0, 40))
    now = bare.with_meta(turns=()).with_segments(
        Segment(tuple(replace(word, speaker=None) for word in segment.words)) for segment in bare.segments
    )
    carried = transfer_edits(before, now)
    assert [edit.kind for edit in carried.meta.edits] == ["assign"]
    assert len(carried.meta.warnings) == 1
