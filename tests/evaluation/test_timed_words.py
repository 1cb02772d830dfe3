"""The right words of the right speaker at the right time: tcpWER, equal to meeteval's."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import ErrorRate, Spoken, cpwer, tcpwer, texts
from meetscribe.evaluation.timed import timed_wer

Words = list[Spoken]
Streams = dict[str, Words]

unhurried = settings(deadline=None)  # numpy and scipy are imported on first use


@st.composite
def spoken(draw: st.DrawFn, speaker: str) -> Words:
    """Words in order of their start; the ends may come in any order. Eighths of seconds are exact in binary."""
    starts = sorted(draw(st.lists(st.integers(0, 200), max_size=7)))
    return [
        Spoken(draw(st.sampled_from("abc")), speaker, start / 8, start / 8 + draw(st.integers(0, 24)) / 8)
        for start in starts
    ]


def streams(speakers: str) -> st.SearchStrategy[Streams]:
    return st.fixed_dictionaries({}, optional={speaker: spoken(speaker) for speaker in speakers})


truth, guess = streams("ABC"), streams("XYZ")
collars = st.sampled_from([0.0, 0.5, 2.0, 5.0])


def slow_errors(reference: Words, hypothesis: Words, collar: float) -> int:
    """Wagner and Fischer's recursion, all cells of it."""

    @cache
    def edits(line: int, column: int) -> int:
        if not line or not column:
            return line + column
        best = min(edits(line - 1, column), edits(line, column - 1)) + 1
        one, other = reference[line - 1], hypothesis[column - 1]
        middle = (other.start + other.end) / 2
        if one.start - collar < middle < one.end + collar:
            best = min(best, edits(line - 1, column - 1) + (one.text != other.text))
        return best

    return edits(len(reference), len(hypothesis))


@unhurried
@given(spoken("A"), spoken("X"), collars)
def test_errors_are_those_of_the_whole_table(reference: Words, hypothesis: Words, collar: float) -> None:
    rate = timed_wer(reference, hypothesis, collar)
    assert rate.errors == slow_errors(reference, hypothesis, collar)
    assert rate.length == len(reference)
    assert rate.insertions - rate.deletions == len(hypothesis) - len(reference)


@unhurried
@given(truth)
def test_the_truth_under_other_names_has_no_errors(reference: Streams) -> None:
    renamed = {f"speaker {name}": words for name, words in reversed(reference.items())}
    assert tcpwer(reference, renamed, collar=0.1).errors == 0


@unhurried
@given(truth, guess, collars)
def test_the_order_of_speakers_does_not_matter(reference: Streams, hypothesis: Streams, collar: float) -> None:
    turned = dict(reversed(hypothesis.items()))
    assert tcpwer(reference, turned, collar=collar).errors == tcpwer(reference, hypothesis, collar=collar).errors


@unhurried
@given(truth, guess, collars)
def test_times_only_add_errors_and_without_limit_none(reference: Streams, hypothesis: Streams, collar: float) -> None:
    plain = cpwer(*({name: texts(words) for name, words in side.items()} for side in (reference, hypothesis)))
    assert tcpwer(reference, hypothesis, collar=collar).errors >= plain.errors
    assert tcpwer(reference, hypothesis, collar=1000).errors == plain.errors


@unhurried
@given(truth, guess)
def test_a_wider_collar_never_adds_errors(reference: Streams, hypothesis: Streams) -> None:
    errors = [tcpwer(reference, hypothesis, collar=collar).errors for collar in (0, 0.5, 2, 5, 100)]
    assert errors == sorted(errors, reverse=True)


@unhurried
@given(truth, guess, collars)
def test_the_assignment_names_every_speaker_once(reference: Streams, hypothesis: Streams, collar: float) -> None:
    rate = tcpwer(reference, hypothesis, collar=collar)
    assert sorted(one for one, _ in rate.assignment if one is not None) == sorted(reference)
    assert sorted(other for _, other in rate.assignment if other is not None) == sorted(hypothesis)
    assert rate.errors == sum(
        timed_wer(reference.get(one or "", []), hypothesis.get(other or "", []), collar).errors
        for one, other in rate.assignment
    )


@settings(max_examples=100, deadline=None)
@given(truth.filter(lambda side: any(side.values())), guess.filter(lambda side: any(side.values())), collars)
def test_errors_are_those_of_meeteval(reference: Streams, hypothesis: Streams, collar: float) -> None:
    meeteval = pytest.importorskip("meeteval", reason="meeteval, which must be compiled, is not installed")
    logging.getLogger("preprocess").setLevel(logging.ERROR)  # it finds the generated times odd
    theirs = meeteval.wer.time_constrained_minimum_permutation_word_error_rate(
        segments(meeteval, reference), segments(meeteval, hypothesis), collar=collar
    )
    ours = tcpwer(reference, hypothesis, collar=collar)
    assert (ours.errors, ours.length) == (theirs.errors, theirs.length)


def segments(meeteval: Any, side: Streams) -> Any:
    """The words as meeteval takes them, each a segment of its own."""
    rows = [
        {"session_id": "", "speaker": word.speaker, "start_time": word.start, "end_time": word.end, "words": word.text}
        for word in sorted((word for words in side.values() for word in words), key=lambda word: word.start)
    ]
    return meeteval.io.SegLST(rows)


def test_a_word_said_at_another_time_is_missing_there_and_invented_here() -> None:
    said = [Spoken("yes", "A", 0, 1), Spoken("no", "A", 20, 21)]
    found = [Spoken("no", "1", 4.4, 4.6), Spoken("yes", "1", 20, 21)]
    assert timed_wer(said, found, 5.0) == ErrorRate(2, 2, 0, 0, 2)
    assert timed_wer(said, found, 3.5) == ErrorRate(3, 2, 1, 1, 1)


def test_a_negative_collar_is_refused() -> None:
    with pytest.raises(ValueError, match="collar"):
        timed_wer([], [], -1)
