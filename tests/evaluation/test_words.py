"""The words that are scored: normalized, in order of time, by speaker and by utterance."""

from __future__ import annotations

import pytest

from meetscribe.evaluation import (
    NORMALIZATIONS,
    UNKNOWN_SPEAKER,
    scored_utterances,
    scored_words,
    texts,
    words_by_speaker,
)
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.edits.values import Rename


def meeting() -> Transcript:
    """Two speakers and a word without one; the second segment starts before the first ends."""
    first = Segment((Word("Well-known,", 0, 1, speaker="A"), Word("yes!", 2, 3, speaker="A")))
    second = Segment((Word("No.", 1, 2, speaker="B"), Word("\u2014", 3, 4, speaker="B"), Word("Hm", 5, 6)))
    return Transcript((first, second), Meta("en", 6.0))


def test_words_are_normalized_and_in_order_of_time() -> None:
    """Words without a speaker belong to an additional speaker."""
    assert [(one.text, one.speaker) for one in scored_words(meeting())] == [
        ("well", "A"),
        ("known", "A"),
        ("no", "B"),
        ("yes", "A"),
        ("hm", UNKNOWN_SPEAKER),
    ]
    streams = words_by_speaker(scored_words(meeting()))
    assert {name: texts(words) for name, words in streams.items()} == {
        "A": ["well", "known", "yes"],
        "B": ["no"],
        UNKNOWN_SPEAKER: ["hm"],
    }


def test_the_normalization_can_be_chosen() -> None:
    words = scored_words(meeting(), NORMALIZATIONS["none"])
    assert texts(words_by_speaker(words)["B"]) == ["No.", "\u2014"]


def test_two_labels_with_the_same_name_are_one_speaker() -> None:
    named = meeting().with_meta(edits=(Rename({"A": "Anna", "B": "Anna"}),))
    assert set(words_by_speaker(scored_words(named))) == {"Anna", UNKNOWN_SPEAKER}


def test_utterances_are_split_where_the_speaker_changes_and_are_in_order_of_time() -> None:
    segment = Segment(
        (Word("So", 3, 4, speaker="A"), Word("yes.", 4, 5, speaker="B"), Word("\u2014", 5, 6, speaker="A"))
    )
    later = Transcript((segment, *meeting().segments[:1]), Meta("en", 6.0))
    assert [texts(words) for words in scored_utterances(later)] == [["well", "known", "yes"], ["so"], ["yes"]]


def test_numbers_of_several_words_keep_their_times() -> None:
    """Whisper's English normalizer joins the words of a number, which starts with the first of them."""
    pytest.importorskip("whisper_normalizer", reason="whisper-normalizer is not installed")
    originals = "Um, twenty one colours, Mr. Smith!".split()
    words = tuple(Word(text, at, at + 1, speaker="A") for at, text in enumerate(originals))
    scored = scored_words(Transcript((Segment(words),), Meta("en", 9)), NORMALIZATIONS["whisper"])
    assert [(one.text, one.start) for one in scored] == [("21", 1.0), ("colors", 3.0), ("mister", 4.0), ("smith", 5.0)]
