from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript import Meta, Provenance, RecordingFile, Rename, Segment, Transcript, Word
from tests.support.notices import notices

GOOD: dict[str, Any] = {"text": "yes", "start": 1.0, "end": 2.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": " yes"},
        {"text": "yes\n"},
        {"text": "\ud800"},
        {"start": -1},
        {"start": 2.1},
        {"end": math.nan},
        {"end": math.inf},
        {"score": 1.1},
        {"score": math.nan},
        {"speaker_score": -0.1},
        {"speaker": ""},
        {"speaker": "\udfff"},
        {"timing": "guessed"},
        {"speaker_source": "dream"},
    ],
)
def test_invalid_words_are_refused(wrong: dict[str, Any]) -> None:
    """A word without text, with an end before its start or a score outside 0 to 1 is refused."""
    Word(**GOOD)
    with pytest.raises(ValueError, match="must"):
        Word(**{**GOOD, **wrong})


def test_rounding() -> None:
    """Times are rounded to the millisecond and scores to four decimals."""
    word = Word("yes", 0.12345, 0.98765, score=0.123456, speaker_score=0.99999)
    assert (word.start, word.end, word.score, word.speaker_score) == (0.123, 0.988, 0.1235, 1.0)
    assert word.duration == pytest.approx(0.865)
    assert Meta("en", 1.23456).duration == 1.235
    assert str(Word("yes", 0, 1, score=-0.00001).score) == "0.0"


def test_a_segment_derives_everything_from_its_words() -> None:
    """Start, end, text and speaker of a segment follow from its words."""
    segment = Segment((Word("Good", 1, 1.5, speaker="A"), Word("morning.", 1.2, 1.4, speaker="A")))
    assert (segment.start, segment.end, segment.text, segment.speaker) == (1.0, 1.5, "Good morning.", "A")
    assert (segment.span.start, segment.span.end) == (1.0, 1.5)


@pytest.mark.parametrize(
    ("rows", "speaker"),
    [
        ([("A", 1.0), ("B", 1.1)], "B"),
        ([("A", 1.0), ("B", 1.0)], "A"),
        ([(None, 9.0), ("B", 0.1)], "B"),
        ([("B", 0.6), ("A", 1.0), ("B", 0.6)], "B"),
        ([("B", 0.0), ("A", 0.0)], "B"),
        ([("B", 0.3), ("A", 0.1), ("A", 0.2)], "B"),
        ([(None, 1.0)], None),
    ],
)
def test_the_speaker_of_a_mixed_segment(rows: list[tuple[str | None, float]], speaker: str | None) -> None:
    """A segment of several speakers has the one with most speech, at a tie the first, and none if all are unknown."""
    words = tuple(Word("w", 0, duration, speaker=label) for label, duration in rows)
    assert Segment(words).speaker == speaker


def test_a_segment_has_words() -> None:
    """A segment without words is refused."""
    with pytest.raises(ValueError, match="at least one word"):
        Segment(())


def test_transcript_views() -> None:
    """Words, speakers, text and names follow from segments and metadata."""
    one = Segment((Word("Hello.", 0, 1, speaker="S1"), Word("Hm.", 1, 2)))
    two = Segment((Word("Hi.", 3, 4, speaker="S0"),))
    source = RecordingFile("meeting.wav", "sha256:00")
    transcript = Transcript((one, two), Meta("en", 5, recording=source, edits=(Rename({"S0": "Anna"}),)))
    assert transcript.words == (*one.words, *two.words)
    assert transcript.speakers == ("S1", "S0")
    assert transcript.text == "Hello. Hm.\nHi."
    assert (transcript.name_of("S0"), transcript.name_of("S1")) == ("Anna", "S1")
    assert (transcript.language, transcript.duration, transcript.recording) == ("en", 5.0, source)
    assert (transcript.turns, transcript.exclusive) == ((), ())


def test_changes_make_a_new_transcript() -> None:
    """with_segments and with_meta return a changed copy."""
    transcript = Transcript((Segment((Word("Hi.", 0, 1),)),), Meta("en", 5))
    assert transcript.with_segments([]).segments == ()
    assert transcript.with_meta(language="de", notices=notices("late")).meta == Meta("de", 5, notices=notices("late"))
    assert transcript == Transcript((Segment((Word("Hi.", 0, 1),)),), Meta("en", 5))


@given(st.from_type(Transcript))
def test_a_transcript_can_be_a_key(transcript: Transcript) -> None:
    """Equal transcripts have equal hashes, also with mappings inside."""
    copy = Transcript(tuple(transcript.segments), transcript.with_meta().meta)
    assert copy == transcript
    assert hash(copy) == hash(transcript)


def test_meta_keeps_its_own_copy() -> None:
    """A later change of a given mapping does not change the transcript."""
    names, settings = {"A": "Anna"}, {"asr": {"beams": [5]}}
    meta = Meta("en", 1, edits=(Rename(names),), provenance=Provenance(settings=settings))  # type: ignore[arg-type]
    names["A"] = "Eve"
    settings["asr"]["beams"].append(6)
    assert meta == Meta(
        "en", 1, edits=(Rename({"A": "Anna"}),), provenance=Provenance(settings={"asr": {"beams": [5]}})
    )


def test_names_may_be_given_as_a_mapping() -> None:
    """A mapping of labels to names instead of edits is one renaming, and none if it is empty."""
    assert Meta("en", 1, edits={"A": "Anna"}).edits == (Rename({"A": "Anna"}),)  # type: ignore[arg-type]
    assert Meta("en", 1, edits={}).edits == ()  # type: ignore[arg-type]


def test_meta_holds_plain_json() -> None:
    """Tuples become lists, paths text, undecodable bytes of a file name question marks; other values are refused."""
    made: Any = {"asr": (1, Path("m"))}
    meta = Meta("en", 1, RecordingFile("a\udcff.wav"), provenance=Provenance.from_json(made))
    assert meta.provenance.to_json() == {"asr": [1, "m"]}
    assert meta.recording == RecordingFile("a?.wav")
    for refused in (math.nan, math.inf, {1, 2}, object()):
        with pytest.raises(ValueError, match="JSON cannot hold"):
            Provenance(extra={"x": refused})  # type: ignore[dict-item]


@pytest.mark.parametrize("language", ["", " ", "en\n", "en --> de"])
def test_metadata_needs_a_language(language: str) -> None:
    """A missing language, or one that is not a code, is refused."""
    with pytest.raises(ValueError, match="language"):
        Meta(language, 1)


@pytest.mark.parametrize(
    "wrong", [{"start": 10**400}, {"end": 10**400}, {"score": 10**400}, {"probability": -(10**400)}]
)
def test_numbers_too_large_for_a_float_are_refused(wrong: dict[str, int]) -> None:
    """JSON can hold them, but they are not times or scores."""
    with pytest.raises(ValueError, match=r"finite|between 0 and 1"):
        Word(**{"text": "Ja.", "start": 0, "end": 1, **wrong})  # type: ignore[arg-type]
