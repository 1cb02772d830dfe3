"""Each word gets the speaker of the turns around it, and its text and position are kept."""

from __future__ import annotations

import random

import pytest

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.attribution.conftest import diarization, lines, one_segment, speakers


def evenly(*words: str, length: float = 0.3) -> Transcript:
    """Return words of equal length without pauses."""
    return one_segment(*((word, i * length, i * length + length) for i, word in enumerate(words)))


def test_a_turn_that_begins_slightly_late_begins_with_the_sentence() -> None:
    """The word before the turn is assigned to it, with a score that shows that another speaker covers most of it."""
    words = one_segment(("Hi.", 0.0, 0.4), ("Hello", 0.4, 0.8), ("over", 0.8, 1.2), ("there.", 1.2, 1.6))
    result = attribute(words, diarization((0, 0.6, "A"), (0.6, 1.6, "B")))
    assert lines(result) == [("A", "Hi."), ("B", "Hello over there.")]
    assert [(word.speaker_score, word.speaker_source) for word in result.words] == [
        (1.0, "turn"),
        (0.5, "smoothed"),
        (1.0, "turn"),
        (1.0, "turn"),
    ]


def test_a_change_of_speaker_waits_for_the_end_of_the_sentence_during_overlap() -> None:
    """When turns overlap, the clause is not split, wherever the overlap begins."""
    words = evenly("so", "we", "do", "it.", "Fine", "by", "me.")
    for start in (0.7, 0.9, 1.1):
        assert lines(attribute(words, diarization((0, 1.5, "A"), (start, 2.1, "B")))) == [
            ("A", "so we do it."),
            ("B", "Fine by me."),
        ]


def test_a_backchannel_between_pauses_keeps_its_speaker() -> None:
    """One word of another speaker within a long turn, with a pause on each side, is assigned to that speaker."""
    words = (("so", 0.0, 0.3), ("then", 0.3, 0.6), ("mm-hm", 0.9, 1.2), ("we", 1.5, 1.8), ("go", 1.8, 2.1))
    result = attribute(one_segment(*words), diarization((0, 2.1, "A"), (0.85, 1.25, "B")))
    assert lines(result) == [("A", "so then"), ("B", "mm-hm"), ("A", "we go")]
    assert [word.overlap for word in result.words] == [False, False, True, False, False]


def test_a_single_word_within_a_clause_does_not_change_speaker() -> None:
    """A turn of a fifth of a second within a clause is an error of the diarization."""
    words = evenly("we", "could", "do", "that", "too.")
    result = attribute(words, diarization((0, 0.6, "A"), (0.6, 0.8, "B"), (0.8, 1.5, "A")))
    assert lines(result) == [("A", "we could do that too.")]
    assert result.words[2].speaker_source == "smoothed"


def test_without_punctuation_a_change_costs_less() -> None:
    """If no word ends a sentence, clauses are unknown; if one does, three words are not enough for a turn."""
    words = [str(i) for i in range(12)]
    turns = diarization((0, 1.2, "A"), (1.2, 2.4, "B"), (2.4, 3.6, "A"))
    assert speakers(attribute(evenly(*words), turns)) == ["A"] * 4 + ["B"] * 4 + ["A"] * 4
    shorter = diarization((0, 1.2, "A"), (1.2, 2.1, "B"), (2.1, 3.6, "A"))
    assert speakers(attribute(evenly("0.", *words[1:]), shorter)) == ["A"] * 12


def test_the_end_of_a_word_does_not_matter() -> None:
    """A word whose end is far too late, within the next speaker's turn, keeps its speaker."""
    turns = diarization((0, 1.0, "A"), (1.3, 4, "B"))
    assert speakers(attribute(one_segment(("done.", 0.5, 3.8), ("Well", 3.8, 4.0)), turns)) == ["A", "B"]


def test_a_constant_lag_of_the_turns_is_corrected() -> None:
    """Turns that are all 0.4 s late give almost the same speakers as exact ones."""
    rng = random.Random(1)
    words, turns, time = [], [], 0.0
    for i in range(300):
        start, speaker = time, "ABC"[i % 3]
        for text in [speaker] * rng.randint(3, 8) + [f"{speaker}."]:
            words.append((text, time, time := time + rng.uniform(0.1, 0.5)))
        turns.append((start + 0.4, time + 0.4, speaker))

    def errors(max_lag: float) -> int:
        result = attribute(one_segment(*words), diarization(*turns), AttributionSettings(max_lag=max_lag))
        return sum(word.text[0] != word.speaker for word in result.words)

    assert 4 * errors(0.4) < errors(0.0)


def test_max_overlap_is_the_rule_of_whisperx() -> None:
    """A tie goes to the turn that began first; a word without a turn has no speaker."""
    max_overlap = AttributionSettings(method="max-overlap")
    result = attribute(
        one_segment(("no", 0.0, 0.2), ("so", 1.0, 1.3), ("yes", 2.0, 2.4), ("and", 2.8, 3.2)),
        diarization((0.5, 3, "A"), (2, 2.4, "B"), (3, 4, "C")),
        max_overlap,
    )
    assert speakers(result) == [None, "A", "A", "A"]
    late = diarization((2.8, 3, "A"), (2.9, 3.2, "B"))
    assert speakers(attribute(one_segment(("and", 2.7, 3.2)), late, max_overlap)) == ["B"]


