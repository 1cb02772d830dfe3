"""tcpWER: words match only if their times are close, equal to that of meeteval."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import ErrorRate, ScoredWord, cpwer, tcpwer, texts
from meetscribe.evaluation.metrics.time_constrained import timed_wer

Words = list[ScoredWord]
Streams = dict[str, Words]

quick = settings(max_examples=40, deadline=None)  # numpy and scipy are imported on first use


@st.composite
def some_words(draw: st.DrawFn, speaker: str) -> Words:
    """Draw words in order of their starts, with ends in any order; times are eighths of seconds, exact in binary."""
    starts = sorted(draw(st.lists(st.integers(0, 200), max_size=7)))
    return [
        ScoredWord(draw(st.sampled_from("abc")), speaker, start / 8, start / 8 + draw(st.integers(0, 24)) / 8)
        for start in starts
    ]


def streams(speakers: str) -> st.SearchStrategy[Streams]:
    return st.fixed_dictionaries({}, optional={speaker: some_words(speaker) for speaker in speakers})


references, hypotheses = streams("ABC"), streams("XYZ")
collars = st.sampled_from([0.0, 0.5, 2.0, 5.0])


def slow_errors(reference: Words, hypothesis: Words, collar: float) -> int:
    """Return the edits by the recursion of Wagner and Fischer, without a band."""

    @cache
    def edits(row: int, column: int) -> int:
        if not row or not column:
            return row + column
        best = min(edits(row - 1, column), edits(row, column - 1)) + 1
        one, other = reference[row - 1], hypothesis[column - 1]
        middle = (other.start + other.end) / 2
        if one.start - collar < middle < one.end + collar:
            best = min(best, edits(row - 1, column - 1) + (one.text != other.text))
        return best

    return edits(len(reference), len(hypothesis))


@quick
@given(some_words("A"), some_words("X"), collars)
def test_errors_equal_those_of_the_whole_table(reference: Words, hypothesis: Words, collar: float) -> None:
    rate = timed_wer(reference, hypothesis, collar)
    assert rate.errors == slow_errors(reference, hypothesis, collar)
    assert rate.length == len(reference)
    assert rate.insertions - rate.deletions == len(hypothesis) - len(reference)


@quick
@given(references)
def test_the_reference_with_other_speaker_names_has_no_errors(reference: Streams) -> None:
    renamed = {f"speaker {name}": words for name, words in reversed(reference.items())}
    assert tcpwer(reference, renamed, collar=0.1).errors == 0


@quick
@given(references, hypotheses, collars)
def test_the_order_of_speakers_does_not_matter(reference: Streams, hypothesis: Streams, collar: float) -> None:
    turned = dict(reversed(hypothesis.items()))
    assert tcpwer(reference, turned, collar=collar).errors == tcpwer(reference, hypothesis, collar=collar).errors


@quick
@given(references, hypotheses, collars)
def test_times_only_add_errors_and_a_wide_collar_adds_none(
    reference: Streams, hypothesis: Streams, collar: float
) -> None:
    plain = cpwer(*({name: texts(words) for name, words in side.items()} for side in (reference, hypothesis)))
    assert tcpwer(reference, hypothesis, collar=collar).errors >= plain.errors
    assert tcpwer(reference, hypothesis, collar=1000).errors == plain.errors


@quick
@given(references, hypotheses)
def test_a_wider_collar_never_adds_errors(reference: Streams, hypothesis: Streams) -> None:
    errors = [tcpwer(reference, hypothesis, collar=collar).errors for collar in (0, 0.5, 2, 5, 100)]
    assert errors == sorted(errors, reverse=True)


@quick
@given(references, hypotheses, collars)
def test_the_assignment_names_every_speaker_once(reference: Streams, hypothesis: Streams, collar: float) -> None:
    rate = tcpwer(reference, hypothesis, collar=collar)
    assert sorted(one for one, _ in rate.assignment if one is not None) == sorted(reference)
    assert sorted(other for _, other in rate.assignment if other is not None) == sorted(hypothesis)
    assert rate.errors == sum(
        timed_wer(reference.get(one or "", []), hypothesis.get(other or "", []), collar).errors
        for one, other in rate.assignment
    )


@settings(max_examples=60, deadline=None)
@given(references.filter(lambda side: any(side.values())), hypotheses.filter(lambda side: any(side.values())), collars)
def test_errors_equal_those_of_meeteval(reference: Streams, hypothesis: Streams, collar: float) -> None:
    meeteval = pytest.importorskip("meeteval", reason="meeteval, which must be compiled, is not installed")
    logging.getLogger("preprocess").setLevel(logging.ERROR)  # it warns about the generated times
    theirs = meeteval.wer.time_constrained_minimum_permutation_word_error_rate(
        segments(meeteval, reference), segments(meeteval, hypothesis), collar=collar
    )
    ours = tcpwer(reference, hypothesis, collar=collar)
    assert (ours.errors, ours.length) == (theirs.errors, theirs.length)


def segments(meeteval: Any, side: Streams) -> Any:
    """Return the words as segments of meeteval, one per word."""
    rows = [
        {"session_id": "", "speaker": word.speaker, "start_time": word.start, "end_time": word.end, "words": word.text}
        for word in sorted((word for words in side.values() for word in words), key=lambda word: word.start)
    ]
    return meeteval.io.SegLST(rows)


def test_a_word_at_another_time_is_a_deletion_and_an_insertion() -> None:
    expected = [ScoredWord("yes", "A", 0, 1), ScoredWord("no", "A", 20, 21)]
    found = [ScoredWord("no", "1", 4.4, 4.6), ScoredWord("yes", "1", 20, 21)]
    assert timed_wer(expected, found, 5.0) == ErrorRate(2, 2, 0, 0, 2)
    assert timed_wer(expected, found, 3.5) == ErrorRate(3, 2, 1, 1, 1)


def test_a_negative_collar_is_rejected() -> None:
    with pytest.raises(ValueError, match="collar"):
        timed_wer([], [], -1)
