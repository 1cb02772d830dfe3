from __future__ import annotations

import pytest

from meetscribe.attribution import AttributionSettings, attribute_transcript
from meetscribe.errors import InputError
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

WORDS = (Word("So,", 1.0, 1.4), Word("done?", 1.4, 2.0), Word("Yes,", 2.6, 3.0), Word("done.", 3.2, 3.8))
TURNS = (Turn(0.9, 2.1, "Ann"), Turn(2.5, 3.9, "Ben"))


def words(**meta: object) -> Transcript:
    return Transcript((Segment(WORDS),), Meta("en", 4.0, **meta))  # type: ignore[arg-type]


def speech(*turns: Turn, **meta: object) -> Transcript:
    return Transcript((), Meta("en", 4.0, turns=turns, **meta))  # type: ignore[arg-type]


def attributed(transcript: Transcript, turns: Transcript) -> Transcript:
    return attribute_transcript(transcript, turns, AttributionSettings(), turns_name="turns.rttm")


def test_words_get_the_speakers_of_the_turns() -> None:
    result = attributed(words(), speech(*TURNS))
    assert [(segment.speaker, segment.text) for segment in result.segments] == [
        ("Ann", "So, done?"),
        ("Ben", "Yes, done."),
    ]
    assert result.meta.notices == ()


def test_segments_with_speakers_serve_as_turns() -> None:
    first = Segment(tuple(word.attributed("Ann", 1.0, "turn", False) for word in WORDS))
    assert attributed(words(), words().with_segments((first,))).speakers == ("Ann",)


def test_a_transcript_without_speakers_is_an_error() -> None:
    with pytest.raises(InputError, match=r"turns.rttm contains no speaker turns"):
        attributed(words(), words())


def test_different_recordings_are_reported() -> None:
    """Names and ends that differ are notices; names without a suffix are compared."""
    one, two = RecordingFile("a.wav"), RecordingFile("b.rttm")
    late = Turn(0.0, 100.0, "Ann")
    notices = attributed(words(recording=one), speech(late, recording=two)).meta.notices
    assert {notice.code for notice in notices} == {"attribution.mismatch"}
    assert [notice.text for notice in notices] == [
        "the transcript is of a, but the turns are of b",
        "the words end at 4 s and the turns at 100 s; are they from the same recording?",
    ]
    same = attributed(words(recording=one), speech(*TURNS, recording=RecordingFile("a.rttm")))
    assert same.meta.notices == ()


def test_corrections_are_kept() -> None:
    named = attributed(words(), speech(*TURNS)).rename({"Ann": "Anna"})
    assert attributed(named, speech(*TURNS)).name_of("Ann") == "Anna"
