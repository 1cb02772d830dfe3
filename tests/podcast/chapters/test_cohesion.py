"""Lexical cohesion against its definition, computed term by term."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.analytics.lexical.terms import Term
from meetscribe.podcast.chapters.cohesion import novelty

terms = st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 600)), max_size=40).map(
    lambda rows: [Term(text, float(at), at + 0.5, "A") for text, at in sorted(rows, key=lambda row: row[1])]
)


def slow(found: list[Term], time: float, reach: float) -> float:
    """Compute the definition for one time."""
    windows = {int(term.start // 60) for term in found}

    def vector(first: float, last: float) -> list[float]:
        counts = Counter(term.text for term in found if first <= term.start < last)
        values = []
        for text in "abcde":
            holding = len({int(term.start // 60) for term in found if term.text == text})
            weight = math.log(1 + len(windows) / holding) if holding else 0.0
            values.append((1 + math.log(counts[text])) * weight if counts[text] else 0.0)
        return values

    left, right = vector(time - reach, time), vector(time, time + reach)
    size = math.sqrt(sum(v * v for v in left) * sum(v * v for v in right))
    return 1 - (sum(a * b for a, b in zip(left, right, strict=True)) / size if size else 0.0)


@given(terms, st.lists(st.integers(0, 600), max_size=5), st.sampled_from([30.0, 120.0]))
def test_novelty_is_its_definition(found: list[Term], times: list[int], reach: float) -> None:
    values = novelty(found, [float(time) for time in times], reach)
    assert values == pytest.approx([slow(found, time, reach) for time in times], abs=1e-9)
    assert all(0 <= value <= 1 for value in values)


def test_a_change_of_subject_is_new() -> None:
    """Where all words change, novelty is 1; within a subject it is lower."""
    found = [Term("soil" if at < 100 else "rocket", float(at), at + 1.0, "A") for at in range(200)]
    assert novelty(found, [50.0, 100.0, 150.0], 40.0) == pytest.approx([0.0, 1.0, 0.0])
