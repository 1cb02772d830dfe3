"""Reciprocal rank fusion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.library.semantic.fusion import CONSTANT, fuse
from meetscribe.library.values import Hit, Kind, Meeting, Passage, SourceFile

MEETING = Meeting("m", SourceFile("/m", "sha256:0", 1, 1), "M", None, "en", 1.0)


def hits(positions: list[int], kind: Kind = "words") -> list[Hit]:
    """Return hits at positions of one meeting."""
    return [Hit(MEETING, Passage(at, at, at + 1, None, f"text {at}"), 1.0, kind) for at in positions]


def test_a_hit_of_both_lists_comes_first() -> None:
    """It keeps the kind of the search by words; of equal scores, the earlier list comes first."""
    found = fuse((hits([1, 2]), hits([3, 2], "meaning")), 10)
    assert [(one.passage.position, one.kind) for one in found] == [(2, "words"), (1, "words"), (3, "meaning")]
    assert [one.kind for one in fuse((hits([2], "meaning"), hits([2], "some")), 1)] == ["some"]
    assert found[0].score == 2 / (CONSTANT + 2)
    assert len(fuse((hits([1, 2]), hits([3])), 2)) == 2


@given(st.lists(st.lists(st.integers(0, 9), unique=True), max_size=3))
def test_the_score_is_the_sum_of_the_reciprocal_ranks(lists: list[list[int]]) -> None:
    """Every passage is there once, the largest sum first."""
    found = fuse([hits(each) for each in lists], 100)
    expected = {
        at: sum(1 / (CONSTANT + 1 + each.index(at)) for each in lists if at in each) for each in lists for at in each
    }
    assert {one.passage.position: one.score for one in found} == expected
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
