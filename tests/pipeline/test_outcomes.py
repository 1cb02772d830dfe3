"""Which errors are bugs, and how errors are worded."""

from __future__ import annotations

import pytest

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import NoSpeechError, Notice, WeightsError
from meetscribe.pipeline.outcomes import is_programming_error, reason, require_speech, speaker_notices
from meetscribe.settings import Settings
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

BUGS = [ValueError("no"), KeyError("no"), NotImplementedError(), RecursionError("maximum recursion depth exceeded")]
FORESEEN = [
    WeightsError("no model", "Fetch it."),
    MemoryError(),
    OSError("disk full"),
    RuntimeError("CUDA out of memory"),
    NotImplementedError("The operator 'aten::unfold' is not currently implemented for the MPS device."),
    NotImplementedError("Could not run 'torchvision::nms' with arguments from the 'CUDA' backend."),
]


def test_a_requested_speaker_without_words_is_named() -> None:
    """Of two speakers, one has a short turn in which no word was recognised."""
    transcript = Transcript((Segment((Word("Yes", 0.0, 1.0, speaker="SPEAKER_00"),)),), Meta("en", 2.0))
    found = Diarization((Turn(0.0, 1.0, "SPEAKER_00"), Turn(1.2, 1.6, "SPEAKER_01")), ())
    (notice,) = speaker_notices(transcript, found, DiarizationSettings(speakers=2))
    assert notice.text == "2 speakers were requested, but SPEAKER_01 has no words"
    assert speaker_notices(transcript, found, DiarizationSettings()) == ()


@pytest.mark.parametrize("error", BUGS, ids=repr)
def test_bugs_are_told_from_other_errors(error: Exception) -> None:
    assert is_programming_error(error)


@pytest.mark.parametrize("error", FORESEEN, ids=repr)
def test_missing_models_memory_and_operators_are_no_bugs(error: Exception) -> None:
    assert not is_programming_error(error)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (WeightsError("no model\nat all", "Fetch it."), "no model\nat all"),
        (RuntimeError("CUDA out of memory\nmore"), "CUDA out of memory"),
        (MemoryError(), "MemoryError"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (AssertionError(), "AssertionError"),
    ],
    ids=repr,
)
def test_the_reason_is_the_first_line_with_the_class_of_a_bug(error: Exception, text: str) -> None:
    assert reason(error) == text


def test_the_error_for_a_silent_track_names_the_others() -> None:
    """The first track of a screen recording is often silent, and the microphone is the second."""
    tracks = Notice("audio.several-tracks", "two tracks", {"track": 1, "tracks": ["opus mono", "opus mono Mic"]})
    with pytest.raises(NoSpeechError, match="no speech in audio track 1 of") as raised:
        require_speech(Transcript((), Meta("und", 3.0, notices=(tracks,))), (), Settings())
    assert "Transcribe another audio track: --stream 2 (opus mono Mic)." in raised.value.remedy
    with pytest.raises(NoSpeechError) as raised:
        require_speech(Transcript((), Meta("und", 3.0)), (), Settings())
    assert "track" not in str(raised.value)
