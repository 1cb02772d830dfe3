from __future__ import annotations

from meetscribe.formats.parts.utterances import field_names, paragraphs, recording_field, to_field
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Rename, Segment, Transcript, Word
from meetscribe.transcript.utterances import utterances


def make_transcript(*rows: tuple[str | None, float, str], meta: Meta | None = None) -> Transcript:
    """Return a transcript with a word of half a second per row of speaker, start and text."""
    words = [Segment((Word(text, start, start + 0.5, speaker=speaker),)) for speaker, start, text in rows]
    return Transcript(tuple(words), meta or Meta("en", 99))


def test_utterances_have_one_speaker() -> None:
    """A segment of several speakers is divided where the speaker changes."""
    segment = Segment((Word("a", 0, 1, speaker="A"), Word("b", 1, 2, speaker="B"), Word("c", 2, 3)))
    spoken = utterances(Transcript((segment,), Meta("en", 3)))
    assert [(one.speaker, one.text) for one in spoken] == [("A", "a"), ("B", "b"), (None, "c")]


def test_paragraphs_end_at_speakers_and_long_pauses() -> None:
    """A paragraph joins segments of a speaker until another speaks or 3 s pass."""
    transcript = make_transcript(("A", 0, "a"), ("A", 1, "b"), ("B", 2, "c"), ("A", 3, "d"), ("A", 7, "e"))
    assert [one.text for one in paragraphs(transcript)] == ["a b", "c", "d", "e"]


def test_field_names_are_unique() -> None:
    """Names without white space stay distinct, turns included, and the unknown speaker keeps its name."""
    names = {"A": "Anna Berg", "B": "Anna_Berg", "C": "unknown"}
    meta = Meta("en", 9, turns=(Turn(0, 1, "D"),), edits=(Rename(names),))
    fields = field_names(make_transcript(("A", 0, "a"), ("B", 1, "b"), ("C", 2, "c"), meta=meta))
    assert fields == {None: "unknown", "A": "Anna_Berg", "B": "Anna_Berg_2", "C": "unknown_2", "D": "D"}


def test_recordings_are_fields() -> None:
    """A recording's name loses its suffix, white space and what would start a comment."""
    assert recording_field(make_transcript(meta=Meta("en", 0, RecordingFile(";;my meeting.wav")))) == "my_meeting"
    assert recording_field(make_transcript()) == "recording"
    assert to_field(" \t", "-") == "-"
