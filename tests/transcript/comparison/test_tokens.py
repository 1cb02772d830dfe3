"""Tokens do not depend on how text is divided into words."""

from __future__ import annotations

import pytest

from meetscribe.transcript import Segment, Word
from meetscribe.transcript.comparison.tokens import comparable, fold, text_of, tokens_of
from tests.support.talks import said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["Well", ",", "yes", "."], ["Well,", "yes."]),
        (["我们", "用", "Python"], ["我", "们用", "Python"]),
        (["a\nb", "c"], ["a", "b", "c"]),
        (["Zoe\u0308"], ["Zo\u00eb"]),
        (["\u200eHello\ufeff"], ["Hello"]),
    ],
)
def test_equal_text_has_equal_tokens(one: list[str], other: list[str]) -> None:
    """Texts that are equal but for white space, Unicode form and invisible marks have the same keys."""
    keys = [[token.key for token in tokens_of([said("A", 0, *texts)])] for texts in (one, other)]
    assert keys[0] == keys[1]


def test_tokens_know_their_words() -> None:
    """A token has the positions of its words, its segment and its speaker."""
    tokens = tokens_of([said("A", 0, "Well", ",", "yes"), said("B", 3, "no\nway")])
    assert [(token.text, list(token.words), token.segment, token.speaker) for token in tokens] == [
        ("Well,", [0, 1], 0, "A"),
        ("yes", [2], 0, "A"),
        ("no", [3], 1, "B"),
        ("way", [3], 1, "B"),
    ]
    assert text_of(tokens) == "Well, yes no way"


def test_speakers_share_no_token() -> None:
    """Text of two speakers without a space between is two tokens."""
    words = (Word("我", 0, 1, speaker="A"), Word("。", 1, 2, speaker="B"))
    assert [token.speaker for token in tokens_of([Segment(words)])] == ["A", "B"]


def test_words_without_visible_text_have_no_token() -> None:
    """A word of invisible characters has no token."""
    assert tokens_of([said("A", 0, "\u200b")]) == []
    assert (comparable("a\u0007b"), fold("(Yes!)"), fold("...")) == ("ab", "yes", "...")
