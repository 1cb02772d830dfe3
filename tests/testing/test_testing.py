from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from meetscribe.alignment import Aligner, AlignmentSettings, align
from meetscribe.asr import Recognizer
from meetscribe.asr.protocol import DecodingOptions
from meetscribe.attribution import attribute
from meetscribe.testing import (
    FakeAligner,
    FakeDiarizer,
    ScriptedEngine,
    ScriptedError,
    SyntheticMeeting,
    fake_recognizer,
    synthetic_meeting,
)
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


def test_a_scripted_engine_hears_its_script(meeting: SyntheticMeeting) -> None:
    """It hears the words of each clip, slips where and while it is told to, and remembers how it was called."""
    audio, (first, second, *_) = meeting.audio(), meeting.speech
    slips = [
        ScriptedError(first, "Thank you.", until=0.5, log_probability=-1.5),
        ScriptedError(second, "Minutes.", aided=True),
    ]
    engine = ScriptedEngine(audio, meeting.transcript.words, slips, word_times=True)
    clips = [audio.slice(first), audio.slice(second)]
    truth = [segment.text for segment in meeting.transcript.segments[:2]]

    def texts(**how: Any) -> list[str]:
        return [heard.text for heard in engine.decode(clips, DecodingOptions("en", **how))]

    assert texts() == ["Thank you.", truth[1]]
    assert texts(temperature=0.6) == truth
    assert texts(prompt="x") == ["Thank you.", "Minutes."]
    assert [len(spans) for spans, _ in engine.calls] == [2, 2, 2]
    assert [span.start for span in engine.calls[0][0]] == pytest.approx([first.start, second.start], abs=1e-4)
    (heard,) = engine.decode(clips[1:], DecodingOptions("en"))
    assert [word.text for word in heard.words] == truth[1].split()
    assert all(0 <= word.start <= word.end <= second.duration + 0.001 for word in heard.words)


def test_a_scripted_engine_has_so_much_memory(meeting: SyntheticMeeting) -> None:
    """More clips than it has room for at once are too many, and strange clips are refused."""
    engine = ScriptedEngine(meeting.audio(), memory=1)
    clip = meeting.audio().slice(meeting.speech[0])
    assert engine.decode([clip], DecodingOptions("en"))[0].text == ""
    for call in (lambda: engine.decode([clip, clip], DecodingOptions("en")), lambda: engine.detect([clip, clip])):
        with pytest.raises(RuntimeError, match="out of memory"):
            call()
    with pytest.raises(ValueError, match="not from the engine's recording"):
        engine.decode([-1 - clip], DecodingOptions("en"))
    assert engine.detect([clip]) == [{"en": 1.0}]


def test_torch_is_not_loaded() -> None:
    code = (
        "import sys; from meetscribe.testing import *; m = synthetic_meeting(); m.audio();"
        "FakeDiarizer(m).diarize(m.audio()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
