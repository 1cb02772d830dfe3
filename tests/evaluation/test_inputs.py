"""Transcripts prepared for scoring: regions, streams, segments, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.evaluation import texts
from meetscribe.evaluation.inputs import ScoringInput
from meetscribe.evaluation.normalization import NORMALIZATIONS
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

WORDS = (
    Word("So,", 0, 1, speaker="Ann"),
    Word("yes", 1, 2, timing="interpolated", speaker="Ann"),
    Word("No.", 2, 3, speaker="Bo"),
)


def scoring_input(*words: Word, turns: tuple[Turn, ...] = (), within: Sequence[Span] | None = None) -> ScoringInput:
    segments = (Segment(words),) if words else ()
    return ScoringInput(Transcript(segments, Meta("en", 9.0, turns=turns)), NORMALIZATIONS["basic"], within)


def test_words_streams_and_utterances_are_normalized() -> None:
    one = scoring_input(*WORDS)
    assert texts(one.words) == ["so", "yes", "no"]
    assert {name: texts(words) for name, words in one.streams.items()} == {"Ann": ["so", "yes"], "Bo": ["no"]}
    assert [texts(words) for words in one.utterances] == [["so", "yes"], ["no"]]
    assert one.original_words == list(WORDS)


def test_interpolated_words_are_not_timed() -> None:
    assert [word.text for word in scoring_input(*WORDS).timed_words] == ["So,", "No."]


def test_a_word_belongs_to_the_region_that_contains_its_middle() -> None:
    """Regions are half-open, and overlapping regions count once."""
    one = scoring_input(*WORDS, within=[Span(0.5, 1.5), Span(1.0, 1.5)])
    assert texts(one.words) == ["so"]
    assert one.within == (Span(0.5, 1.5),)


def test_each_segment_is_a_turn_with_a_label_of_its_own() -> None:
    assert scoring_input(*WORDS).segments == [Turn(0, 3, "0")]
    turns = (Turn(0, 1, "Ann"), Turn(2, 3, "Ann"))
    assert scoring_input(turns=turns).segments == [Turn(0, 1, "0"), Turn(2, 3, "1")]


def test_speakers_come_from_words_and_otherwise_from_turns() -> None:
    turns = (Turn(0, 1, "Cy"),)
    assert scoring_input(*WORDS, turns=turns).speakers == {"Ann", "Bo"}
    assert scoring_input(turns=turns).speakers == {"Cy"}


def test_what_is_missing_is_described() -> None:
    complete = scoring_input(*WORDS)
    assert [complete.missing_words(), complete.missing_timed_speakers(), complete.missing_turns()] == [None] * 3
    assert scoring_input(turns=(Turn(0, 1, "Cy"),)).missing_words() == "has no words, only turns"
    assert scoring_input(Word("so", 0, 1)).missing_speakers() == "names no speakers"
    assert scoring_input(Word("so", 0, 0, speaker="Ann")).missing_timed_speakers() == "has no times"
    assert scoring_input(WORDS[1]).missing_word_times() == "has no word times"


def test_a_recording_without_speech_lacks_nothing() -> None:
    silent = scoring_input()
    assert [silent.missing_words(), silent.missing_speakers(), silent.missing_turns()] == [None] * 3
