"""Text is split into words so that joining restores it, and time is divided among the words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Span
from meetscribe.transcript import join_words

texts = st.text(st.sampled_from("ab Zé.,!'(-2我用。「」สวั한ー"), max_size=20)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" Well, yes.\n (Or no)", ["Well,", "yes.", "(Or", "no)"]),
        ("don't well-known", ["don't", "well-known"]),
        ("我用Python写。", ["我", "用", "Python", "写。"]),
        ("「はい」、と。", ["「は", "い」、", "と。"]),
        ("コーヒー2杯", ["コー", "ヒー", "2", "杯"]),
        ("สวัสดี", ["ส", "วั", "ส", "ดี"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("...", ["..."]),
        ("「」", ["「」"]),
        ("  ", []),
    ],
)
def test_words_of_many_scripts(text: str, words: list[str]) -> None:
    """Words end at spaces, or are single characters in scripts without them; marks stay with their letter."""
    assert split_words(text) == words


@settings(deadline=None)
@given(texts)
def test_nothing_is_lost(text: str) -> None:
    """The words hold all characters except spaces, in order, and no word is empty or has a space."""
    words = split_words(text)
    assert "".join(words) == "".join(text.split())
    assert all(word and word.split() == [word] for word in words)


@settings(deadline=None)
@given(texts)
def test_joined_words_split_again(text: str) -> None:
    """Joined words have the same characters, and splitting them again changes nothing."""
    words = split_words(text)
    assert "".join(join_words(words).split()) == "".join(words)
    assert all(split_words(word) == [word] for word in words)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["a", "mean", "one,", "—", "我"]), max_size=9),
    st.floats(0, 1e4),
    st.floats(0, 60),
)
def test_time_is_divided(words: list[str], start: float, duration: float) -> None:
    """The spans fill the given span without gaps, in order, with longer spans for longer words."""
    span = Span(start, start + duration)
    spans = spread(words, span)
    assert len(spans) == len(words)
    assert all(before.end == after.start for before, after in pairwise(spans))
    if spans:
        assert (spans[0].start, spans[-1].end) == (span.start, span.end)
        letters = [max(1, sum(map(str.isalnum, word))) for word in words]
        for count, share in zip(letters, spans, strict=True):
            assert share.duration == pytest.approx(span.duration * count / sum(letters), abs=1e-6)
