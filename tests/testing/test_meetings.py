"""Synthetic meetings are reproducible, and consistent with their audio."""

from __future__ import annotations

from meetscribe.testing import synthetic_meeting


def test_a_meeting_is_the_same_for_the_same_seed() -> None:
    assert synthetic_meeting(seed=1) == synthetic_meeting(seed=1)
    assert synthetic_meeting(seed=1) != synthetic_meeting(seed=2)


def test_a_meeting_has_the_requested_speakers_and_turns() -> None:
    """All speakers occur, words are in order of time, and each word lies in a turn."""
    meeting = synthetic_meeting(speakers=4, turns=6, language="de")
    transcript = meeting.transcript
    assert transcript.speakers == meeting.diarization.speakers == tuple(f"SPEAKER_{i:02d}" for i in range(4))
    assert (transcript.language, len(transcript.segments)) == ("de", 6)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    assert all(any(turn.span.overlap(word.span) for turn in transcript.turns) for word in transcript.words)
    assert transcript.words[-1].end < meeting.audio().duration
