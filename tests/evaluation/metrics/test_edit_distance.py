"""Word and character error rates equal those of jiwer."""

from __future__ import annotations

import jiwer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe import Word
from meetscribe.evaluation import ErrorRate, cer, cpwer, wer
from meetscribe.evaluation.metrics.edit_distance import align, distance

words = st.lists(st.sampled_from(["ask", "be", "can", "do", "eat"]), max_size=12)
some_words = st.lists(st.sampled_from(["ask", "be", "can", "do", "eat"]), min_size=1, max_size=12)


def slow_distance(reference: list[str], hypothesis: list[str]) -> int:
    """Return the edit distance by the table of Wagner and Fischer, row by row."""
    row = list(range(len(hypothesis) + 1))
    for line, word in enumerate(reference, start=1):
        diagonal, row[0] = row[0], line
        for column, other in enumerate(hypothesis, start=1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other)),
            )
    return row[-1]


@given(words)
def test_a_hypothesis_equal_to_its_reference_has_no_errors(reference: list[str]) -> None:
    assert wer(reference, reference) == ErrorRate(0, len(reference), 0, 0, 0)


@given(words, words)
def test_errors_are_the_edit_distance(reference: list[str], hypothesis: list[str]) -> None:
    slow = slow_distance(reference, hypothesis)
    assert wer(reference, hypothesis).errors == slow == distance(reference, hypothesis)


@given(words, words)
def test_insertions_and_deletions_account_for_the_difference_in_length(
    reference: list[str], hypothesis: list[str]
) -> None:
    rate = wer(reference, hypothesis)
    assert rate.length == len(reference)
    assert rate.insertions - rate.deletions == len(hypothesis) - len(reference)


@given(words, words)
def test_aligned_words_are_in_order_and_are_all_words_neither_inserted_nor_deleted(
    reference: list[str], hypothesis: list[str]
) -> None:
    pairs = align(reference, hypothesis)
    rate = wer(reference, hypothesis)
    assert all(a < c and b < d for (a, b), (c, d) in zip(pairs, pairs[1:], strict=False))
    assert len(pairs) == len(reference) - rate.deletions == len(hypothesis) - rate.insertions
    assert sum(reference[a] != hypothesis[b] for a, b in pairs) == rate.substitutions


@settings(max_examples=50)
@given(some_words, words)
def test_counts_equal_those_of_jiwer(reference: list[str], hypothesis: list[str]) -> None:
    rate = wer(reference, hypothesis)
    theirs = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    assert rate.rate == pytest.approx(theirs.wer)
    assert rate.insertions == theirs.insertions
    assert rate.deletions == theirs.deletions
    assert rate.substitutions == theirs.substitutions


@settings(max_examples=50)
@given(some_words, words)
def test_the_character_error_rate_equals_that_of_jiwer(reference: list[str], hypothesis: list[str]) -> None:
    assert cer(" ".join(reference), " ".join(hypothesis)).rate == pytest.approx(
        jiwer.cer("".join(reference), "".join(hypothesis))
    )


def test_a_known_sentence_has_one_edit_of_each_kind() -> None:
    rate = wer(list("abcdef"), list("xbcefy"))
    assert rate == ErrorRate(errors=3, length=6, insertions=1, deletions=1, substitutions=1)


def test_strings_are_rejected_so_that_characters_are_never_compared_as_words() -> None:
    with pytest.raises(TypeError, match="cer"):
        wer("so it goes", ["so"])
    with pytest.raises(TypeError, match="cer"):
        wer(["so"], "so it goes")


def test_words_of_a_transcript_are_rejected_because_their_times_would_be_compared() -> None:
    spoken = [Word("so", 0.0, 0.2)]
    for reference, hypothesis in ((spoken, spoken), (["so"], spoken)):
        with pytest.raises(TypeError, match=r"normalize\(text\)"):
            wer(reference, hypothesis)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"normalize\(text\)"):
        cpwer({"Ann": spoken}, {"1": spoken})  # type: ignore[dict-item]
