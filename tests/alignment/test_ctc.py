"""The path through the tokens is the likeliest there is, and a token's span holds no pause."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.alignment.ctc import viterbi

BLANK = 0
Matrix = npt.NDArray[np.float64]


def spelled(labels: tuple[int, ...]) -> list[int]:
    """What a path of labels spells: repetitions joined, then blanks left out (Graves et al., 2006)."""
    return [label for label, before in zip(labels, (None, *labels), strict=False) if label not in (before, BLANK)]


def best_by_trying_all(log_probs: Matrix, tokens: list[int]) -> float:
    """The log probability of the likeliest path that spells the tokens, by trying every path there is."""
    frames, vocabulary = log_probs.shape
    return max(
        (
            sum(float(log_probs[frame, label]) for frame, label in enumerate(labels))
            for labels in product(range(vocabulary), repeat=frames)
            if spelled(labels) == tokens
        ),
        default=-math.inf,
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Matrix, list[int]]:
    """A few frames over a few letters, and tokens that may or may not fit."""
    frames, vocabulary = draw(st.integers(1, 6)), draw(st.integers(2, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    probs = np.random.default_rng(seed).dirichlet(np.full(vocabulary, 0.5), frames)
    tokens = draw(st.lists(st.integers(1, vocabulary - 1), min_size=1, max_size=4))
    return np.log(probs + 1e-9), tokens


@settings(deadline=None, max_examples=150)
@given(cases())
def test_the_path_is_the_likeliest(case: tuple[Matrix, list[int]]) -> None:
    """Tokens on their spans and blanks elsewhere are as likely as the best of all paths."""
    log_probs, tokens = case
    best = best_by_trying_all(log_probs, tokens)
    places = viterbi(log_probs, tokens, BLANK)
    if best == -math.inf:
        assert places == []
        return
    labels = [BLANK] * len(log_probs)
    for token, (first, last, _) in zip(tokens, places, strict=True):
        labels[first:last] = [token] * (last - first)
    assert spelled(tuple(labels)) == tokens
    assert sum(log_probs[frame, label] for frame, label in enumerate(labels)) == pytest.approx(best)


@settings(deadline=None)
@given(cases())
def test_spans_are_in_order_and_scores_are_probabilities(case: tuple[Matrix, list[int]]) -> None:
    """Spans hold a frame at least, do not overlap, and carry the mean probability in them."""
    log_probs, tokens = case
    places = viterbi(log_probs, tokens, BLANK)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    for token, (first, last, score) in zip(tokens if places else [], places, strict=True):
        assert 0 <= first < last <= len(log_probs)
        assert score == pytest.approx(math.exp(min(0.0, float(log_probs[first:last, token].mean()))))


def certain(labels: list[int], vocabulary: int) -> Matrix:
    """Log probabilities of a network that hears these labels almost surely."""
    probs = np.full((len(labels), vocabulary), 1e-4)
    probs[np.arange(len(labels)), labels] = 1
    heard: Matrix = np.log(probs / probs.sum(axis=1, keepdims=True))
    return heard


def test_a_pause_belongs_to_no_token() -> None:
    """A token ends where it ends, however long the silence before the next one is."""
    labels = [0, 1, 1, 0, 2, *[0] * 100, 1, 0]
    places = viterbi(certain(labels, 3), [1, 2, 1], BLANK)
    assert [place[:2] for place in places] == [(1, 3), (4, 5), (105, 106)]
    assert all(score > 0.99 for *_, score in places)


def test_equal_tokens_need_a_blank_between() -> None:
    """Two of the same letter are told apart by the blank between them, and do not fit without."""
    assert [place[:2] for place in viterbi(certain([1, 1, 0, 1], 2), [1, 1], BLANK)] == [(0, 2), (3, 4)]
    assert viterbi(certain([1, 1], 2), [1, 1], BLANK) == []


def test_other_columns_to_rest_on() -> None:
    """Before, between and after tokens the path may rest on columns of their own."""
    log_probs = certain([3, 1, 3, 3, 2, 3], 4)
    places = viterbi(log_probs, [1, 2], BLANK, gaps=[3, 3, 3])
    assert [place[:2] for place in places] == [(1, 2), (4, 5)]


def test_tokens_that_do_not_fit() -> None:
    """More tokens than frames, or none at all, have no places."""
    assert viterbi(certain([1, 2], 4), [1, 2, 3], BLANK) == []
    assert viterbi(certain([1, 2], 4), [], BLANK) == []
    assert viterbi(np.zeros((0, 4)), [1], BLANK) == []
