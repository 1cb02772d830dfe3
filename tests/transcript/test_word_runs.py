"""Words joined into segments."""

from __future__ import annotations

from meetscribe.transcript import Word
from meetscribe.transcript.word_runs import segments_of_words


def test_words_of_all_speakers_become_sentences() -> None:
    """A segment has one speaker, and ends with a sentence or before a pause, also while others speak."""
    words = [
        Word("So", 0.0, 0.4, speaker="A"),
        Word("Yes.", 0.2, 0.6, speaker="B"),
        Word("it", 0.5, 0.7, speaker="A"),
        Word("goes.", 0.7, 1.0, speaker="A"),
        Word("Now", 1.1, 1.3, speaker="A"),
        Word("then", 2.0, 2.5, speaker="A"),
        Word("Hm", 2.1, 2.2),
    ]
    found = [(segment.speaker, segment.text) for segment in segments_of_words(reversed(words))]
    assert found == [("A", "So it goes."), ("B", "Yes."), ("A", "Now"), ("A", "then"), (None, "Hm")]
