"""Words from timed pieces, and tokens to suppress."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.whisper.tokens import TimedText, numeral_tokens, words_from_pieces
from meetscribe.text.splitting import split_words

times = st.floats(-1, 40)
pieces = st.sampled_from([" well", "-known", " it", ",", " 我", "用", " ", "'s", " Ends.", "…"])


@given(st.lists(st.builds(TimedText, pieces, times, times, st.floats(-0.1, 1.1)), max_size=8), st.floats(0, 30))
def test_words_lie_in_the_clip_in_order(parts: list[TimedText], duration: float) -> None:
    """The words are those of the joined pieces, whatever the times are."""
    words = words_from_pieces(parts, duration)
    assert [word.text for word in words] == split_words("".join(part.text for part in parts if part.text.strip()))
    assert all(before.end <= after.start for before, after in pairwise(words))
    for word in words:
        assert 0 <= word.start <= word.end <= duration + 0.0005  # times are rounded
        assert word.probability is not None


def test_pieces_of_a_word_are_joined() -> None:
    """The word lasts from the first piece to the last, and its probability is their mean."""
    (word, other) = words_from_pieces(
        [TimedText(" well", 0.1, 0.3, 0.8), TimedText("-known", 0.3, 0.6, 0.6), TimedText(" x", 0.7, 1, 1)], 2
    )
    assert (word.text, word.start, word.end, word.probability) == ("well-known", 0.1, 0.6, 0.7)
    assert (other.text, other.start) == ("x", 0.7)


def test_punctuation_does_not_lengthen_a_word() -> None:
    """The attention to a full stop covers the pause after it; a word of punctuation alone keeps its time."""
    parts = [(' "', 0.0, 0.4), ("Yes", 0.4, 0.7), (".", 0.7, 3.0), (" —", 3.0, 3.2)]
    words = words_from_pieces([TimedText(*part, 0.5) for part in parts], 4)
    assert [(word.text, word.start, word.end) for word in words] == [('"Yes.', 0.4, 0.7), ("—", 3.0, 3.2)]


def test_numerals_are_found() -> None:
    """Tokens with digits, currency or per cent signs anywhere are found among the text tokens."""
    tokens = [" a", " 1st", "%", "two", "$5", "9"]
    assert numeral_tokens(lambda each: tokens[each[0]], 5) == [1, 2, 4]
