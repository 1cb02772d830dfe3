"""Every word keeps its text and its place, and gets the speaker that the turns under it name."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.errors import SettingsError
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.support.notices import notices

NOTHING = Diarization((), ())


def said(*words: tuple[str, float, float], **known: object) -> Transcript:
    """A transcript of one segment, as a recognizer's chunk gives it."""
    segment = Segment(tuple(Word(text, start, end, **known) for text, start, end in words))  # type: ignore[arg-type]
    return Transcript((segment,), Meta("en", 60.0))


def found(*turns: tuple[float, float, str], exclusive: tuple[tuple[float, float, str], ...] = ()) -> Diarization:
    return Diarization(tuple(Turn(*turn) for turn in turns), tuple(Turn(*turn) for turn in exclusive))


def lines(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(segment.speaker, segment.text) for segment in transcript.segments]


def speakers(transcript: Transcript) -> list[str | None]:
    return [word.speaker for word in transcript.words]


def test_a_turn_that_begins_a_little_late_begins_with_the_sentence() -> None:
    """The word before the turn goes to it; whoever covers most of it, it says so."""
    words = said(("Hi.", 0.0, 0.4), ("Hello", 0.4, 0.8), ("over", 0.8, 1.2), ("there.", 1.2, 1.6))
    result = attribute(words, found((0, 0.6, "A"), (0.6, 1.6, "B")))
    assert lines(result) == [("A", "Hi."), ("B", "Hello over there.")]
    assert [(word.speaker_score, word.speaker_source) for word in result.words] == [
        (1.0, "turn"),
        (0.5, "smoothed"),
        (1.0, "turn"),
        (1.0, "turn"),
    ]


def test_a_change_of_speaker_waits_for_the_end_of_the_sentence_while_both_talk() -> None:
    """In a handover with overlap, the clause is not torn, wherever the overlap begins."""
    words = ("so", "we", "do", "it.", "Fine", "by", "me.")
    spoken = said(*((word, i * 0.3, i * 0.3 + 0.3) for i, word in enumerate(words)))
    for begin in (0.7, 0.9, 1.1):
        assert lines(attribute(spoken, found((0, 1.5, "A"), (begin, 2.1, "B")))) == [
            ("A", "so we do it."),
            ("B", "Fine by me."),
        ]


def test_a_backchannel_between_pauses_keeps_its_speaker() -> None:
    """One word of another, with a pause before and after it, is heard inside a long turn."""
    words = (("so", 0.0, 0.3), ("then", 0.3, 0.6), ("mm-hm", 0.9, 1.2), ("we", 1.5, 1.8), ("go", 1.8, 2.1))
    result = attribute(said(*words), found((0, 2.1, "A"), (0.85, 1.25, "B")))
    assert lines(result) == [("A", "so then"), ("B", "mm-hm"), ("A", "we go")]
    assert [word.overlap for word in result.words] == [False, False, True, False, False]


def test_a_lone_word_within_a_clause_does_not_change_speaker() -> None:
    """A turn of a fifth of a second between the words of a clause is the diarizer's, not the speaker's."""
    words = [(text, i * 0.3, i * 0.3 + 0.3) for i, text in enumerate(("we", "could", "do", "that", "too."))]
    result = attribute(said(*words), found((0, 0.6, "A"), (0.6, 0.8, "B"), (0.8, 1.5, "A")))
    assert lines(result) == [("A", "we could do that too.")]
    assert result.words[2].speaker_source == "smoothed"


def test_without_any_punctuation_fewer_words_make_a_turn() -> None:
    """Where no word ends a sentence, nothing is known about clauses; where one does, three words are not enough."""
    words = [(str(i), i * 0.3, i * 0.3 + 0.3) for i in range(12)]
    turns = found((0, 1.2, "A"), (1.2, 2.4, "B"), (2.4, 3.6, "A"))
    assert speakers(attribute(said(*words), turns)) == ["A"] * 4 + ["B"] * 4 + ["A"] * 4
    words[0] = ("0.", *words[0][1:])
    shorter = found((0, 1.2, "A"), (1.2, 2.1, "B"), (2.1, 3.6, "A"))
    assert speakers(attribute(said(*words), shorter)) == ["A"] * 12


def test_a_stretched_end_changes_nothing() -> None:
    """A word that is said to last until the next speaker has spoken for a while stays with its own."""
    turns = found((0, 1.0, "A"), (1.3, 4, "B"))
    assert speakers(attribute(said(("done.", 0.5, 3.8), ("Well", 3.8, 4.0)), turns)) == ["A", "B"]


