"""Snippets of passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.library.snippets import snippet


def test_a_short_text_is_its_own_snippet() -> None:
    """Nothing is cut, and the matches stay."""
    assert snippet("the budget", ((4, 10),)) == ("the budget", ((4, 10),))


@pytest.mark.parametrize("place", [0, 50, 95])
def test_a_long_text_is_cut_around_the_first_match(place: int) -> None:
    """The first match is in the snippet, wherever it is in the text; whole words are kept."""
    words = [f"word{number:03}" for number in range(100)]
    text = " ".join(words)
    start = place * 8
    part = snippet(text, ((start, start + 7),), width=100)
    (span,) = part.matches
    assert part.text[slice(*span)] == words[place]
    assert set(part.text.strip("…").split()) <= set(words)
    assert len(part.text) <= 102


@given(st.text(alphabet="ab ", max_size=300), st.integers(0, 300), st.integers(1, 20), st.integers(20, 100))
def test_matches_are_the_same_text_in_the_snippet(text: str, start: int, length: int, width: int) -> None:
    """A snippet is a part of the text of limited length, and each of its matches is the text that matched."""
    start = min(start, max(0, len(text) - 1))
    spans = ((start, min(len(text), start + length)),) if text else ()
    part = snippet(text, spans, width)
    assert part.text.strip("…") in text
    assert len(part.text) <= max(width, length + 40) + 2
    assert [part.text[a:b] for a, b in part.matches] == [text[a:b] for a, b in spans]


def test_text_without_spaces_is_cut_too() -> None:
    """Scripts without spaces are cut between characters."""
    text = "予算会議" * 100
    part = snippet(text, ((200, 202),), width=60)
    assert [part.text[a:b] for a, b in part.matches] == ["予算"]
    assert len(part.text) <= 62
