"""The rank of passages in SQLite."""

from __future__ import annotations

from meetscribe.library.stores.expression import Expression, Near
from meetscribe.library.stores.sqlite.search import ranked_words, relevance

PLAN = Expression(words=((("plan",), ("plans",)), (("next", "year"),)))


def test_more_occurrences_in_a_shorter_passage_rank_higher() -> None:
    """Each word adds less than 1, however often it occurs; phrases and all forms of a word count."""
    words = ranked_words(PLAN)
    assert words is not None
    once = relevance("the plan for next year", words)
    assert (
        relevance("the plan and plans for next year", words)
        > once
        > relevance(f"the plan {'x ' * 30} next year", words)
    )
    assert (
        relevance("plan next of year", words)
        == relevance("plan a b c", words)
        > relevance("plane next of year", words)
        == 0
    )
    assert relevance("plan " * 1000, words) < 1


def test_near_words_count_and_a_query_for_some_words_has_no_rank_here() -> None:
    """BM25 ranks the latter."""
    near = ranked_words(Expression(near=(Near(((("travel",),), (("cost",), ("costs",)))),)))
    assert near == '[["travel"], ["cost", "costs"]]'
    assert ranked_words(Expression(PLAN.words, demand="any")) is None
