"""Running text cut into words, and time shared out among them; putting words together is in joining."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from meetscribe.timeline import Span
from meetscribe.transcript.joining import unspaced


def split_words(text: str) -> list[str]:
    """The words of a text, with their punctuation, as `join_words` puts them together.

    Words end at spaces; in scripts written without them every character is a word of its own.

    >>> split_words(" Well, yes."), split_words("我用Python写。")
    (['Well,', 'yes.'], ['我', '用', 'Python', '写。'])
    """
    return [word for part in text.split() for word in ([part] if part.isascii() else _split_unspaced(part))]


def spread(texts: Sequence[str], span: Span) -> list[Span]:
    """A span for each text, one after the other through `span`, as long as the text's share of the letters.

    >>> spread(["a", "mean,", "one"], Span(2.0, 4.0))
    [Span(start=2.0, end=2.25), Span(start=2.25, end=3.25), Span(start=3.25, end=4.0)]
    """
    weights = [max(1, sum(character.isalnum() for character in text)) for text in texts]
    shares = [span.duration * done / sum(weights) for done in accumulate(weights)]
    edges = [span.start, *(min(span.start + share, span.end) for share in shares[:-1]), span.end]
    return [Span(*pair) for pair in zip(edges, edges[1:], strict=False)] if texts else []


def _split_unspaced(part: str) -> list[str]:
    """The words of a text without spaces: what opens goes with the next letter, what closes with the last."""
    words: list[str] = []
    opening = ""
    before = ""  # the last letter or digit of the word so far
    for character in part:
        if unicodedata.category(character) in ("Ps", "Pi") and unspaced(character):
            opening += character
        elif not words or (opening or _begins_word(character, before)):
            words.append(opening + character)
            opening, before = "", character if character.isalnum() else ""
        else:
            words[-1] += character
            before = character if character.isalnum() else before
    if opening:
        words = [*words[:-1], words[-1] + opening] if words else [opening]
    return words


def _begins_word(character: str, before: str) -> bool:
    """Whether a character starts a word after `before`, the last letter or digit of the word so far."""
    if not before or not character.isalnum() or unicodedata.category(character) == "Lm":
        return False
    return unspaced(character) or unspaced(before)
