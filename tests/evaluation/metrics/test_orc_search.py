"""The A* search for ORC-WER finds the best assignment, or gives up at its limits."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation.metrics.edit_distance import distance
from meetscribe.evaluation.metrics.orc_search import MAX_WORDS, search_assignment

words = st.lists(st.sampled_from(["ask", "be", "can"]), min_size=1, max_size=4)


def edits(utterances: list[list[str]], streams: list[list[str]], assignment: tuple[int, ...] | list[int]) -> int:
    """Return the edits of an assignment."""
    assigned: list[list[str]] = [[] for _ in streams]
    for utterance, stream in zip(utterances, assignment, strict=True):
        assigned[stream] += utterance
    return sum(map(distance, assigned, streams))


@settings(max_examples=50, deadline=None)
@given(st.lists(words, min_size=1, max_size=4), st.lists(words, min_size=1, max_size=3))
def test_the_assignment_has_the_fewest_edits_of_all(utterances: list[list[str]], streams: list[list[str]]) -> None:
    found = search_assignment(utterances, streams)
    assert found is not None
    assignments = itertools.product(range(len(streams)), repeat=len(utterances))
    assert edits(utterances, streams, found) == min(edits(utterances, streams, each) for each in assignments)


def test_the_search_gives_up_after_the_allowed_states() -> None:
    """Alternating equal words in all streams make many assignments equally good."""
    utterances, streams = [["no", "yes"]] * 9, [["yes", "no"] * 3] * 3
    assert search_assignment(utterances, streams, max_states=20) is None
    assert search_assignment(utterances, streams) is not None


def test_the_search_is_not_started_with_too_many_words() -> None:
    assert search_assignment([["yes"]] * (MAX_WORDS + 1), [["yes"]]) is None
    assert search_assignment([["yes"]], [["yes"] * (MAX_WORDS + 1)]) is None
