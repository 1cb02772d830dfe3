from __future__ import annotations

from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.turns import turns_of


def test_turns_come_from_words_if_there_are_none() -> None:
    """Words of a speaker are joined over pauses shorter than 0.5 s; words without a speaker have no turn."""
    rows = [("A", 0.0, 1.0), ("A", 1.4, 2.0), ("A", 2.5, 3.0), (None, 3.0, 4.0), ("B", 1.0, 1.5)]
    words = tuple(Word("w", start, end, speaker=who) for who, start, end in rows)
    talk = Transcript((Segment(words),), Meta("en", 9))
    assert turns_of(talk) == (Turn(0, 2, "A"), Turn(1, 1.5, "B"), Turn(2.5, 3, "A"))
    assert turns_of(talk.with_meta(turns=(Turn(0, 9, "C"),))) == (Turn(0, 9, "C"),)
