"""Applying events gives the transcript; applying them again changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.live import Event, LiveTranscript, events
from meetscribe.transcript import Word


def word(text: str, start: float) -> Word:
    return Word(text, start, start + 0.4)


def published(*drafts: events.Draft) -> list[Event]:
    return [draft.published(seq, float(seq)) for seq, draft in enumerate(drafts, start=1)]


MEETING = published(
    events.state("recording"),
    events.partial("s0", "the plan", 0.0, 0.9),
    events.commit("s0", 0, [word("the", 0.0), word("plan", 0.5)]),
    events.commit("s0", 2, [word("is", 1.0), word("late.", 1.5)], closed=True),
    events.commit("s3", 0, [word("Why?", 3.0)], closed=True),
    events.revise_speaker("s0", 1, 0, 3, "SPEAKER_00"),
    events.revise_speaker("s3", 1, 0, 0, "SPEAKER_01"),
    events.revise_text("s0", 2, 1, 2, "plans are"),
    events.speakers({"SPEAKER_00": "Anna", "SPEAKER_01": "SPEAKER_01"}, 3.4),
    events.mark(3.0, "question"),
    events.state("stopping"),
)


def test_events_give_words_speakers_and_names() -> None:
    """Words, speakers, corrections, names, marks and the state arrive in the transcript."""
    live = LiveTranscript().apply_all(MEETING)
    assert [(w.text, w.speaker) for w in live.words] == [
        ("the", "SPEAKER_00"),
        ("plans are", "SPEAKER_00"),
        ("late.", "SPEAKER_00"),
        ("Why?", "SPEAKER_01"),
    ]
    assert live.segments["s0"].pending == ""
    assert (live.state, live.marks, live.horizon) == ("stopping", ((3.0, "question"),), 3.4)
    transcript = live.transcript("en")
    assert [segment.speaker for segment in transcript.edited().segments] == ["Anna", "SPEAKER_01"]
    assert transcript.duration == len(MEETING)


@given(st.lists(st.integers(0, len(MEETING)), max_size=6))
def test_replaying_from_any_point_changes_nothing(points: list[int]) -> None:
    """Events are applied once, however often a stream is resumed from an earlier point."""
    live, reached = LiveTranscript(), 0
    for point in points:
        start = min(point, reached)
        live, reached = live.apply_all(MEETING[start : max(point, reached)]), max(point, reached)
    assert live.apply_all(MEETING[reached:]).apply_all(MEETING) == LiveTranscript().apply_all(MEETING)


def test_a_commit_repeated_under_another_number_adds_nothing() -> None:
    """Words are identified by segment and place, so a recogniser that repeats a commit does not double the text."""
    again = events.commit("s0", 0, [word("the", 0.0), word("plan", 0.5), word("is", 1.0)]).published(20, 20.0)
    live = LiveTranscript().apply_all(MEETING[:4])
    assert live.apply(again).words == live.words


def test_committed_words_replace_the_pending_text() -> None:
    """Until the next partial nothing is pending, so no word is shown twice."""
    assert LiveTranscript().apply_all(MEETING[:2]).segments["s0"].pending == "the plan"
    assert LiveTranscript().apply_all(MEETING[:3]).segments["s0"].pending == ""


def test_an_older_revision_has_no_effect() -> None:
    live = LiveTranscript().apply_all(MEETING)
    stale = events.revise_speaker("s0", 1, 0, 3, "SPEAKER_09").published(30, 30.0)
    assert live.apply(stale).words == live.words


@pytest.mark.parametrize(
    "draft",
    [
        events.commit("s9", 2, [word("late", 9.0)]),
        events.revise_speaker("s0", 9, 0, 7, "SPEAKER_00"),
        events.Draft("commit", {"first": "x", "words": [], "channel": 0, "closed": False}, "s0"),
        events.Draft("speakers", {"names": 3, "horizon": 0.0}),
        events.Draft("partial", {}, "s0"),
    ],
)
def test_events_that_do_not_fit_are_refused(draft: events.Draft) -> None:
    """Words beyond the end, revisions of missing words and malformed payloads are ValueErrors."""
    with pytest.raises(ValueError, match="."):
        LiveTranscript().apply_all(MEETING).apply(draft.published(40, 40.0))
