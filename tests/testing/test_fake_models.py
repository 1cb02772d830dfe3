"""The fake aligner and diarizer return the words and turns of a synthetic meeting."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from meetscribe.alignment import Aligner, AlignmentSettings, align
from meetscribe.attribution import attribute
from meetscribe.testing import FakeAligner, FakeDiarizer, SyntheticMeeting, fake_recognizer, synthetic_meeting


@pytest.fixture
def meeting() -> SyntheticMeeting:
    return synthetic_meeting(seed=3)


def test_the_aligner_finds_the_words(meeting: SyntheticMeeting) -> None:
    """Aligned words lie within two frames of their reference."""
    aligner: Aligner = FakeAligner()
    recognized = fake_recognizer(meeting).transcribe(meeting.audio(), meeting.speech)
    aligned = align(recognized, meeting.audio(), lambda language: aligner, AlignmentSettings())
    for found, reference in zip(aligned.words, meeting.transcript.words, strict=True):
        assert found.timing == "aligned"
        assert found.start == pytest.approx(reference.start, abs=0.04)
        assert found.end == pytest.approx(reference.end, abs=0.04)


def test_the_diarizer_finds_the_speakers(meeting: SyntheticMeeting) -> None:
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
