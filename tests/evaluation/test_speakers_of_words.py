"""Whether the right speaker got the words: cpWER and WDER, and the streams they take."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import simpleder  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import (
    NORMALIZATIONS,
    UNNAMED,
    ErrorRate,
    WordDiarizationErrorRate,
    cpwer,
    spoken_words,
    texts,
    utterances_of,
    wder,
    wer,
    words_by_speaker,
)
from meetscribe.evaluation.words import align, distance
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.edits.values import Rename

Streams = dict[str, list[str]]
Spoken = list[tuple[str, str]]

word = st.sampled_from(["ask", "be", "can", "do"])
streams = st.dictionaries(st.sampled_from("ABCD"), st.lists(word, max_size=6), max_size=4)
spoken = st.lists(st.tuples(word, st.sampled_from("ABC")), max_size=10)


def slow_errors(reference: Streams, hypothesis: Streams) -> int:
    """Every permutation, silent speakers added on both sides."""
    truth = [*reference.values(), *([] for _ in hypothesis)]
    guess = [*hypothesis.values(), *([] for _ in reference)]
    return min(
        sum(distance(one, other) for one, other in zip(truth, order, strict=True))
        for order in itertools.permutations(guess)
    )


def slow_right(pairs: Counter[tuple[str, str]]) -> int:
    """The most words right under any one-to-one mapping of three speakers to three."""
    return max(sum(pairs[pair] for pair in zip("ABC", order, strict=True)) for order in itertools.permutations("ABC"))


def renamed(labels: Streams) -> Streams:
    """The streams in reverse order under other names."""
    return {f"speaker {label}": labels[label] for label in reversed(labels)}


@given(streams)
def test_the_truth_under_other_names_has_no_errors(reference: Streams) -> None:
    rate = cpwer(reference, renamed(reference))
    assert rate.errors == 0
    assert rate.length == sum(map(len, reference.values()))


@given(streams, streams)
def test_names_and_their_order_do_not_matter(reference: Streams, hypothesis: Streams) -> None:
    assert cpwer(reference, renamed(hypothesis)).errors == cpwer(reference, hypothesis).errors
    assert cpwer(renamed(reference), hypothesis).errors == cpwer(reference, hypothesis).errors


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from("ABC"), st.lists(word, max_size=5), max_size=3),
    st.dictionaries(st.sampled_from("XYZ"), st.lists(word, max_size=5), max_size=3),
)
def test_errors_are_the_least_over_all_permutations(reference: Streams, hypothesis: Streams) -> None:
    assert cpwer(reference, hypothesis).errors == slow_errors(reference, hypothesis)


@given(streams, streams)
def test_matching_speakers_best_is_never_worse_than_by_their_names(reference: Streams, hypothesis: Streams) -> None:
    labels = reference.keys() | hypothesis.keys()
    by_name = sum((wer(reference.get(it, []), hypothesis.get(it, [])) for it in labels), ErrorRate.zero())
    assert cpwer(reference, hypothesis).errors <= by_name.errors


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


@given(st.lists(word, max_size=8), st.lists(word, max_size=8))
def test_with_one_speaker_it_is_the_word_error_rate(reference: list[str], hypothesis: list[str]) -> None:
    assert cpwer({"A": reference}, {"1": hypothesis}) + ErrorRate.zero() == wer(reference, hypothesis)


def test_the_words_of_a_speaker_too_many_and_of_one_too_few_all_count() -> None:
    assert cpwer({"A": ["yes", "no"]}, {"1": ["yes", "no"], "2": ["what"]}).insertions == 1
    assert cpwer({"A": ["yes", "no"], "B": ["what"]}, {"1": ["yes", "no"]}).deletions == 1


def test_nobody_against_nobody_is_no_error_and_no_rate() -> None:
    rate = cpwer({}, {})
    assert (rate.errors, rate.length, rate.rate, rate.assignment) == (0, 0, None, ())


def test_text_in_place_of_words_is_refused() -> None:
    with pytest.raises(TypeError, match="cer"):
        cpwer({"A": "yes no"}, {"1": ["yes", "no"]})


@given(spoken)
def test_the_right_words_of_the_right_speakers_have_no_diarization_error(reference: Spoken) -> None:
    hypothesis = [(text, speaker.lower()) for text, speaker in reference]
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(0, len(reference))


@given(spoken, spoken)
def test_as_few_aligned_words_are_wrong_as_any_mapping_allows(reference: Spoken, hypothesis: Spoken) -> None:
    pairs = align([text for text, _ in reference], [text for text, _ in hypothesis])
    speakers = Counter((reference[one][1], hypothesis[other][1]) for one, other in pairs)
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(len(pairs) - slow_right(speakers), len(pairs))


@given(spoken, spoken)
def test_names_do_not_matter_to_the_word_diarization_error(reference: Spoken, hypothesis: Spoken) -> None:
    other = dict(zip("ABC", "ZXY", strict=True))
    named = [(text, other[speaker]) for text, speaker in hypothesis]
    assert wder(reference, named) == wder(reference, hypothesis)


def edited(edits: list[tuple[str, str, str]]) -> tuple[Spoken, Spoken]:
    """Words all different with one shortest alignment only: three that are right come after each edit."""
    reference: Spoken = []
    hypothesis: Spoken = []
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
def test_the_word_diarization_error_is_that_of_simpleder(changes: list[tuple[str, str, str]]) -> None:
    reference, hypothesis = edited(changes)
    theirs = simpleder.WDER(
        [(speaker, text) for text, speaker in reference],
        [(speaker, text) for text, speaker in hypothesis],
        detailed=True,
    )
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(theirs["wder_sub"], theirs["wder_total"])


def test_inserted_and_deleted_words_take_no_part_but_substituted_ones_do() -> None:
    reference = [("so", "A"), ("it", "A"), ("goes", "B")]
    hypothesis = [("so", "1"), ("ate", "2"), ("goes", "2"), ("on", "2")]
    assert wder(reference, hypothesis) == WordDiarizationErrorRate(wrong=1, aligned=3)


def meeting() -> Transcript:
    """Two speakers and one word of nobody; the second segment starts before the first ends."""
    first = Segment((Word("Well-known,", 0, 1, speaker="A"), Word("yes!", 2, 3, speaker="A")))
    second = Segment((Word("No.", 1, 2, speaker="B"), Word("\u2014", 3, 4, speaker="B"), Word("Hm", 5, 6)))
    return Transcript((first, second), Meta("en", 6.0))


def test_words_come_in_order_of_time_normalised_and_those_of_nobody_as_one_speaker_more() -> None:
    assert [(one.text, one.speaker) for one in spoken_words(meeting())] == [
        ("well", "A"),
        ("known", "A"),
        ("no", "B"),
        ("yes", "A"),
        ("hm", UNNAMED),
    ]
    streams = words_by_speaker(spoken_words(meeting()))
    assert {name: texts(words) for name, words in streams.items()} == {
        "A": ["well", "known", "yes"],
        "B": ["no"],
        UNNAMED: ["hm"],
    }


def test_another_normalization_takes_the_place_of_ours() -> None:
    words = spoken_words(meeting(), NORMALIZATIONS["none"])
    assert texts(words_by_speaker(words)["B"]) == ["No.", "\u2014"]


def test_two_labels_with_one_name_are_one_speaker() -> None:
    named = meeting().with_meta(edits=(Rename({"A": "Anna", "B": "Anna"}),))
    assert set(words_by_speaker(spoken_words(named))) == {"Anna", UNNAMED}


def test_utterances_are_cut_where_the_speaker_changes_and_stand_in_order_of_time() -> None:
    segment = Segment(
        (Word("So", 3, 4, speaker="A"), Word("yes.", 4, 5, speaker="B"), Word("\u2014", 5, 6, speaker="A"))
    )
    later = Transcript((segment, *meeting().segments[:1]), Meta("en", 6.0))
    assert [texts(words) for words in utterances_of(later)] == [["well", "known", "yes"], ["so"], ["yes"]]
