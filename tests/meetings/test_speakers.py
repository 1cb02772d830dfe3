"""The speakers of a saved meeting, compared with known persons by their real voices."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import load
from meetscribe.meetings.enrolment import enrol_from_meeting
from meetscribe.meetings.speakers import Meeting, Tools, explain
from meetscribe.transcript import Transcript
from tests.conftest import SAMPLES
from tests.meetings.conftest import ANNA


@pytest.fixture
def interview(tmp_path_factory: pytest.TempPathFactory) -> Meeting:
    """The interview with its true words, in which one voice of the stand-up speaks too."""
    folder = tmp_path_factory.mktemp("interview")
    file = folder / "interview.json"
    load(SAMPLES / "interview.words.jsonl").save(file)
    return Meeting.load(file, SAMPLES / "interview.flac")


def label_of(meeting: Meeting, truth: Transcript, name: str) -> str:
    """Return the label of the speaker who says most of the words of a true speaker."""
    spans = [word.span for word in truth.words if word.speaker == name]
    shares = {label: 0.0 for label in meeting.transcript.speakers}
    for word in meeting.transcript.words:
        if word.speaker is not None:
            shares[word.speaker] += sum(span.overlap(word.span) for span in spans)
    return max(shares, key=shares.__getitem__)


def test_a_voice_is_recognised_in_another_meeting(standup: Meeting, interview: Meeting, tools: Tools) -> None:
    """A person enrolled from one meeting is found in another one, and only there; the report gives all reasons."""
    emma = label_of(standup, load(SAMPLES / "standup.words.jsonl"), "emma")
    enrol_from_meeting("Anna", standup, emma, ANNA, tools)
    report = explain(interview, "emma", tools)
    assert (report.match.band, report.match.name) == ("named", "Anna") and (report.match.score or 0) > 0.9
    assert report.given is None and report.extraction.seconds > 10 and "synthetic" in report.measured
    other = explain(interview, "angus", tools)
    assert (other.match.band, other.match.reason) == ("unknown", "low-similarity")
    assert [each.name for each in other.match.candidates] == ["Anna"]
    own = explain(standup, emma, tools)
    assert (own.left_out, own.match.reason, report.left_out) == (("Anna",), "no-profiles", ())


def test_kept_voiceprints_need_no_recording(standup: Meeting, tools: Tools) -> None:
    """While voiceprints are kept, they are used; if speakers were changed since, the recording is needed again."""
    made = standup.voiceprints(tools).voiceprints
    hash = standup.transcript.recording and standup.transcript.recording.hash
    tools.unnamed.keep(hash or "", made, ANNA, timedelta(days=1))
    (standup.file.parent / "standup.flac").unlink()
    kept = standup.voiceprints(tools).voiceprints
    assert list(kept) == list(made)
    for label, each in kept.items():  # stored with the precision of 32 bits
        assert each.vector == pytest.approx(made[label].vector, abs=1e-6)
    first, second, *_ = standup.transcript.speakers
    merged = Meeting(standup.file, standup.transcript.merge(first, second))
    with pytest.raises(InputError, match="not found"):
        merged.voiceprints(tools)


def test_an_unknown_speaker_or_format(standup: Meeting, tools: Tools) -> None:
    """A speaker who is not in the meeting, and a file that cannot hold names, are errors."""
    with pytest.raises(SettingsError, match="no speaker 'Zoe'"):
        explain(standup, "Zoe", tools)
    text = standup.file.with_suffix(".txt")
    standup.transcript.save(text)
    with pytest.raises(InputError, match="cannot hold"):
        Meeting.load(text)
