from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from meetscribe.alignment import Aligner, AlignmentSettings, align
from meetscribe.asr import Recognizer
from meetscribe.attribution import attribute
from meetscribe.testing import FakeAligner, FakeDiarizer, SyntheticMeeting, fake_recognizer, synthetic_meeting
from meetscribe.timeline import Span


@pytest.fixture
def meeting() -> SyntheticMeeting:
    return synthetic_meeting(seed=3)


def test_a_meeting_is_the_same_for_the_same_seed() -> None:
    assert synthetic_meeting(seed=1) == synthetic_meeting(seed=1)
    assert synthetic_meeting(seed=1) != synthetic_meeting(seed=2)


def test_a_meeting_has_what_was_asked_for() -> None:
    """All speakers speak, in order of time, and the turns hold the words."""
    meeting = synthetic_meeting(speakers=4, turns=6, language="de")
    transcript = meeting.transcript
    assert transcript.speakers == meeting.diarization.speakers == tuple(f"SPEAKER_{i:02d}" for i in range(4))
    assert (transcript.language, len(transcript.segments)) == ("de", 6)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    assert all(any(turn.span.overlap(word.span) for turn in transcript.turns) for word in transcript.words)
    assert transcript.words[-1].end < meeting.audio().duration


def test_the_recognizer_says_what_lies_in_the_chunks(meeting: SyntheticMeeting) -> None:
    """It keeps the promises of `Recognizer`: words in their chunk, times estimated, progress to 1."""
    recognizer: Recognizer = fake_recognizer(meeting)
    told: list[float] = []
    heard = recognizer.transcribe(meeting.audio(), meeting.speech, told.append)
    assert [word.text for word in heard.words] == [word.text for word in meeting.transcript.words]
    assert all(
        chunk.overlap(segment.span) == pytest.approx(segment.span.duration)
        for segment, chunk in zip(heard.segments, meeting.speech, strict=True)
    )
    assert {(word.timing, word.speaker) for word in heard.words} == {("interpolated", None)}
    assert told == sorted(told) and told[-1] == 1.0
    assert recognizer.transcribe(meeting.audio(), [Span(0, 0.1)], told.append).words == ()


def test_the_aligner_finds_the_words(meeting: SyntheticMeeting) -> None:
    """Aligned by the fake, words lie where they are spoken, within two frames."""
    aligner: Aligner = FakeAligner()
    heard = fake_recognizer(meeting).transcribe(meeting.audio(), meeting.speech)
    aligned = align(heard, meeting.audio(), lambda language: aligner, AlignmentSettings())
    for found, spoken in zip(aligned.words, meeting.transcript.words, strict=True):
        assert found.timing == "aligned"
        assert found.start == pytest.approx(spoken.start, abs=0.04)
        assert found.end == pytest.approx(spoken.end, abs=0.04)


def test_the_diarizer_knows_the_speakers(meeting: SyntheticMeeting) -> None:
    found = FakeDiarizer(meeting).diarize(meeting.audio())
    assert found == meeting.diarization.__class__(found.turns, found.exclusive, embedder="fake-4")
    assert set(found.voiceprints) == set(meeting.transcript.speakers)
    assert all(vector.dtype == np.float32 for vector in found.voiceprints.values())
    unnamed = fake_recognizer(meeting).transcribe(meeting.audio(), meeting.speech)
    assert attribute(unnamed, found).speakers == meeting.transcript.speakers


def test_torch_is_not_loaded() -> None:
    code = (
        "import sys; from meetscribe.testing import *; m = synthetic_meeting(); m.audio();"
        "FakeDiarizer(m).diarize(m.audio()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