def test_exclusive_turns_are_used_only_if_there_are_no_others() -> None:
    both = diarization((0, 9, "A"), exclusive=((0, 9, "B"),))
    assert speakers(attribute(one_segment(("yes", 4.0, 5.0)), both)) == ["A"]
    assert speakers(attribute(one_segment(("yes", 4.0, 5.0)), diarization(exclusive=((0, 9, "B"),)))) == ["B"]


def test_a_word_between_turns_takes_the_nearest_edge_not_the_nearest_centre() -> None:
    result = attribute(one_segment(("well", 60.1, 60.3)), diarization((0, 60, "A"), (61.5, 62.5, "B")))
    assert speakers(result) == ["A"]
    assert (result.words[0].speaker_source, result.words[0].speaker_score) == ("nearest", 0.0)


def test_a_word_too_far_from_every_turn_has_no_speaker() -> None:
    result = attribute(one_segment(("lost", 5.0, 5.5)), diarization((0, 2.999, "A"), (7.501, 9, "B")))
    assert (result.words[0].speaker, result.words[0].speaker_score, result.words[0].speaker_source) == (None,) * 3
    assert speakers(attribute(one_segment(("kept", 5.0, 5.5)), diarization((0, 3, "A")))) == ["A"]


def test_a_word_without_duration_belongs_to_the_turn_around_it() -> None:
    result = attribute(one_segment(("oh", 1.0, 1.0)), diarization((0, 2, "A"), (2, 3, "B")))
    assert (result.words[0].speaker, result.words[0].speaker_source) == ("A", "turn")


def test_overlap_is_simultaneous_speech_not_a_change_of_speaker() -> None:
    halves = attribute(one_segment(("word", 0.0, 1.0)), diarization((0, 0.5, "A"), (0.5, 1, "B")))
    both = attribute(one_segment(("word", 0.0, 1.0)), diarization((0, 1, "A"), (0.5, 1, "B")))
    assert (halves.words[0].overlap, both.words[0].overlap) == (False, True)
    assert [round(result.words[0].speaker_score or 0, 2) for result in (halves, both)] == [0.5, 0.67]


def test_the_score_is_the_share_of_the_word_that_the_speaker_covers() -> None:
    """It is 1 if the speaker alone covers the word, 0.5 if two speakers do, and 0 in a pause."""
    words = one_segment(("one", 0.0, 1.0), ("two", 3.0, 4.0), ("well", 6.0, 6.5))
    result = attribute(words, diarization((0, 1, "A"), (3, 5.5, "A"), (3, 5.0, "B")))
    assert [word.speaker_score for word in result.words] == [1.0, 0.5, 0.0]


def test_capitals_show_an_interruption() -> None:
    """A sentence that begins within another belongs to another speaker, and so does the continuation after it."""
    words = evenly("so", "we", "could", "Right,", "that", "is.", "take", "it.", "Well.", "Good.")
    turns = diarization((0, 1.0, "A"), (1.0, 1.7, "B"), (1.7, 3.4, "A"))
    assert lines(attribute(words, turns)) == [
        ("A", "so we could"),
        ("B", "Right, that is."),
        ("A", "take it. Well. Good."),
    ]
    assert speakers(attribute(words, turns, AttributionSettings(case=False))) == ["A"] * 10


def test_capitals_of_nouns_are_ignored() -> None:
    """If most capitals are within sentences, as in German, they do not show a change of speaker."""
    words = evenly("Der", "Hund", "hat", "den", "Ball", "im", "Garten.", "Die", "Katze", "nicht.")
    turns = diarization((0, 1.2, "A"), (1.2, 1.75, "B"), (1.75, 3.0, "A"))
    assert speakers(attribute(words, turns)) == ["A"] * 10


@pytest.mark.parametrize("source", ["channel", "hint", "edit"])
def test_a_speaker_from_a_trusted_source_is_kept(source: str) -> None:
    words = one_segment(("hi", 0.0, 1.0), speaker="Ann", speaker_source=source)
    result = attribute(words, diarization((0, 1, "A")))
    assert (result.words[0].speaker, result.words[0].speaker_source) == ("Ann", source)


def test_the_time_grows_with_words_plus_turns_not_with_their_product() -> None:
    """20 000 words and turns would take minutes if every word were compared with every turn."""
    count = range(20_000)
    transcript = Transcript((Segment(tuple(Word("w", i * 0.5, i * 0.5 + 0.25) for i in count)),), Meta("en", 10000.0))
    turns = Diarization(tuple(Turn(i * 0.5, i * 0.5 + 0.4, "ABCD"[i % 4]) for i in count), ())
    result = attribute(transcript, turns)
    assert all(word.speaker == "ABCD"[i % 4] for i, word in enumerate(result.words))
