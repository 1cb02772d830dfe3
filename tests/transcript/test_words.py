"""Words and segments refuse impossible values and derive the others."""

from __future__ import annotations

import math
from typing import Any

import pytest

from meetscribe.transcript import Meta, Segment, Word

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
    assert (word.duration, word.middle) == pytest.approx((0.865, 0.5555))
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
