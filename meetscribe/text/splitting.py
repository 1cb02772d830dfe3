"""Split running text into words, and divide a time span among them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from meetscribe.text.joining import unspaced
from meetscribe.timeline import Span


def split_words(text: str) -> list[str]:
    """Split text into words with their punctuation, so that `join_words` restores it.

    Words end at spaces; in scripts written without spaces, every character is a word.

    >>> split_words(" Well, yes."), split_words("我用Python写。")
    (['Well,', 'yes.'], ['我', '用', 'Python', '写。'])
    """
    return [word for part in text.split() for word in ([part] if part.isascii() else _split_unspaced(part))]


def spread(texts: Sequence[str], span: Span) -> list[Span]:
    """Divide a span among consecutive texts, in proportion to their letters and digits.

    >>> spread(["a", "mean,", "one"], Span(2.0, 4.0))
    [Span(start=2.0, end=2.25), Span(start=2.25, end=3.25), Span(start=3.25, end=4.0)]
    """
    weights = [max(1, sum(character.isalnum() for character in text)) for text in texts]
    total = sum(weights)
    shares = [span.duration * done / total for done in accumulate(weights)]
    edges = [span.start, *(min(span.start + share, span.end) for share in shares[:-1]), span.end]
    return [Span(*pair) for pair in zip(edges, edges[1:], strict=False)] if texts else []


def _split_unspaced(part: str) -> list[str]:
    """Split text without spaces: opening marks go with the next letter, closing marks with the last."""
    starts: list[int] = []
    opening: int | None = None  # position of the marks that open the next word
    before = ""  # the last letter or digit of the current word
    for place, character in enumerate(part):
        if unicodedata.category(character) in ("Ps", "Pi") and unspaced(character):
            opening = place if opening is None else opening
        elif not starts or opening is not None or _begins_word(character, before):
            starts.append(place if opening is None else opening)
            opening, before = None, character if character.isalnum() else ""
        else:
            before = character if character.isalnum() else before
    starts = starts or [0]
    return [part[start:end] for start, end in zip(starts, [*starts[1:], len(part)], strict=True)]


def _begins_word(character: str, before: str) -> bool:
    """Return whether a character starts a word after `before`, the last letter or digit of the current word."""
    if not before or not character.isalnum() or unicodedata.category(character) == "Lm":
        return False
    return unspaced(character) or unspaced(before)
