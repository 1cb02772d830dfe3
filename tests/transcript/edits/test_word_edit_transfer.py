"""Edits of words are transferred to a new run by word alignment; those that no longer apply become notices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from meetscribe.transcript import RecordingFile, Segment, Transcript
from meetscribe.transcript.edits.transfer import transfer_edits
from meetscribe.transcript.word_ids import with_new_word_ids, with_word_ids
from tests.support.talks import TALK, said, talks
from tests.transcript.edits.test_word_operations import states, steps

BEFORE = with_word_ids(TALK.with_meta(recording=RecordingFile("a.wav", "sha256:aa")))


def again(*segments: Segment) -> Transcript:
    """Return another run of the recording, whose words have other ids."""
    run = TALK.with_segments(segments or TALK.segments).with_meta(recording=RecordingFile("a.wav", "sha256:bb"))
    return with_new_word_ids(run)


def texts(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Return the speaker and text of each segment after the edits."""
    return [(segment.speaker, segment.text) for segment in transcript.edited().segments]


@settings(deadline=None, max_examples=50)
@given(talks().map(with_word_ids), steps())
def test_the_same_words_have_the_same_edits(talk: Transcript, wanted: list[tuple[str, tuple[object, ...]]]) -> None:
    """If the same words are recognised again, under other ids, every edit applies and the result is the same."""
    before = list(states(talk, wanted))[-1]
    now = with_new_word_ids(talk.with_meta(recording=RecordingFile("a.wav", "sha256:bb")))
    after = transfer_edits(before, now)
    if not any("insert" in edit.kind for edit in before.meta.edits):  # an inserted text may be recognised already
        assert after.meta.warnings == ()
        assert texts(after) == texts(before)
    assert after.with_meta(edits=(), notices=()) == now


def test_edits_follow_their_words() -> None:
    """Edits apply to the same words in other segments and at other times, and to words that earlier edits made."""
    before = BEFORE.replace(0.5, 1.5, "evening to all").insert(2.5, "Hi.", "S1").delete(4, 4.5).split(5)
    before = before.replace(0.9, 1.1, "unto")
    assert texts(before)[0] == ("S0", "Good evening unto all")
    now = again(
        said("S0", 0, "Well."),
        said("S0", 1, "Good", "morning", "all."),
        said("S1", 3, "Hello.", "Hm."),
        said("S2", 4, "So,", "we", "start."),
    )
    after = transfer_edits(before, now)
    assert after.meta.warnings == ()
    assert texts(after) == [
        ("S0", "Well."),
        ("S0", "Good evening unto all"),
        ("S1", "Hello."),
        ("S1", "Hi."),
        ("S1", "Hm."),
        ("S2", "we"),
        ("S2", "start."),
    ]


def test_lost_edits_become_notices() -> None:
    """An edit of words that were not recognised again, or that have others between them, is left out with a notice."""
    before = BEFORE.replace(0, 1, "Fine evening").delete(2, 2.5).split(5).replace(4, 5, "Then they")
    now = again(
        said("S0", 0, "God", "morning", "all."),
        said("S1", 2, "Halo.", "Hm."),
        said("S2", 4, "So,", "well,", "we", "begin."),
        said("S0", 6, "Yes."),
    )
    after = transfer_edits(before, now)
    assert after.meta.edits == ()
    assert [(notice.code, notice.data["reason"]) for notice in after.meta.notices] == [
        ("edits.not-applied", "the words were not recognised again"),
        ("edits.not-applied", "the words were not recognised again"),
        ("edits.not-applied", "the words were not recognised again"),
        ("edits.not-applied", "other words were recognised between these"),
    ]
    assert after.meta.notices[0].text == (
        "a correction no longer applies: replace 0:00:00.0-0:00:01.0 “Good morning” by “Fine evening” "
        "(the words were not recognised again)"
    )


@pytest.mark.parametrize(
    ("before", "segments"),
    [
        (BEFORE.replace(0.5, 1, "evening"), [said("S0", 0, "Good", "evening", "all."), *TALK.segments[1:]]),
        (BEFORE.delete(3, 3.5), [*TALK.segments[:2], *TALK.segments[3:]]),
        (BEFORE.insert(2.6, "Hi.", "S1"), [TALK.segments[0], said("S1", 2, "Hello.", "Hi."), *TALK.segments[2:]]),
    ],
)
def test_edits_that_are_no_longer_needed_are_left_out(before: Transcript, segments: list[Segment]) -> None:
    """An edit whose result was recognised is neither repeated nor reported."""
    after = transfer_edits(before, again(*segments))
    assert (after.meta.edits, after.meta.warnings) == ((), ())


def test_an_insertion_needs_one_neighbour_and_keeps_its_words_without_a_speaker() -> None:
    """One neighbour is enough; if no speaker matches, the words are inserted without one, with a notice."""
    before = BEFORE.insert(7, "Bye.", "S1")
    now = again(*[Segment(tuple(replace(word, speaker=None) for word in one.words)) for one in TALK.segments])
    after = transfer_edits(before, now.with_meta(turns=(), exclusive=()))
    assert texts(after)[-1] == (None, "Bye.")
    assert [notice.data["reason"] for notice in after.meta.notices] == ["no speaker matches S1"]
