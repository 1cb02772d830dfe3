"""ORC-WER: the fewest errors over all assignments of utterances to streams, equal to that of meeteval."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import ErrorRate, cpwer, orcwer, wer
from meetscribe.evaluation.metrics.edit_distance import distance
from meetscribe.evaluation.metrics.orc_wer import ORC_LIMIT, orc_cells

Utterances = list[list[str]]
Streams = dict[str, list[str]]

quick = settings(max_examples=40, deadline=None)  # numpy and scipy are imported on first use

word = st.sampled_from(["ask", "be", "can"])
utterances = st.lists(st.lists(word, max_size=3), max_size=5)
streams = st.dictionaries(st.sampled_from("XYZ"), st.lists(word, max_size=5), max_size=3)


def slow_errors(reference: Utterances, hypothesis: Streams) -> int:
    """Return the fewest errors over all assignments of utterances to streams."""
    found = list(hypothesis.values()) or [[]]
    best = []
    for assignment in itertools.product(range(len(found)), repeat=len(reference)):
        assigned: Utterances = [[] for _ in found]
        for words, stream in zip(reference, assignment, strict=True):
            assigned[stream] += words
        best.append(sum(map(distance, assigned, found)))
    return min(best)


@quick
@given(utterances, streams)
def test_errors_are_the_fewest_over_all_assignments(reference: Utterances, hypothesis: Streams) -> None:
    rate = orcwer(reference, hypothesis)
    assert rate.errors == slow_errors(reference, hypothesis)
    assert rate.length == sum(map(len, reference))


@quick
@given(st.lists(st.tuples(st.sampled_from("AB"), st.lists(word, min_size=1, max_size=3)), max_size=6), streams)
def test_it_is_at_most_the_cpwer_with_a_stream_for_each_speaker(
    reference: list[tuple[str, list[str]]], hypothesis: Streams
) -> None:
    by_speaker: Streams = {}
    for speaker, words in reference:
        by_speaker.setdefault(speaker, []).extend(words)
    hypothesis = {**{name: [] for name in "XYZ"}, **hypothesis}
    assert orcwer([words for _, words in reference], hypothesis).errors <= cpwer(by_speaker, hypothesis).errors


@quick
@given(utterances, streams)
def test_stream_names_and_their_order_do_not_matter(reference: Utterances, hypothesis: Streams) -> None:
    renamed = {f"stream {name}": hypothesis[name] for name in reversed(hypothesis)}
    assert orcwer(reference, renamed).errors == orcwer(reference, hypothesis).errors


@quick
@given(utterances, st.lists(word, max_size=6))
def test_with_one_stream_it_is_the_word_error_rate(reference: Utterances, found: list[str]) -> None:
    assert orcwer(reference, {"X": found}) == wer([word for words in reference for word in words], found)


def test_without_streams_all_words_are_deleted() -> None:
    assert orcwer([["yes", "no"]], {}) == ErrorRate(2, 2, 0, 2, 0)


def test_long_streams_with_few_errors_are_scored_by_the_search() -> None:
    """Of three speakers with 80 different words each, two words are wrong and one is in another stream."""
    words = {name: [f"{name}{number}" for number in range(80)] for name in "ABC"}
    reference = [words[name][first : first + 10] for first in range(0, 80, 10) for name in "ABC"]
    hypothesis = {name: list(own) for name, own in words.items()}
    hypothesis["A"][17] = hypothesis["B"][33] = "wrong"
    hypothesis["C"].insert(40, hypothesis["A"].pop(40))
    assert orc_cells(reference, hypothesis) > ORC_LIMIT
    assert orcwer(reference, hypothesis) == ErrorRate(4, 240, 1, 1, 2)


def test_a_table_beyond_the_limit_is_rejected() -> None:
    """Beyond the limit of the table, more words than the search accepts raise ValueError."""
    long = {name: ["yes", "no"] * 1000 for name in "XYZ"}
    reference = [["no", "yes"]] * 3000
    assert orc_cells(reference, long) > ORC_LIMIT
    with pytest.raises(ValueError, match="too long for an exact score"):
        orcwer(reference, long)


@quick
@given(utterances.filter(any), streams.filter(lambda side: any(side.values())))
def test_errors_equal_those_of_meeteval(reference: Utterances, hypothesis: Streams) -> None:
    meeteval = pytest.importorskip("meeteval", reason="meeteval, which must be compiled, is not installed")
    segments = [
        {"session_id": "", "speaker": "A", "start_time": place, "end_time": place + 1, "words": " ".join(words)}
        for place, words in enumerate(reference)
    ]
    found = [
        {"session_id": "", "speaker": name, "start_time": 0, "end_time": 1, "words": " ".join(words)}
        for name, words in hypothesis.items()
        if words
    ]
    theirs = meeteval.wer.orc_word_error_rate(meeteval.io.SegLST(segments), meeteval.io.SegLST(found))
    ours = orcwer(reference, {name: words for name, words in hypothesis.items() if words})
    assert (ours.errors, ours.length) == (theirs.errors, theirs.length)
