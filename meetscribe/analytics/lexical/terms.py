"""The terms of a meeting: content words, or pairs of characters in scripts without spaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from meetscribe.analytics.lexical.lexicon import Lexicon, plain
from meetscribe.text.joining import unspaced
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

_ADJACENT: Seconds = 0.5  # longest pause between adjacent characters


@dataclass(frozen=True, slots=True)
class Term:
    """A content word in lower case, or a pair of characters, with its time and its speaker."""

    text: str
    start: Seconds
    end: Seconds
    speaker: str


def terms_of(words: Iterable[Word], lexicon: Lexicon) -> Iterator[Term]:
    """Yield the terms of words in order of time.

    A term is a word of at least two letters that is not a function word of the language; of a word with an apostrophe,
    it is the longest part, such as "heure" of "l'heure". In scripts without spaces, terms are pairs of adjacent
    characters of the same speaker (bigrams, as in Chinese information retrieval: Nie et al. 2000), unless one of them
    is a function word.
    """
    before: Word | None = None
    known: dict[str, str] = {}  # the term of each text, empty for function words
    for word in words:
        text = plain(word.text)
        if not text or word.speaker is None:
            before = None
        elif unspaced(text[0]):
            yield from _pairs(before, word, text, lexicon)
            before = word
        else:
            before = None
            if text not in known:
                known[text] = _longest_part(text) if _is_term(text, lexicon) else ""
            if known[text]:
                yield Term(known[text], word.start, word.end, word.speaker)


def counts_characters(words: Iterable[Word]) -> bool:
    """Return whether most words are in a script without spaces, in which words cannot be counted."""
    counts = Counter(word.text for word in words)
    initials = {text: first for text in counts if (first := plain(text)[:1])}
    unspaced_words = sum(counts[text] for text, first in initials.items() if unspaced(first))
    return 2 * unspaced_words > sum(counts[text] for text in initials)


def count_characters(words: Iterable[Word]) -> int:
    """Return the number of letters and digits in words."""
    return sum(map(str.isalnum, chain.from_iterable(word.text for word in words)))


def _pairs(before: Word | None, word: Word, text: str, lexicon: Lexicon) -> Iterator[Term]:
    """Yield the pairs of adjacent characters in a word, including the last character of the previous word."""
    joins = before is not None and before.speaker == word.speaker and word.start - before.end <= _ADJACENT
    characters = (plain(before.text)[-1:] if before is not None and joins else "") + text
    for first, second in zip(characters, characters[1:], strict=False):
        if first.isalpha() and second.isalpha() and not {first, second} & lexicon.stop_words:
            yield Term(first + second, word.start, word.end, word.speaker or "")


def _is_term(text: str, lexicon: Lexicon) -> bool:
    """Return whether a plain word is a content word."""
    if lexicon.is_function_word(text):
        return False
    part = _longest_part(text)
    return sum(map(str.isalpha, part)) >= 2 and not lexicon.is_function_word(part)


def _longest_part(text: str) -> str:
    """Return the longest part of a word with an apostrophe, other words unchanged."""
    return max(text.split("'"), key=len) if "'" in text else text
