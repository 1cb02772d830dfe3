"""Every word keeps its text and its place, and gets the speaker that the turns under it name."""

from __future__ import annotations

from itertools import pairwise

import pytest

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.errors import SettingsError
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

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


def test_each_word_takes_the_speaker_that_covers_most_of_it() -> None:
    result = attribute(
        said(("Hi.", 0.0, 1.0), ("Hello", 1.0, 2.0), ("there.", 2.0, 3.0)),
        found((0, 1.4, "A"), (1.4, 3, "B")),
    )
    assert lines(result) == [("A", "Hi."), ("B", "Hello there.")]
    assert [(word.speaker_score, word.speaker_source) for word in result.words] == [
        (1.0, "turn"),
        (0.6, "turn"),
        (1.0, "turn"),
    ]


def test_a_backchannel_inside_a_turn_is_heard_with_exclusive_turns() -> None:
    words = (("so", 0.0, 1.0), ("mm-hm", 1.0, 1.5), ("then", 1.5, 2.0))
    overlapping = ((0.0, 3.0, "A"), (1.0, 1.5, "B"))
    exclusive = ((0.0, 1.0, "A"), (1.0, 1.5, "B"), (1.5, 3.0, "A"))
    with_exclusive = attribute(said(*words), found(*overlapping, exclusive=exclusive))
    assert lines(with_exclusive) == [("A", "so"), ("B", "mm-hm"), ("A", "then")]
    assert [word.overlap for word in with_exclusive.words] == [False, True, False]
    assert speakers(attribute(said(*words), found(*overlapping))) == ["A", "A", "A"]


def test_at_a_tie_the_longest_turn_wins() -> None:
    assert speakers(attribute(said(("yes", 4.0, 5.0)), found((3, 6, "A"), (0, 9, "B")))) == ["B"]


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


def test_nobody_found_means_nobody_said_it() -> None:
    result = attribute(attribute(said(("hi", 0.0, 1.0)), found((0, 1, "A"))), NOTHING)
    assert speakers(result) == [None]
    assert result.turns == ()


def test_without_diarization_only_segments_are_cut() -> None:
    result = attribute(said(("Yes.", 0.0, 1.0), ("No.", 1.4, 2.0), ("Well", 2.1, 2.2), ("so", 3.5, 4.0)), None)
    assert lines(result) == [(None, "Yes."), (None, "No. Well"), (None, "so")]


def test_turns_and_warnings_go_into_meta() -> None:
    diarization = Diarization((Turn(0, 1, "A"),), (Turn(0, 0.9, "A"),), warnings=("found 1 speaker, not 2",))
    meta = attribute(said(("hi", 0.0, 1.0)), diarization).meta
    assert (meta.turns, meta.exclusive, meta.warnings) == (
        diarization.turns,
        diarization.exclusive,
        diarization.warnings,
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


SENTENCE = (("Is", 0.0, 0.3), ("it?", 0.3, 0.6), ("Yes", 0.6, 0.9), ("it", 0.9, 1.2), ("is.", 1.2, 1.5))


def test_a_change_of_speaker_snaps_to_a_sentence_end_when_asked() -> None:
    late = found((0, 0.9, "A"), (0.9, 1.5, "B"))
    early = found((0, 0.3, "A"), (0.3, 1.5, "B"))
    snap = AttributionSettings(snap_words=2)
    assert lines(attribute(said(*SENTENCE), late)) == [("A", "Is it? Yes"), ("B", "it is.")]
    for diarization in (late, early):
        result = attribute(said(*SENTENCE), diarization, snap)
        assert lines(result) == [("A", "Is it?"), ("B", "Yes it is.")]
    assert result.words[1].speaker_source == "nearest"


def test_a_snap_never_swallows_a_backchannel() -> None:
    words = (("so", 0.0, 0.3), ("yeah.", 0.3, 0.6), ("then", 0.6, 0.9), ("we", 0.9, 1.2))
    result = attribute(
        said(*words),
        found((0, 0.3, "A"), (0.3, 0.6, "B"), (0.6, 1.2, "A")),
        AttributionSettings(snap_words=2),
    )
    assert speakers(result) == ["A", "B", "A", "A"]


def test_an_hour_of_words_and_turns_takes_the_time_of_sorting_not_of_pairs() -> None:
    ticks = range(20_000)
    transcript = Transcript((Segment(tuple(Word("w", i * 0.3, i * 0.3 + 0.25) for i in ticks)),), Meta("en", 6000.0))
    many = Diarization(tuple(Turn(i * 0.3, i * 0.3 + 0.4, "ABCD"[i % 4]) for i in ticks), ())
    result = attribute(transcript, many)
    assert all(word.speaker == "ABCD"[i % 4] for i, word in enumerate(result.words))


@pytest.mark.parametrize("wrong", [{"max_gap": -1.0}, {"pause": float("nan")}, {"max_segment": 0.0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        AttributionSettings(**wrong)  # type: ignore[arg-type]


def test_words_of_several_speakers_alternate_in_segments() -> None:
    result = attribute(
        said(*((str(i), i * 1.0, i + 0.9) for i in range(6))),
        found(*((i, i + 1, "AB"[i % 2]) for i in range(6))),
    )
    assert all(a.speaker != b.speaker for a, b in pairwise(result.segments))