def test_turns_that_all_come_late_are_moved_to_the_words() -> None:
    """A diarizer whose clock is 0.4 s behind gives almost the same speakers as one that is right."""
    chance = random.Random(1)
    words, turns, time = [], [], 0.0
    for i in range(300):
        begin, speaker = time, "ABC"[i % 3]
        for text in [speaker] * chance.randint(3, 8) + [f"{speaker}."]:
            words.append((text, time, time := time + chance.uniform(0.1, 0.5)))
        turns.append((begin + 0.4, time + 0.4, speaker))

    def wrong(max_lag: float) -> int:
        result = attribute(said(*words), found(*turns), AttributionSettings(max_lag=max_lag))
        return sum(word.text[0] != word.speaker for word in result.words)

    assert 4 * wrong(0.4) < wrong(0.0)


def test_the_rule_of_whisperx_is_kept_for_comparison() -> None:
    """By max-overlap, a tie goes to the turn that began first, and what no turn covers to nobody."""
    plain = AttributionSettings(method="max-overlap")
    result = attribute(
        said(("no", 0.0, 0.2), ("so", 1.0, 1.3), ("yes", 2.0, 2.4), ("and", 2.8, 3.2)),
        found((0.5, 3, "A"), (2, 2.4, "B"), (3, 4, "C")),
        plain,
    )
    assert speakers(result) == [None, "A", "A", "A"]
    assert speakers(attribute(said(("and", 2.7, 3.2)), found((2.8, 3, "A"), (2.9, 3.2, "B")), plain)) == ["B"]


def test_exclusive_turns_do_where_there_are_no_others() -> None:
    """Turns that may overlap say more; without them, the exclusive ones are taken."""
    both = found((0, 9, "A"), exclusive=((0, 9, "B"),))
    assert speakers(attribute(said(("yes", 4.0, 5.0)), both)) == ["A"]
    assert speakers(attribute(said(("yes", 4.0, 5.0)), found(exclusive=((0, 9, "B"),)))) == ["B"]


def test_a_word_in_a_gap_takes_the_nearest_edge_not_the_nearest_middle() -> None:
    result = attribute(said(("well", 60.1, 60.3)), found((0, 60, "A"), (61.5, 62.5, "B")))
    assert speakers(result) == ["A"]
    assert (result.words[0].speaker_source, result.words[0].speaker_score) == ("nearest", 0.0)


def test_a_word_too_far_from_every_turn_has_no_speaker() -> None:
    result = attribute(said(("lost", 5.0, 5.5)), found((0, 2.999, "A"), (7.501, 9, "B")))
    assert (result.words[0].speaker, result.words[0].speaker_score, result.words[0].speaker_source) == (None,) * 3
    assert speakers(attribute(said(("kept", 5.0, 5.5)), found((0, 3, "A")))) == ["A"]


def test_a_word_without_duration_belongs_to_the_turn_it_lies_in() -> None:
    result = attribute(said(("oh", 1.0, 1.0)), found((0, 2, "A"), (2, 3, "B")))
    assert (result.words[0].speaker, result.words[0].speaker_source) == ("A", "turn")


def test_overlap_is_simultaneous_speech_not_a_change_of_speaker() -> None:
    halves = attribute(said(("word", 0.0, 1.0)), found((0, 0.5, "A"), (0.5, 1, "B")))
    both = attribute(said(("word", 0.0, 1.0)), found((0, 1, "A"), (0.5, 1, "B")))
    assert (halves.words[0].overlap, both.words[0].overlap) == (False, True)
    assert [round(done.words[0].speaker_score or 0, 2) for done in (halves, both)] == [0.5, 0.67]


def test_the_score_says_how_sure_a_speaker_is() -> None:
    """All of the word under its speaker alone is 1, under two speakers a half, in a pause 0."""
    words = said(("one", 0.0, 1.0), ("two", 3.0, 4.0), ("well", 6.0, 6.5))
    result = attribute(words, found((0, 1, "A"), (3, 5.5, "A"), (3, 5.0, "B")))
    assert [word.speaker_score for word in result.words] == [1.0, 0.5, 0.0]


