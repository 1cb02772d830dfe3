"""Running text cut into words, and time shared out among them; putting words together is in joining."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from meetscribe.text.joining import unspaced
from meetscribe.timeline import Span


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
    total = sum(weights)
    shares = [span.duration * done / total for done in accumulate(weights)]
    edges = [span.start, *(min(span.start + share, span.end) for share in shares[:-1]), span.end]
    return [Span(*pair) for pair in zip(edges, edges[1:], strict=False)] if texts else []


def _split_unspaced(part: str) -> list[str]:
    """The words of a text without spaces: what opens goes with the next letter, what closes with the last."""
    starts: list[int] = []
    opening: int | None = None  # where what opens the next word stands
    before = ""  # the last letter or digit of the word so far
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
    """Whether a character starts a word after `before`, the last letter or digit of the word so far."""
    if not before or not character.isalnum() or unicodedata.category(character) == "Lm":
        return False
    return unspaced(character) or unspaced(before)
