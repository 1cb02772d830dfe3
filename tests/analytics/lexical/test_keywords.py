"""Keywords: log-odds with a prior, against an independent computation."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from meetscribe.analytics.lexical.keywords import PRIOR, keywords_of, log_odds, window_keywords_of
from meetscribe.analytics.lexical.terms import Term


def test_log_odds_are_those_of_the_paper() -> None:
    """Equations 15, 16, 19 and 22 of Monroe et al., written out."""
    groups = {"A": Counter(budget=8, travel=2, other=20), "B": Counter(budget=1, travel=9, other=25)}
    found = {(group, one.term): one.z_score for group, own in log_odds(groups, 5).items() for one in own}

    size = 65
    prior = {"budget": 9 * PRIOR / size}
    first = math.log((8 + prior["budget"]) / (30 + PRIOR - 8 - prior["budget"]))
    second = math.log((1 + prior["budget"]) / (35 + PRIOR - 1 - prior["budget"]))
    variance = 1 / (8 + prior["budget"]) + 1 / (1 + prior["budget"])
    assert found["A", "budget"] == pytest.approx((first - second) / math.sqrt(variance), abs=1e-3)
    assert ("B", "travel") in found
    assert ("A", "travel") not in found


def test_keywords_have_their_first_and_last_mention() -> None:
    """Each speaker's keywords have the times at which that speaker says them."""
    terms = [Term("budget", time, time + 1, speaker) for time, speaker in ((1, "B"), (2, "A"), (5, "A"), (9, "A"))]
    terms += [Term("travel", time, time + 1, "B") for time in (11, 12, 13)]
    found = {(one.speaker, one.keyword.term): (one.first, one.last) for one in keywords_of(terms, 3)}
    assert found == {("A", "budget"): (2, 9), ("B", "travel"): (11, 13)}


def test_keywords_of_windows() -> None:
    """Each window has the terms that are more frequent there than in the others, with their most frequent speaker."""
    said = [("budget", 1, "A"), ("budget", 5, "B"), ("budget", 9, "B"), ("travel", 9.99, "A")]
    said += [("travel", 30, "A"), ("travel", 31, "A"), ("plan", 32, "B"), ("plan", 61, "A"), ("plan", 62, "A")]
    terms = [Term(text, start, start + 0.5, speaker) for text, start, speaker in said]

    found = window_keywords_of(terms, 10.0, 3)
    assert [(one.window, one.keyword.term, one.keyword.count, one.speaker) for one in found] == [
        (0, "budget", 3, "B"),
        (3, "travel", 2, "A"),
        (6, "plan", 2, "A"),
    ]
    groups = {0: Counter(budget=3, travel=1), 3: Counter(travel=2, plan=1), 6: Counter(plan=2)}
    assert found[0].keyword == log_odds(groups, 3)[0][0]
    assert window_keywords_of(terms, 100.0, 3) == ()


def test_a_single_speaker_has_no_keywords() -> None:
    """There is no other speaker to compare with."""
    assert keywords_of([Term("budget", 0, 1, "A"), Term("budget", 1, 2, "A")], 3) == ()
