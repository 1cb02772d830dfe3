"""Corrections never change the words as recognised; applied, they give the documented result."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.formats import FORMATS, read, write
from meetscribe.timeline import Turn, overlap
from meetscribe.transcript import Assign, Edit, Insert, Merge, Meta, Rename, Segment, Transcript
from meetscribe.transcript.edits.application import apply_edits_to_labels
from meetscribe.transcript.edits.description import describe_edit
from meetscribe.transcript.edits.operations import find_speaker, list_speakers, undo_last
from tests.conftest import edits
from tests.support.talks import LABELS, TALK, Wanted, corrections, said, states, talks


@settings(deadline=None, max_examples=30)
@given(talks(), corrections())
def test_corrections_change_only_the_edits(transcript: Transcript, wanted: list[Wanted]) -> None:
    """Every correction changes only the edits, and every word keeps its place when they are applied."""
    for after in states(transcript, wanted):
        assert after.with_meta(edits=()) == transcript
        shown = after.edited()
        assert [(w.text, w.start, w.end) for w in shown.words] == [(w.text, w.start, w.end) for w in transcript.words]
        assert shown.edited() == shown
        for turn in transcript.turns:
            assert overlap(turn.span, [other.span for other in shown.turns]) == pytest.approx(turn.duration)


@settings(deadline=None, max_examples=30)
@given(talks(), corrections())
def test_undo_restores_exactly(transcript: Transcript, wanted: list[Wanted]) -> None:
    """Undo restores each earlier state, one by one or at once."""
    seen = list(states(transcript, wanted))
    for before in seen:
        assert seen[-1].meta.edits[: len(before.meta.edits)] == before.meta.edits
        if steps := len(seen[-1].meta.edits) - len(before.meta.edits):
            assert undo_last(seen[-1], steps) == before
    with pytest.raises(SettingsError, match="cannot be undone"):
        undo_last(seen[-1], len(seen[-1].meta.edits) + 1)


@settings(deadline=None, max_examples=30)
@given(talks(), corrections())
def test_names_are_never_shared(transcript: Transcript, wanted: list[Wanted]) -> None:
    """No two speakers share a name unless they are merged, and each is found by its name."""
    for after in states(transcript, wanted):
        speakers = list_speakers(after)
        assert len({one.name.casefold() for one in speakers}) == len(speakers)
        assert [find_speaker(after, one.name) for one in speakers] == [one.label for one in speakers]
        assert {word.speaker for word in after.edited().words} <= {one.name for one in speakers}


@settings(deadline=None, max_examples=30)
@given(talks(), corrections())
def test_a_saved_transcript_shows_the_same(transcript: Transcript, wanted: list[Wanted]) -> None:
    """Edits that were saved and loaded are equal and give the same result."""
    after = list(states(transcript, wanted))[-1]
    again = Transcript.from_json(after.to_json())
    assert again == after
    assert again.edited() == after.edited()


@settings(deadline=None, max_examples=30)
@given(talks(), st.lists(edits(), max_size=3), st.sampled_from(LABELS), st.sampled_from(LABELS))
def test_merging_twice_changes_nothing(transcript: Transcript, before: list[Edit], first: str, other: str) -> None:
    """A repeated merge changes nothing, whatever was corrected before."""
    assume(first != other)
    edits = (*before, Merge((first, other)))
    once, twice = (transcript.with_meta(edits=(*edits, *more)) for more in ((), edits[-1:]))
    assert twice.edited() == once.edited()
    assert other not in apply_edits_to_labels(once).speakers
    if {first, other} <= set(transcript.speakers):
        merged = transcript.merge(first, other)
        assert merged.merge(first, other) == merged


@settings(deadline=None, max_examples=30)
@given(talks(), st.integers(0, 30), st.integers(1, 12), st.sampled_from([*LABELS, "Dora"]))
def test_assigning_twice_changes_nothing(transcript: Transcript, start: int, lasts: int, who: str) -> None:
    """The words in the span have the speaker, all others are unchanged, and a repetition changes nothing."""
    edit = Assign(start / 4, (start + lasts) / 4, who)
    once, twice = (transcript.with_meta(edits=own).edited() for own in ((edit,), (edit, edit)))
    assert once == twice
    for before, after in zip(transcript.words, once.words, strict=True):
        given = edit.covers(before)
        assert after == (replace(before, speaker=who, speaker_source="edit") if given else before)
    assert all(len({word.speaker for word in segment.words}) == 1 for segment in once.segments)


@settings(deadline=None, max_examples=30)
@given(talks(), st.lists(edits(), max_size=4), st.permutations(LABELS))
def test_labels_are_only_labels(transcript: Transcript, made: list[Edit], order: list[str]) -> None:
    """Other labels for the same speakers, in the words and in the edits, give the same result."""
    other = dict(zip(LABELS, order, strict=True))

    def label(text: str) -> str:
        return other.get(text, f"x{text}")

    def turns(own: tuple[Turn, ...]) -> tuple[Turn, ...]:
        return tuple(replace(turn, speaker=label(turn.speaker)) for turn in own)

    def edit(one: Edit) -> Edit:
        if isinstance(one, Rename):
            return replace(one, names={label(key): name for key, name in one.names.items()})
        if isinstance(one, Merge):
            return replace(one, speakers=tuple(map(label, one.speakers)))
        if isinstance(one, Assign | Insert) and one.speaker is not None:
            return replace(one, speaker=label(one.speaker))
        return one

    def relabel(whole: Transcript) -> Transcript:
        segments = (
            Segment(tuple(replace(w, speaker=label(w.speaker)) if w.speaker else w for w in segment.words))
            for segment in whole.segments
        )
        meta = whole.meta
        changed = whole.with_meta(turns=turns(meta.turns), exclusive=turns(meta.exclusive)).with_segments(segments)
        return changed.with_meta(edits=tuple(map(edit, meta.edits)))

    edited, expected = (
        apply_edits_to_labels(relabel(transcript.with_meta(edits=made))),
        relabel(apply_edits_to_labels(transcript.with_meta(edits=made))),
    )
    assert edited.segments == expected.segments
    assert sorted(edited.turns) == sorted(expected.turns)


def test_edits_apply_in_order() -> None:
    """Names, merges and assignments apply in order: segments are divided, turns follow, the rest stays."""
    after = TALK.rename({"S0": "Anna"}).merge("anna", "s1").assign(4.5, 5.5, "Ben").rename({"ben": "Benjamin"})
    shown = after.edited()
    assert [(one.speaker, one.text) for one in shown.segments] == [
        ("Anna", "Good morning all."),
        ("Anna", "Hello."),
        (None, "Hm."),
        ("S2", "So,"),
        ("Benjamin", "we start."),
        ("Anna", "Yes."),
    ]
    assert shown.turns == (
        Turn(0, 1.5, "Anna"),
        Turn(1.4, 2.5, "Anna"),
        Turn(4, 4.5, "S2"),
        Turn(4.5, 5.5, "Benjamin"),
        Turn(6, 6.5, "Anna"),
    )
    assert {word.speaker_source for word in shown.segments[4].words} == {"edit"}
    assert (after.name_of("S0"), after.name_of("S1"), after.name_of("S2")) == ("Anna", "Anna", "S2")
    assert str(after) == str(shown)
    assert list(after.to_frame()["speaker"].dropna().unique()) == ["Anna", "S2", "Benjamin"]
    assert [describe_edit(edit) for edit in after.meta.edits] == [
        "rename S0 to Anna",
        "merge S1 into S0",
        "assign 0:00:04.5-0:00:05.5 to Ben",
        "rename Ben to Benjamin",
    ]


def test_assigned_speech_joins_the_turn_beside_it() -> None:
    """An assigned turn joins the speaker's adjacent turn; words without a turn get one."""
    shown = TALK.assign(1.4, 3.5, "S0").edited()
    assert shown.turns == (Turn(0, 2.5, "S0"), Turn(3, 3.5, "S0"), Turn(4, 5.5, "S2"), Turn(6, 6.5, "S0"))
    assert TALK.with_meta(turns=()).assign(1.4, 3.5, "S0").edited().turns == ()


@pytest.mark.parametrize("name", [name for name, row in FORMATS.items() if row.writes])
def test_every_format_shows_the_edits(name: str) -> None:
    """Every format writes the edited transcript; the two that keep edits write the edits too."""
    talk = Transcript((said("Quux0", 0, "Good", "morning."), said("Quux1", 2, "Hello,", "all.")), Meta("en", 4))
    after = talk.rename({"Quux0": "Annabella"}).merge("Quux0", "Quux1").assign(2.5, 3, "Bartholomew")
    after = after.replace(0, 0.5, "Fine").insert(3.5, "Bye.", "Bartholomew").delete(2, 2.5).split(0.5)
    written = write(after, name)
    if FORMATS[name].keeps_edits:
        assert written != write(after.edited(), name)
        assert read(written, "-") == after
    else:
        assert written == write(after.edited(), name)
        assert b"Quux" not in written
        assert name == "uem" or written != write(talk, name)
