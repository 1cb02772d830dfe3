"""The path through the tokens is the likeliest there is, and a token's span holds no pause."""

from __future__ import annotations

import math
import tracemalloc
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetscribe.alignment import ctc
from meetscribe.alignment.ctc import Line, Place, viterbi

BLANK = 0
Matrix = npt.NDArray[np.float32]


def line(log_probs: Matrix, tokens: list[int]) -> Line:
    """A line that rests on the blank."""
    return Line(log_probs, tokens, [BLANK] * (len(tokens) + 1))


def find(log_probs: Matrix, tokens: list[int]) -> list[Place]:
    """The places of the tokens of one line."""
    (places,) = viterbi([line(log_probs, tokens)])
    return places


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
    return np.log(probs + 1e-9).astype(np.float32), tokens


@settings(deadline=None, max_examples=150)
@given(cases())
def test_the_path_is_the_likeliest(case: tuple[Matrix, list[int]]) -> None:
    """Tokens on their spans and blanks elsewhere are as likely as the best of all paths."""
    log_probs, tokens = case
    best = best_by_trying_all(log_probs, tokens)
    places = find(log_probs, tokens)
    if best == -math.inf:
        assert places == []
        return
    labels = [BLANK] * len(log_probs)
    for token, (first, last, _) in zip(tokens, places, strict=True):
        labels[first:last] = [token] * (last - first)
    assert spelled(tuple(labels)) == tokens
    assert sum(log_probs[frame, label] for frame, label in enumerate(labels)) == pytest.approx(best, abs=1e-4)


@settings(deadline=None)
@given(cases())
def test_spans_are_in_order_and_scores_are_probabilities(case: tuple[Matrix, list[int]]) -> None:
    """Spans hold a frame at least, do not overlap, and carry the mean probability in them."""
    log_probs, tokens = case
    places = find(log_probs, tokens)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    for token, (first, last, score) in zip(tokens if places else [], places, strict=True):
        assert 0 <= first < last <= len(log_probs)
        assert score == pytest.approx(math.exp(min(0.0, float(log_probs[first:last, token].mean()))), abs=1e-5)


def certain(labels: list[int], vocabulary: int) -> Matrix:
    """Log probabilities of a network that hears these labels almost surely."""
    probs = np.full((len(labels), vocabulary), 1e-4)
    probs[np.arange(len(labels)), labels] = 1
    heard: Matrix = np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32)
    return heard


def test_a_pause_belongs_to_no_token() -> None:
    """A token ends where it ends, however long the silence before the next one is."""
    labels = [0, 1, 1, 0, 2, *[0] * 100, 1, 0]
    places = find(certain(labels, 3), [1, 2, 1])
    assert [place[:2] for place in places] == [(1, 3), (4, 5), (105, 106)]
    assert all(score > 0.99 for *_, score in places)


def test_equal_tokens_need_a_blank_between() -> None:
    """Two of the same letter are told apart by the blank between them, and do not fit without."""
    assert [place[:2] for place in find(certain([1, 1, 0, 1], 2), [1, 1])] == [(0, 2), (3, 4)]
    assert find(certain([1, 1], 2), [1, 1]) == []


def test_other_columns_to_rest_on() -> None:
    """Before, between and after tokens the path may rest on columns of their own."""
    log_probs = certain([3, 1, 3, 3, 2, 3], 4)
    places = viterbi([Line(log_probs, [1, 2], [3, 3, 3])])[0]
    assert [place[:2] for place in places] == [(1, 2), (4, 5)]


def test_tokens_that_do_not_fit() -> None:
    """More tokens than frames, or none at all, have no places."""
    assert find(certain([1, 2], 4), [1, 2, 3]) == []
    assert find(certain([1, 2], 4), []) == []
    assert find(np.zeros((0, 4), np.float32), [1]) == []


def textbook(log_probs: Matrix, tokens: list[int]) -> list[int]:
    """The states of the likeliest path, cell by cell: the slow way, for what is too long to try all paths."""
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
    """The first frame and the frame after the last of each token on a path."""
    return [(path.index(2 * token + 1), len(path) - path[::-1].index(2 * token + 1)) for token, _ in enumerate(tokens)]


