from __future__ import annotations

import pytest

import meetscribe
from meetscribe.errors import InputError
from meetscribe.report import make_report
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Transcript
from tests.report.meetings import meeting


def test_a_report_follows_corrections() -> None:
    """Names are those after the edits, in statistics, paragraphs, key passages and minutes."""
    made = meeting()
    minutes = meetscribe.minutes(made)
    report = meetscribe.report(made.rename({"Ben": "Benjamin"}), minutes)
    assert {row.speaker for row in report.speakers} == {"Anna", "Benjamin", "Chiara"} == set(report.speech)
    assert {one.speaker for one in report.paragraphs} == {"Anna", "Benjamin", "Chiara"}
    assert {one.speaker for one in report.cited_passages} <= {"Anna", "Benjamin", "Chiara"}
    assert report.view is not None
    assert "Benjamin" in report.view.participants()
    assert [notice.code for notice in report.notices] == ["report.changed-transcript"]
    assert make_report(made, minutes).notices == ()


def test_the_title_is_that_of_the_meeting_or_of_the_recording() -> None:
    made = meeting().with_meta(recording=RecordingFile("talks/weekly.mp4"))
    assert make_report(made).title == "Budget"
    assert make_report(made.with_meta(title=None)).title == "weekly"
    assert make_report(made.with_meta(title=None, recording=None)).title == "Meeting"


def test_the_minutes_give_the_title_and_the_date_that_the_transcript_lacks() -> None:
    made = meeting().with_meta(title=None, recorded_at=None)
    minutes = meetscribe.minutes(made.with_meta(title="Budget", recorded_at="2026-11-25"))
    report = make_report(made, minutes)
    assert (report.title, report.edited.meta.recorded_at) == ("Budget", "2026-11-25")
    other = make_report(made.with_meta(title="Travel", recorded_at="2026-11-26"), minutes)
    assert (other.title, other.edited.meta.recorded_at) == ("Travel", "2026-11-26")


def test_the_representation_is_one_line() -> None:
    """Notebooks print a summary, not all words."""
    made = meetscribe.report(meeting())
    counts = f"{len(made.speakers)} speakers, {len(made.paragraphs)} paragraphs"
    assert repr(made) == f"<Report: Budget, {counts}, without minutes>"
    assert repr(meetscribe.report(meeting(), meetscribe.minutes(meeting()))).endswith("with minutes>")


def test_key_passages_are_those_of_the_minutes() -> None:
    """Without minutes, they are found in the same way."""
    minutes = meetscribe.minutes(meeting())
    assert make_report(meeting(), minutes).passages == minutes.summary == make_report(meeting()).passages
    assert minutes.summary


def test_turns_alone_make_a_report_and_nothing_makes_none() -> None:
    turns = Transcript((), Meta("en", 10, turns=(Turn(0, 4, "A"), Turn(4, 10, "B"))))
    report = make_report(turns)
    assert report.paragraphs == () == report.passages
    assert report.duration == 10
    with pytest.raises(InputError, match="neither words nor turns"):
        make_report(Transcript((), Meta("en", 10)))
