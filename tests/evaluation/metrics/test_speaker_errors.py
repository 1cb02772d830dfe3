"""cpWER and WDER: words and their speakers."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import simpleder  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import (
    ErrorRate,
    WordDiarizationErrorRate,
    cpwer,
    wder,
    wer,
)
from meetscribe.evaluation.metrics.edit_distance import align, distance

Streams = dict[str, list[str]]
Words = list[tuple[str, str]]

quick = settings(max_examples=40, deadline=None)  # scipy is imported on first use

word = st.sampled_from(["ask", "be", "can", "do"])
streams = st.dictionaries(st.sampled_from("ABCD"), st.lists(word, max_size=6), max_size=4)
word_lists = st.lists(st.tuples(word, st.sampled_from("ABC")), max_size=10)


def slow_errors(reference: Streams, hypothesis: Streams) -> int:
    """Return the fewest errors over all permutations, with speakers without words added on both sides."""
    expected = [*reference.values(), *([] for _ in hypothesis)]
    found = [*hypothesis.values(), *([] for _ in reference)]
    return min(
        sum(distance(one, other) for one, other in zip(expected, order, strict=True))
        for order in itertools.permutations(found)
    )


def slow_correct(pairs: Counter[tuple[str, str]]) -> int:
    """Return the most correct words under any one-to-one mapping of three speakers to three."""
    return max(sum(pairs[pair] for pair in zip("ABC", order, strict=True)) for order in itertools.permutations("ABC"))


def renamed(labels: Streams) -> Streams:
    """Return the streams in reverse order with other names."""
    return {f"speaker {label}": labels[label] for label in reversed(labels)}


@quick
@given(streams)
def test_the_reference_with_other_speaker_names_has_no_errors(reference: Streams) -> None:
    rate = cpwer(reference, renamed(reference))
    assert rate.errors == 0
    assert rate.length == sum(map(len, reference.values()))


@quick
@given(streams, streams)
def test_speaker_names_and_their_order_do_not_matter(reference: Streams, hypothesis: Streams) -> None:
    assert cpwer(reference, renamed(hypothesis)).errors == cpwer(reference, hypothesis).errors
    assert cpwer(renamed(reference), hypothesis).errors == cpwer(reference, hypothesis).errors


@quick
@given(
    st.dictionaries(st.sampled_from("ABC"), st.lists(word, max_size=5), max_size=3),
    st.dictionaries(st.sampled_from("XYZ"), st.lists(word, max_size=5), max_size=3),
)
def test_errors_are_the_fewest_over_all_permutations(reference: Streams, hypothesis: Streams) -> None:
    assert cpwer(reference, hypothesis).errors == slow_errors(reference, hypothesis)


@quick
@given(streams, streams)
def test_the_best_match_is_never_worse_than_the_match_by_name(reference: Streams, hypothesis: Streams) -> None:
    labels = reference.keys() | hypothesis.keys()
    by_name = sum((wer(reference.get(it, []), hypothesis.get(it, [])) for it in labels), ErrorRate.zero())
    assert cpwer(reference, hypothesis).errors <= by_name.errors


@quick
@given(streams, streams)
def test_the_assignment_names_every_speaker_once_and_accounts_for_the_errors(
    reference: Streams, hypothesis: Streams
) -> None:
    rate = cpwer(reference, hypothesis)
    assert (None, None) not in rate.assignment
    assert sorted(one for one, _ in rate.assignment if one is not None) == sorted(reference)
    assert sorted(other for _, other in rate.assignment if other is not None) == sorted(hypothesis)
    assert rate.errors == sum(
        distance(reference.get(one or "", []), hypothesis.get(other or "", [])) for one, other in rate.assignment
    )


@quick
@given(st.lists(word, max_size=8), st.lists(word, max_size=8))
def test_with_one_speaker_it_is_the_word_error_rate(reference: list[str], hypothesis: list[str]) -> None:
    assert cpwer({"A": reference}, {"1": hypothesis}) + ErrorRate.zero() == wer(reference, hypothesis)


def test_all_words_of_an_unmatched_speaker_are_errors() -> None:
    assert cpwer({"A": ["yes", "no"]}, {"1": ["yes", "no"], "2": ["what"]}).insertions == 1
    assert cpwer({"A": ["yes", "no"], "B": ["what"]}, {"1": ["yes", "no"]}).deletions == 1


def test_without_speakers_there_are_no_errors_and_no_rate() -> None:
    rate = cpwer({}, {})
    assert (rate.errors, rate.length, rate.rate, rate.assignment) == (0, 0, None, ())


def test_strings_are_rejected() -> None:
    with pytest.raises(TypeError, match="cer"):
        cpwer({"A": "yes no"}, {"1": ["yes", "no"]})


@settings(max_examples=50)
@given(word_lists)
def test_correct_speakers_have_no_word_diarization_error(reference: Words) -> None:
    hypothesis = [(text, speaker.lower()) for text, speaker in reference]
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(0, len(reference))


@settings(max_examples=50)
@given(word_lists, word_lists)
def test_the_fewest_aligned_words_over_all_mappings_are_wrong(reference: Words, hypothesis: Words) -> None:
    pairs = align([text for text, _ in reference], [text for text, _ in hypothesis])
    speakers = Counter((reference[one][1], hypothesis[other][1]) for one, other in pairs)
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(len(pairs) - slow_correct(speakers), len(pairs))


@settings(max_examples=50)
@given(word_lists, word_lists)
def test_speaker_names_do_not_matter_to_the_word_diarization_error(reference: Words, hypothesis: Words) -> None:
    other = dict(zip("ABC", "ZXY", strict=True))
    named = [(text, other[speaker]) for text, speaker in hypothesis]
    assert wder(reference, named) == wder(reference, hypothesis)


def edited(edits: list[tuple[str, str, str]]) -> tuple[Words, Words]:
    """Return word lists with one shortest alignment: all words differ, and three correct words follow each edit."""
    reference: Words = []
    hypothesis: Words = []
    for index, (edit, speaker, found) in enumerate(edits):
        if edit != "insert":
            reference.append((f"word{index}", speaker))
        if edit != "delete":
            hypothesis.append((f"{'other' if edit == 'replace' else 'word'}{index}", found))
        for copy in "abc":
            reference.append((f"right{index}{copy}", speaker))
            hypothesis.append((f"right{index}{copy}", found))
    return reference, hypothesis


edits = st.tuples(
    st.sampled_from(["keep", "insert", "delete", "replace"]), st.sampled_from("ABC"), st.sampled_from("XYZ")
)


@settings(max_examples=50)
@given(st.lists(edits, max_size=10))
def test_the_word_diarization_error_equals_that_of_simpleder(changes: list[tuple[str, str, str]]) -> None:
    reference, hypothesis = edited(changes)
    theirs = simpleder.WDER(
        [(speaker, text) for text, speaker in reference],
        [(speaker, text) for text, speaker in hypothesis],
        detailed=True,
    )
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(theirs["wder_sub"], theirs["wder_total"])


def test_substituted_words_count_but_inserted_and_deleted_words_do_not() -> None:
    reference = [("so", "A"), ("it", "A"), ("goes", "B")]
    hypothesis = [("so", "1"), ("ate", "2"), ("goes", "2"), ("on", "2")]
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(wrong=1, aligned=3)
