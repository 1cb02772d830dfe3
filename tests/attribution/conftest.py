"""Helpers to write transcripts and turns."""

from __future__ import annotations

from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word


def one_segment(*words: tuple[str, float, float], **known: object) -> Transcript:
    """Return a transcript with one segment of the words, as recognised from one chunk."""
    segment = Segment(tuple(Word(text, start, end, **known) for text, start, end in words))  # type: ignore[arg-type]
    return Transcript((segment,), Meta("en", 60.0))


def diarization(*turns: tuple[float, float, str], exclusive: tuple[tuple[float, float, str], ...] = ()) -> Diarization:
    """Return a diarization with these turns."""
    return Diarization(tuple(Turn(*turn) for turn in turns), tuple(Turn(*turn) for turn in exclusive))


def lines(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Return the speaker and text of each segment."""
    return [(segment.speaker, segment.text) for segment in transcript.segments]


def speakers(transcript: Transcript) -> list[str | None]:
    """Return the speaker of each word."""
    return [word.speaker for word in transcript.words]
