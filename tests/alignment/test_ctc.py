"""The path through the tokens is the most likely one, and the span of a token contains no pause."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.alignment.ctc import Limits, TokenSpan, Trellis, viterbi

BLANK = 0
Matrix = npt.NDArray[np.float32]


def trellis(log_probs: Matrix, tokens: list[int]) -> Trellis:
    """Return a trellis whose gaps are the blank."""
    return Trellis(log_probs, tokens, [BLANK] * (len(tokens) + 1))


def align(log_probs: Matrix, tokens: list[int], limits: Limits | None = None) -> list[TokenSpan]:
    """Return the spans of the tokens of one trellis."""
    (spans,) = viterbi([trellis(log_probs, tokens)], limits or Limits())
    return spans


def collapse(labels: tuple[int, ...]) -> list[int]:
    """Return the tokens of a path of labels: repetitions joined, then blanks removed (Graves et al., 2006)."""
    return [label for label, before in zip(labels, (None, *labels), strict=False) if label not in (before, BLANK)]


def best_of_all_paths(log_probs: Matrix, tokens: list[int]) -> float:
    """Return the log probability of the most likely path that collapses to the tokens, by trying every path."""
    frames, vocabulary = log_probs.shape
    return max(
        (
            sum(float(log_probs[frame, label]) for frame, label in enumerate(labels))
            for labels in product(range(vocabulary), repeat=frames)
            if collapse(labels) == tokens
        ),
        default=-math.inf,
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Matrix, list[int]]:
    """Return a few frames over a few letters, and tokens that may or may not fit."""
    frames, vocabulary = draw(st.integers(1, 6)), draw(st.integers(2, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    probs = np.random.default_rng(seed).dirichlet(np.full(vocabulary, 0.5), frames)
    tokens = draw(st.lists(st.integers(1, vocabulary - 1), min_size=1, max_size=4))
    return np.log(probs + 1e-9).astype(np.float32), tokens


@settings(deadline=None, max_examples=150)
@given(cases())
def test_the_path_is_the_most_likely(case: tuple[Matrix, list[int]]) -> None:
    """Tokens in their spans and blanks elsewhere are as likely as the best of all paths."""
    log_probs, tokens = case
    best = best_of_all_paths(log_probs, tokens)
    spans = align(log_probs, tokens)
    if best == -math.inf:
        assert spans == []
        return
    labels = [BLANK] * len(log_probs)
    for token, (first, last, _) in zip(tokens, spans, strict=True):
        labels[first:last] = [token] * (last - first)
    assert collapse(tuple(labels)) == tokens
    assert sum(log_probs[frame, label] for frame, label in enumerate(labels)) == pytest.approx(best, abs=1e-4)


@settings(deadline=None)
@given(cases())
def test_spans_are_in_order_and_scores_are_probabilities(case: tuple[Matrix, list[int]]) -> None:
    """Spans have at least one frame, do not overlap, and have the mean probability as their score."""
    log_probs, tokens = case
    spans = align(log_probs, tokens)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for token, (first, last, score) in zip(tokens if spans else [], spans, strict=True):
        assert 0 <= first < last <= len(log_probs)
        assert score == pytest.approx(math.exp(min(0.0, float(log_probs[first:last, token].mean()))), abs=1e-5)


def certain(labels: list[int], vocabulary: int) -> Matrix:
    """Return log probabilities of nearly 1 for these labels."""
    probs = np.full((len(labels), vocabulary), 1e-4)
    probs[np.arange(len(labels)), labels] = 1
    log_probs: Matrix = np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32)
    return log_probs


def test_a_pause_belongs_to_no_token() -> None:
    """A token ends before the silence, however long the silence before the next token is."""
    labels = [0, 1, 1, 0, 2, *[0] * 100, 1, 0]
    spans = align(certain(labels, 3), [1, 2, 1])
    assert [span[:2] for span in spans] == [(1, 3), (4, 5), (105, 106)]
    assert all(score > 0.99 for *_, score in spans)


def test_equal_tokens_need_a_blank_between() -> None:
    """Two equal tokens are separated by a blank, and do not fit without it."""
    assert [span[:2] for span in align(certain([1, 1, 0, 1], 2), [1, 1])] == [(0, 2), (3, 4)]
    assert align(certain([1, 1], 2), [1, 1]) == []


def test_gaps_may_be_other_columns() -> None:
    """Before, between and after tokens the path rests on the columns of `gaps`."""
    log_probs = certain([3, 1, 3, 3, 2, 3], 4)
    spans = viterbi([Trellis(log_probs, [1, 2], [3, 3, 3])])[0]
    assert [span[:2] for span in spans] == [(1, 2), (4, 5)]


def test_tokens_that_do_not_fit() -> None:
    """More tokens than frames, or no tokens, have no spans."""
    assert align(certain([1, 2], 4), [1, 2, 3]) == []
    assert align(certain([1, 2], 4), []) == []
    assert align(np.zeros((0, 4), np.float32), [1]) == []


def textbook_path(log_probs: Matrix, tokens: list[int]) -> list[int]:
    """Return the states of the most likely path, computed cell by cell, where there are too many paths to try all."""
    columns = [BLANK] + [column for token in tokens for column in (token, BLANK)]
    best = [[-math.inf] * len(columns) for _ in log_probs]
    back = [[0] * len(columns) for _ in log_probs]
    best[0][:2] = [float(log_probs[0, column]) for column in columns[:2]]
    for frame in range(1, len(log_probs)):
        for state, column in enumerate(columns):
            ways = [best[frame - 1][state], best[frame - 1][state - 1] if state else -math.inf]
            if state > 1 and state % 2 and column != columns[state - 2]:
                ways.append(best[frame - 1][state - 2])
            back[frame][state] = max(range(len(ways)), key=ways.__getitem__)
            best[frame][state] = max(ways) + float(log_probs[frame, column])
    state = max((len(columns) - 1, len(columns) - 2), key=best[-1].__getitem__)
    path = [state]
    for frame in range(len(log_probs) - 1, 0, -1):
        path.append(path[-1] - back[frame][path[-1]])
    return path[::-1]


def spans_of(path: list[int], tokens: list[int]) -> list[tuple[int, int]]:
    """Return the frames of each token on a path, half-open."""
    return [(path.index(2 * token + 1), len(path) - path[::-1].index(2 * token + 1)) for token, _ in enumerate(tokens)]


def speech(rng: np.random.Generator, tokens: list[int], vocabulary: int, pause: float = 0.1) -> Matrix:
    """Return noisy log probabilities of tokens spoken with pauses."""
    labels: list[int] = []
    for token in tokens:
        labels += [token] * int(rng.integers(1, 4)) + [BLANK] * int(rng.integers(1, 3))
        labels += [BLANK] * int(rng.random() < pause) * int(rng.integers(5, 30))
    probs = rng.dirichlet(np.full(vocabulary, 0.3), len(labels))
    probs[np.arange(len(labels)), labels] += 1
    log_probs: Matrix = np.log(probs / probs.sum(axis=1, keepdims=True) + 1e-9).astype(np.float32)
    return log_probs


@settings(deadline=None, max_examples=60)
@given(st.lists(cases(), min_size=1, max_size=6))
def test_a_batch_gives_the_same_spans_as_single_trellises(batch: list[tuple[Matrix, list[int]]]) -> None:
    """Trellises of different lengths have the same spans in a batch and alone; some have none."""
    assert viterbi([trellis(*case) for case in batch]) == [align(*case) for case in batch]


def test_the_size_of_batches_does_not_matter() -> None:
    """Each trellis has the spans of the textbook algorithm, also if batches are limited to a few cells."""
    rng = np.random.default_rng(0)
    trellises = []
    for _ in range(20):
        tokens = rng.integers(1, 5, rng.integers(1, 30)).tolist()
        trellises.append(trellis(speech(rng, tokens, 5), tokens))
    whole = viterbi(trellises)
    assert [[span[:2] for span in spans] for spans in whole] == [
        spans_of(textbook_path(each.log_probs, list(each.tokens)), list(each.tokens)) for each in trellises
    ]
    assert viterbi(trellises, Limits(batch_cells=5000)) == whole


NARROW = Limits(max_cells=0, band=32, wide_band=128, block=10, lag=8)
"""A band of 32 states for every trellis, which moves every 10 frames and commits after 80."""


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_banded_search_finds_the_most_likely_path(seed: int) -> None:
    """The band follows the most likely state through a trellis far wider than itself."""
    rng = np.random.default_rng(seed)
    tokens = rng.integers(1, 12, 150).tolist()
    log_probs = speech(rng, tokens, 12)
    found = [span[:2] for span in align(log_probs, tokens, NARROW)]
    assert found == spans_of(textbook_path(log_probs, tokens), tokens)


def test_a_band_that_is_too_narrow_is_widened() -> None:
    """A path that leaves the narrow band is found in the wide one, and not without it."""
    tokens = [1 + place % 7 for place in range(100)]
    log_probs = certain([BLANK] * 50 + tokens + [BLANK] * 50, 8)  # one frame per token: faster than the band
    expected = [(50 + place, 51 + place) for place in range(100)]
    assert [span[:2] for span in align(log_probs, tokens, NARROW)] == expected
    assert [span[:2] for span in align(log_probs, tokens, replace(NARROW, wide_band=32))] != expected


def test_a_banded_search_without_any_path() -> None:
    """If the network excludes all tokens in a frame, there are no spans."""
    log_probs = np.full((400, 3), -1.0, np.float32)
    log_probs[50] = -np.inf
    assert align(log_probs, [1, 2] * 40, NARROW) == []


def test_the_memory_of_a_banded_search_is_limited() -> None:
    """Backpointers are kept for some minutes only."""
    rng = np.random.default_rng(2)
    tokens = rng.integers(1, 30, 5000).tolist()
    log_probs = speech(rng, tokens, 30, 0.2)
    tracemalloc.start()
    try:
        spans = align(log_probs, tokens)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(spans) == 5000
    assert len(log_probs) * 10_001 > 4 * peak  # the bytes of all backpointers
