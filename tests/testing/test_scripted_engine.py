"""The scripted engine returns its script and its errors."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.asr import Recognizer
from meetscribe.asr.protocol import DecodingOptions
from meetscribe.testing import ScriptedEngine, ScriptedError, SyntheticMeeting, fake_recognizer, synthetic_meeting
from meetscribe.timeline import Span


@pytest.fixture
def meeting() -> SyntheticMeeting:
    return synthetic_meeting(seed=3)


def test_the_recognizer_returns_the_words_of_the_chunks(meeting: SyntheticMeeting) -> None:
    """It keeps the promises of `Recognizer`: words inside their chunk, interpolated times, progress up to 1."""
    recognizer: Recognizer = fake_recognizer(meeting)
    reported: list[float] = []
    recognized = recognizer.transcribe(meeting.audio(), meeting.speech, reported.append)
    assert [word.text for word in recognized.words] == [word.text for word in meeting.transcript.words]
    assert all(
        chunk.overlap(segment.span) == pytest.approx(segment.span.duration)
        for segment, chunk in zip(recognized.segments, meeting.speech, strict=True)
    )
    assert {(word.timing, word.speaker) for word in recognized.words} == {("interpolated", None)}
    assert reported == sorted(reported) and reported[-1] == 1.0
    assert recognizer.transcribe(meeting.audio(), [Span(0, 0.1)], reported.append).words == ()


def test_the_engine_returns_words_and_errors(meeting: SyntheticMeeting) -> None:
    """Errors replace the words under their conditions, and calls are recorded."""
    audio, (first, second, *_) = meeting.audio(), meeting.speech
    errors = [
        ScriptedError(first, "Thank you.", until=0.5, log_probability=-1.5),
        ScriptedError(second, "Minutes.", aided=True),
    ]
    engine = ScriptedEngine(audio, meeting.transcript.words, errors, word_times=True)
    clips = [audio.slice(first), audio.slice(second)]
    reference = [segment.text for segment in meeting.transcript.segments[:2]]

    def texts(**options: Any) -> list[str]:
        return [result.text for result in engine.decode(clips, DecodingOptions("en", **options))]

    assert texts() == ["Thank you.", reference[1]]
    assert texts(temperature=0.6) == reference
    assert texts(prompt="x") == ["Thank you.", "Minutes."]
    assert [len(spans) for spans, _ in engine.calls] == [2, 2, 2]
    assert [span.start for span in engine.calls[0][0]] == pytest.approx([first.start, second.start], abs=1e-4)
    (result,) = engine.decode(clips[1:], DecodingOptions("en"))
    assert [word.text for word in result.words] == reference[1].split()
    assert all(0 <= word.start <= word.end <= second.duration + 0.001 for word in result.words)


def test_the_engine_runs_out_of_memory(meeting: SyntheticMeeting) -> None:
    """Too many clips are an error of memory, and clips of other recordings are refused."""
    engine = ScriptedEngine(meeting.audio(), memory=1)
    clip = meeting.audio().slice(meeting.speech[0])
    assert engine.decode([clip], DecodingOptions("en"))[0].text == ""
    for call in (lambda: engine.decode([clip, clip], DecodingOptions("en")), lambda: engine.detect([clip, clip])):
        with pytest.raises(RuntimeError, match="out of memory"):
            call()
    with pytest.raises(ValueError, match="not from the engine's recording"):
        engine.decode([-1 - clip], DecodingOptions("en"))
    assert engine.detect([clip]) == [{"en": 1.0}]
