"""Transcripts and metadata are values: they compare, hash and change as copies."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript import Meta, Provenance, RecordingFile, Rename, Segment, Transcript, Word
from tests.support.notices import notices


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