def test_capitals_tell_where_another_breaks_in() -> None:
    """A sentence that begins before the last one ended is another's, and so is what goes on after it."""
    words = ("so", "we", "could", "Right,", "that", "is.", "take", "it.", "Well.", "Good.")
    spoken = said(*((word, i * 0.3, i * 0.3 + 0.3) for i, word in enumerate(words)))
    turns = found((0, 1.0, "A"), (1.0, 1.7, "B"), (1.7, 3.4, "A"))
    own, other, rest = lines(attribute(spoken, turns))
    assert (own, other) == (("A", "so we could"), ("B", "Right, that is."))
    assert rest == ("A", "take it. Well. Good.")
    plain = attribute(spoken, turns, AttributionSettings(case=False))
    assert speakers(plain) == ["A"] * 10


def test_capitals_of_nouns_tell_nothing() -> None:
    """Where most capitals stand within sentences, as in German, they are no sign of another speaker."""
    words = ("Der", "Hund", "hat", "den", "Ball", "im", "Garten.", "Die", "Katze", "nicht.")
    spoken = said(*((word, i * 0.3, i * 0.3 + 0.3) for i, word in enumerate(words)))
    turns = found((0, 1.2, "A"), (1.2, 1.75, "B"), (1.75, 3.0, "A"))
    assert speakers(attribute(spoken, turns)) == ["A"] * 10


def test_nobody_found_means_nobody_said_it() -> None:
    result = attribute(attribute(said(("hi", 0.0, 1.0)), found((0, 1, "A"))), NOTHING)
    assert speakers(result) == [None]
    assert result.turns == ()


def test_without_diarization_only_segments_are_cut() -> None:
    result = attribute(said(("Yes.", 0.0, 1.0), ("No.", 1.4, 2.0), ("Well", 2.1, 2.2), ("so", 3.5, 4.0)), None)
    assert lines(result) == [(None, "Yes."), (None, "No. Well"), (None, "so")]


def test_turns_and_notices_go_into_meta() -> None:
    diarization = Diarization((Turn(0, 1, "A"),), (Turn(0, 0.9, "A"),), notices=notices("found 1 speaker, not 2"))
    meta = attribute(said(("hi", 0.0, 1.0)), diarization).meta
    assert (meta.turns, meta.exclusive, meta.notices) == (
        diarization.turns,
        diarization.exclusive,
        diarization.notices,
    )


@pytest.mark.parametrize("source", ["channel", "hint", "edit"])
def test_a_speaker_known_better_than_by_turns_is_kept(source: str) -> None:
    result = attribute(said(("hi", 0.0, 1.0), speaker="Ann", speaker_source=source), found((0, 1, "A")))
    assert (result.words[0].speaker, result.words[0].speaker_source) == ("Ann", source)


def test_a_long_stretch_is_cut_at_a_sentence_end_else_at_the_longest_pause() -> None:
    steady = [(f"w{i}", float(i), i + 0.95) for i in range(10)]
    steady[6] = ("end.", 6.0, 6.95)
    short = AttributionSettings(max_segment=8.0)
    assert [len(s.words) for s in attribute(said(*steady), None, short).segments] == [7, 3]
    steady[6] = ("w6", 6.0, 6.95)
    steady[5] = ("w5", 5.0, 5.8)
    assert [len(s.words) for s in attribute(said(*steady), None, short).segments] == [6, 4]


def test_an_hour_of_words_and_turns_takes_the_time_of_sorting_not_of_pairs() -> None:
    ticks = range(20_000)
    transcript = Transcript((Segment(tuple(Word("w", i * 0.5, i * 0.5 + 0.25) for i in ticks)),), Meta("en", 10000.0))
    many = Diarization(tuple(Turn(i * 0.5, i * 0.5 + 0.4, "ABCD"[i % 4]) for i in ticks), ())
    result = attribute(transcript, many)
    assert all(word.speaker == "ABCD"[i % 4] for i, word in enumerate(result.words))


@pytest.mark.parametrize(
    "wrong", [{"method": "majority"}, {"max_gap": -1.0}, {"pause": float("nan")}, {"max_segment": 0.0}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        AttributionSettings(**wrong)  # type: ignore[arg-type]


def test_words_of_several_speakers_alternate_in_segments() -> None:
    result = attribute(
        said(*((str(i), i * 1.0, i + 0.9) for i in range(6))),
        found(*((i, i + 1, "AB"[i % 2]) for i in range(6))),
    )
    assert all(a.speaker != b.speaker for a, b in pairwise(result.segments))
