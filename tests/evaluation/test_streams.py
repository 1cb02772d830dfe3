"""Errors that no speaker label makes: ORC-WER, equal to meeteval's."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import ErrorRate, cpwer, orcwer, wer
from meetscribe.evaluation.search import best_first
from meetscribe.evaluation.streams import ORC_LIMIT, orc_steps
from meetscribe.evaluation.words import distance

Utterances = list[list[str]]
Streams = dict[str, list[str]]

unhurried = settings(deadline=None)  # numpy and scipy are imported on first use

word = st.sampled_from(["ask", "be", "can"])
utterances = st.lists(st.lists(word, max_size=3), max_size=5)
streams = st.dictionaries(st.sampled_from("XYZ"), st.lists(word, max_size=5), max_size=3)


def slow_errors(reference: Utterances, hypothesis: Streams) -> int:
    """Every way to give utterances to streams."""
    found = list(hypothesis.values()) or [[]]
    best = []
    for places in itertools.product(range(len(found)), repeat=len(reference)):
        given_to = [
            [said for words, place in zip(reference, places, strict=True) if place == own for said in words]
            for own in range(len(found))
        ]
        best.append(sum(map(distance, given_to, found)))
    return min(best)


@settings(max_examples=60, deadline=None)
@given(utterances, streams)
def test_errors_are_the_least_over_all_ways_to_give_utterances_to_streams(
    reference: Utterances, hypothesis: Streams
) -> None:
    rate = orcwer(reference, hypothesis)
    assert rate.errors == slow_errors(reference, hypothesis)
    assert rate.length == sum(map(len, reference))


@unhurried
@given(st.lists(st.tuples(st.sampled_from("AB"), st.lists(word, min_size=1, max_size=3)), max_size=6), streams)
def test_it_is_at_most_the_cpwer_if_there_is_a_stream_for_everybody(
    said: list[tuple[str, list[str]]], hypothesis: Streams
) -> None:
    by_speaker: Streams = {}
    for speaker, words in said:
        by_speaker.setdefault(speaker, []).extend(words)
    hypothesis = {**{name: [] for name in "XYZ"}, **hypothesis}
    assert orcwer([words for _, words in said], hypothesis).errors <= cpwer(by_speaker, hypothesis).errors


@unhurried
@given(utterances, streams)
def test_names_and_their_order_do_not_matter(reference: Utterances, hypothesis: Streams) -> None:
    renamed = {f"stream {name}": hypothesis[name] for name in reversed(hypothesis)}
    assert orcwer(reference, renamed).errors == orcwer(reference, hypothesis).errors


@unhurried
@given(utterances, st.lists(word, max_size=6))
def test_with_one_stream_it_is_the_word_error_rate(reference: Utterances, found: list[str]) -> None:
    assert orcwer(reference, {"X": found}) == wer([said for words in reference for said in words], found)


def test_without_streams_everything_is_missing() -> None:
    assert orcwer([["yes", "no"]], {}) == ErrorRate(2, 2, 0, 2, 0)


@unhurried
@given(utterances.filter(any), streams.filter(lambda side: any(side.values())))
def test_a_search_finds_as_few_errors(reference: Utterances, hypothesis: Streams) -> None:
    said = [words for words in reference if words]
    found = [words for words in hypothesis.values() if words]
    places = best_first(said, found)
    assert places is not None
    shares: Utterances = [[] for _ in found]
    for words, place in zip(said, places, strict=True):
        shares[place] += words
    assert sum(map(distance, shares, found)) == slow_errors(reference, hypothesis)


def test_few_errors_are_found_in_long_streams() -> None:
    """Of three speakers with 80 different words each, in utterances of ten in turn: two are wrong, one is elsewhere."""
    said = {name: [f"{name}{number}" for number in range(80)] for name in "ABC"}
    reference = [said[name][first : first + 10] for first in range(0, 80, 10) for name in "ABC"]
    hypothesis = {name: list(words) for name, words in said.items()}
    hypothesis["A"][17] = hypothesis["B"][33] = "wrong"
    hypothesis["C"].insert(40, hypothesis["A"].pop(40))
    assert orc_steps(reference, hypothesis) > ORC_LIMIT
    assert orcwer(reference, hypothesis) == ErrorRate(4, 240, 1, 1, 2)


@pytest.mark.parametrize("count", [1000, 60])
def test_what_takes_too_long_is_refused(count: int) -> None:
    """Too many words, or too many ways that are as good."""
    long = {name: ["yes", "no"] * count for name in "XYZ"}
    reference = [["no", "yes"]] * 3 * count
    assert orc_steps(reference, long) > ORC_LIMIT
    with pytest.raises(ValueError, match="too long to be exact"):
        orcwer(reference, long)


@settings(max_examples=60, deadline=None)
@given(utterances.filter(any), streams.filter(lambda side: any(side.values())))
def test_errors_are_those_of_meeteval(reference: Utterances, hypothesis: Streams) -> None:
    meeteval = pytest.importorskip("meeteval", reason="meeteval, which must be compiled, is not installed")
    said = [
        {"session_id": "", "speaker": "A", "start_time": place, "end_time": place + 1, "words": " ".join(words)}
        for place, words in enumerate(reference)
    ]
    found = [
        {"session_id": "", "speaker": name, "start_time": 0, "end_time": 1, "words": " ".join(words)}
        for name, words in hypothesis.items()
        if words
    ]
    theirs = meeteval.wer.orc_word_error_rate(meeteval.io.SegLST(said), meeteval.io.SegLST(found))
    ours = orcwer(reference, {name: words for name, words in hypothesis.items() if words})
    assert (ours.errors, ours.length) == (theirs.errors, theirs.length)
