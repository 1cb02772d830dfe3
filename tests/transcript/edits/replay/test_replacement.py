"""A new text is aligned with the old words, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Span
from meetscribe.transcript import Char, Word
from meetscribe.transcript.edits.replay.replacement import align_words, inserted_span, interpolated_words, with_text

PIECES = st.sampled_from(["a", "A,", "b.", "cc", "我们", "用", "。", "שלום", "ครับ", "कि", "…"])


@given(st.lists(PIECES, min_size=1, max_size=8), st.lists(PIECES, min_size=1, max_size=8).map(" ".join))
def test_blocks_cover_both_texts(old: list[str], text: str) -> None:
    """The blocks cover the old words in order, without gaps, and the new text; aligned ones have equal lengths."""
    blocks = list(align_words(old, text))
    assert [place for block in blocks for place in range(block.start, block.end)] == list(range(len(old)))
    assert "".join(text for block in blocks for text in block.texts) == without_whitespace(text)
    assert all(len(block.texts) == block.end - block.start for block in blocks if block.aligned)


@pytest.mark.parametrize(
    ("old", "text", "expected"),
    [
        (["the", "vitter", "bee", "path"], "the Viterbi path.", [(1, ("the",)), (0, ("Viterbi",)), (1, ("path.",))]),
        (["the", "vitterbi", "path"], "the Viterbi path", [(1, ("the",)), (1, ("Viterbi",)), (1, ("path",))]),
        (["we", "go"], "we all go", [(1, ("we",)), (0, ("all",)), (1, ("go",))]),
        (["东京", "在", "日本"], "东京都在日本。", [(1, ("东京",)), (0, ("都",)), (1, ("在", "日本。"))]),
        (["שלום", "עולם"], "שלום לכל עולם", [(1, ("שלום",)), (0, ("לכל",)), (1, ("עולם",))]),
        (["कि"], "के", [(1, ("के",))]),
    ],
)
def test_words_are_aligned(old: list[str], text: str, expected: list[tuple[int, tuple[str, ...]]]) -> None:
    """Equal words are aligned, ignoring case and marks; words without spaces are divided as the old ones are."""
    assert [(int(block.aligned), block.texts) for block in align_words(old, text)] == expected


def test_scores_stay_only_if_the_word_is_the_same() -> None:
    """Another case or mark keeps the scores; another word has none; characters are dropped with any change."""
    word = Word("viterbi", 0, 1, "aligned", 0.5, probability=0.75, chars=(Char("v", 0, 0.1),))
    assert with_text(word, "viterbi") is word
    marked = with_text(word, "Viterbi,")
    assert (marked.score, marked.probability, marked.chars) == (0.5, 0.75, ())
    other = with_text(word, "Victor")
    assert (other.score, other.probability, other.start, other.timing) == (None, None, 0, "aligned")


def test_new_words_are_spread() -> None:
    """New words share the span by their length; an inserted text takes no more time than speech would."""
    words = interpolated_words(["a", "bcd"], Span(1, 2), ["e-0", "e-1"])
    assert [(word.text, word.start, word.end, word.timing, word.id) for word in words] == [
        ("a", 1, 1.25, "interpolated", "e-0"),
        ("bcd", 1.25, 2, "interpolated", "e-1"),
    ]
    assert inserted_span(["ab"], 3, 9) == Span(3, 3.14)
    assert inserted_span(["ab"], 3, 2) == Span(3, 3)
