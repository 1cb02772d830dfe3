"""Only dense speech of a speaker alone counts: enough words, fast enough, without pauses and overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.profiles.dense_speech import MAX_SPEECH, MIN_RATE, MIN_WORDS, dense_speech, longest_speech
from meetscribe.testing import synthetic_meeting
from meetscribe.timeline import Span, Turn, total
from meetscribe.transcript import Meta, Segment, Transcript, Word


def talk(*runs: tuple[str, float, int, float], turns: tuple[Turn, ...] = (), overlap: bool = False) -> Transcript:
    """Return a transcript of runs: speaker, start, number of words, and seconds per word."""
    segments = [
        Segment(
            tuple(
                Word("so", start + n * each, start + (n + 1) * each, speaker=who, overlap=overlap) for n in range(words)
            )
        )
        for who, start, words, each in runs
    ]
    return Transcript(tuple(segments), Meta("en", 1000.0, turns=turns))


def test_a_dense_run_counts() -> None:
    """Six words at 2.5 words per second are dense speech, from the first to the last."""
    assert dense_speech(talk(("A", 1.0, 6, 0.4))) == {"A": (Span(1.0, 3.4),)}


def test_fillers_do_not_count() -> None:
    """Runs with too few words, or too slow, or overlapped by another speaker, are left out."""
    assert dense_speech(talk(("A", 1.0, MIN_WORDS - 1, 0.4))) == {"A": ()}
    assert dense_speech(talk(("A", 1.0, 6, 1 / MIN_RATE + 0.1))) == {"A": ()}
    assert dense_speech(talk(("A", 1.0, 6, 0.4), overlap=True)) == {"A": ()}


def test_a_pause_or_another_speaker_ends_a_run() -> None:
    """Six words in two runs of three are not dense speech."""
    assert dense_speech(talk(("A", 1.0, 3, 0.4), ("A", 4.0, 3, 0.4))) == {"A": ()}
    assert dense_speech(talk(("A", 1.0, 3, 0.4), ("B", 2.2, 1, 0.1), ("A", 2.3, 3, 0.4))) == {"A": (), "B": ()}


def test_what_overlaps_a_turn_of_another_speaker_is_cut_out() -> None:
    """Turns of others, also without words, are not part of the speech."""
    turns = (Turn(1.0, 9.0, "A"), Turn(3.0, 4.0, "B"))
    assert dense_speech(talk(("A", 1.0, 20, 0.4), turns=turns)) == {"A": (Span(1.0, 3.0), Span(4.0, 9.0))}


def test_the_longest_runs_are_taken_up_to_the_limit() -> None:
    """No more than MAX_SPEECH seconds are used, in order of time."""
    runs = [("A", 100.0 * n, 60 + n, 0.4) for n in range(4)]
    found = dense_speech(talk(*runs))["A"]
    assert total(found) == pytest.approx(MAX_SPEECH)
    assert [span.start for span in found] == [100.0, 200.0, 300.0]
    assert [span.duration for span in found] == pytest.approx([10.0, 24.8, 25.2])


@given(st.integers(0, 50))
def test_speech_is_the_speakers_alone(seed: int) -> None:
    """In any meeting, the speech of a speaker lies within his turns, and never within those of others."""
    transcript = synthetic_meeting(turns=12, seed=seed).transcript
    for label, spans in dense_speech(transcript).items():
        for span in spans:
            for turn in transcript.turns:
                assert turn.speaker == label or turn.span.overlap(span) <= 1e-9


def test_the_speech_of_one_speaker_alone() -> None:
    """Without words, the longest detected speech is taken."""
    assert longest_speech([Span(0, 0.3), Span(1, 3), Span(2, 5)]) == (Span(1, 5),)