def speech(random: np.random.Generator, tokens: list[int], vocabulary: int, pause: float = 0.1) -> Matrix:
    """What a network hears of tokens spoken with pauses, with some doubt."""
    labels: list[int] = []
    for token in tokens:
        labels += [token] * int(random.integers(1, 4)) + [BLANK] * int(random.integers(1, 3))
        labels += [BLANK] * int(random.random() < pause) * int(random.integers(5, 30))
    probs = random.dirichlet(np.full(vocabulary, 0.3), len(labels))
    probs[np.arange(len(labels)), labels] += 1
    heard: Matrix = np.log(probs / probs.sum(axis=1, keepdims=True) + 1e-9).astype(np.float32)
    return heard


@settings(deadline=None, max_examples=60)
@given(st.lists(cases(), min_size=1, max_size=6))
def test_a_batch_finds_what_each_line_finds(batch: list[tuple[Matrix, list[int]]]) -> None:
    """Lines of all lengths, weighed at once, have the places that they have alone; some have none."""
    assert viterbi([line(*case) for case in batch]) == [find(*case) for case in batch]


def test_batches_are_bounded_and_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little may be weighed in one go, each line gets its own places."""
    random = np.random.default_rng(0)
    lines = []
    for _ in range(20):
        tokens = random.integers(1, 5, random.integers(1, 30)).tolist()
        lines.append(line(speech(random, tokens, 5), tokens))
    whole = viterbi(lines)
    assert [[place[:2] for place in places] for places in whole] == [
        spans_of(textbook(each.log_probs, list(each.tokens)), list(each.tokens)) for each in lines
    ]
    monkeypatch.setattr(ctc, "_CELLS", 5000)
    assert viterbi(lines) == whole


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every line is long: a band of 32 states, moved every 10 frames, settled after 80. The widths tried."""
    widths: list[int] = []
    path = ctc._Band.path

    def watched(band: ctc._Band) -> object:
        widths.append(band.width)
        return path(band)

    monkeypatch.setattr(ctc._Band, "path", watched)
    for name, value in (("_ALONE", 0), ("_BAND", 32), ("_WIDEST", 128), ("_BLOCK", 10), ("_LAG", 8)):
        monkeypatch.setattr(ctc, name, value)
    return widths


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_a_long_line_is_found_in_a_band(narrow: list[int], seed: int) -> None:
    """The band that follows the likeliest state finds the likeliest of all paths, far wider than itself."""
    random = np.random.default_rng(seed)
    tokens = random.integers(1, 12, 150).tolist()
    log_probs = speech(random, tokens, 12)
    assert [place[:2] for place in find(log_probs, tokens)] == spans_of(textbook(log_probs, tokens), tokens)
    assert 32 in narrow


def test_a_band_that_is_too_narrow_is_widened(narrow: list[int]) -> None:
    """Where the likeliest path strays from the band, a wider one finds it."""
    tokens = [1 + place % 7 for place in range(100)]
    log_probs = certain([BLANK] * 50 + tokens + [BLANK] * 50, 8)  # no frame between letters: faster than the band
    assert [place[:2] for place in find(log_probs, tokens)] == [(50 + place, 51 + place) for place in range(100)]
    assert narrow == [32, 128]


def test_a_long_line_without_any_path(narrow: list[int]) -> None:
    """Where the network rules out what must be heard there are no places, in a band as elsewhere."""
    log_probs = np.full((400, 3), -1.0, np.float32)
    log_probs[50] = -np.inf
    assert find(log_probs, [1, 2] * 40) == []


def test_a_long_line_needs_little_memory() -> None:
    """Steps are kept for some minutes only."""
    random = np.random.default_rng(2)
    tokens = random.integers(1, 30, 5000).tolist()
    log_probs = speech(random, tokens, 30, 0.2)
    tracemalloc.start()
    try:
        places = find(log_probs, tokens)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(places) == 5000
    assert len(log_probs) * 10_001 > 4 * peak  # what it would take, in bytes, to keep all
