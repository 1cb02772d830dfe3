"""Known hallucinations are recognised as whole texts only."""

from __future__ import annotations

from meetscribe.asr.quality.known_phrases import PHRASES, PREFIXES, is_known_phrase
from meetscribe.asr.quality.repetition import normalize_text


def test_a_known_phrase_is_the_whole_text() -> None:
    """A phrase may be repeated and punctuated, but is not recognised inside other words."""
    assert all(is_known_phrase(phrase) for phrase in PHRASES | set(PREFIXES))
    assert is_known_phrase("Thanks for watching! Thanks for watching!")
    assert is_known_phrase("字幕由某某提供")
    assert not is_known_phrase("")
    assert not is_known_phrase("Thank you for watching the build while I was away.")


def test_phrases_are_normalized() -> None:
    """An entry with case or punctuation would never match."""
    assert all(phrase == normalize_text(phrase) and phrase for phrase in PHRASES | set(PREFIXES))
