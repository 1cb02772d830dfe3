"""Division of text into terms, for the index and for queries.

A term is a word, folded and then stemmed if the language has a stemmer; folding comes first, so that a word typed
without its accents has the same stem. In scripts written without spaces, each character is a term, and a word of
several characters is a phrase. Terms consist only of letters, digits, marks, "+" and "#", so they need no escaping in
the query syntax of a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from meetscribe.library.analysis.folding import fold
from meetscribe.library.analysis.stemming import STEMMER_VERSION, stem, stemmer_name
from meetscribe.text.joining import unspaced

VERSION = f"1/{STEMMER_VERSION}"
"""The version of the analysis: increase the first number when terms change. An index of another version is rebuilt."""

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+(?:(?:\+\+|#)(?![\p{L}\p{N}]))?")
_FIRST_UNSPACED = "\u0e00"  # Thai; no character before it is a term by itself
_HANGUL = ("\uac00", "\ud7a3")
_MAX_LENGTH = 64  # characters of a term
_MIN_WORD_LENGTH = 4  # characters of a word in the vocabulary


class Term(NamedTuple):
    """A term with the position of its word in the text: `start` to `end`, half-open, in characters."""

    term: str
    start: int
    end: int


def analyze(text: str, language: str) -> Iterator[Term]:
    """Yield the terms of a text in the order of its words.

    >>> [term.term for term in analyze("Anna's budgets: C++", "en")]
    ['anna', 's', 'budget', 'c++']
    """
    name = stemmer_name(language)
    for match in _WORD.finditer(text):
        word, start = match.group(), match.start()
        if not _has_unspaced(word):
            yield Term(_term(word, name), start, match.end())
            continue
        for first, last in _pieces(word):
            yield Term(_term(word[first:last], name), start + first, start + last)


def index_terms(text: str, language: str) -> tuple[str, set[tuple[str, str]]]:
    """Return the terms of a text separated by spaces, and the pairs of folded word and term for the vocabulary.

    The vocabulary serves the search for parts of words; it omits short words, numbers and scripts without spaces.
    """
    name = stemmer_name(language)
    terms: list[str] = []
    pairs: set[tuple[str, str]] = set()
    for word in _WORD.findall(text):
        if _has_unspaced(word):
            terms += [_term(word[first:last], name) for first, last in _pieces(word)]
            continue
        term = _term(word, name)
        terms.append(term)
        if len(word) >= _MIN_WORD_LENGTH and not word.isdigit():
            pairs.add((_folded(word), term))
    return " ".join(terms), pairs


def name_terms(name: str) -> str:
    """Return the terms of a speaker's name, which is folded but not stemmed, separated by spaces.

    >>> name_terms("Zoë Müller-Berg")
    'zoe muller berg'
    """
    return index_terms(name, "und")[0]


def alternatives(text: str, languages: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the distinct term sequences of a query text in these languages.

    >>> alternatives("Häuser", ["de", "en", "ja"])
    (('haus',), ('hauser',))
    """
    found = (tuple(term.term for term in analyze(text, language)) for language in (*languages, "und"))
    return tuple(dict.fromkeys(terms for terms in found if terms))


@lru_cache(maxsize=1 << 18)
def _term(word: str, name: str | None) -> str:
    """Return the term of a word, stemmed by the named stemmer, or only folded for None."""
    folded = _folded(word)
    return (fold(stem(folded, name)) if name and folded.isalpha() else folded)[:_MAX_LENGTH]


@lru_cache(maxsize=1 << 17)
def _folded(word: str) -> str:
    """Return a word folded to the characters of terms, or unfolded if none would remain; it may be shortened."""
    return "".join(_WORD.findall(fold(word)))[:_MAX_LENGTH] or word[:_MAX_LENGTH]


def _has_unspaced(word: str) -> bool:
    """Return whether a word contains characters that are terms by themselves."""
    return not word.isascii() and max(word) >= _FIRST_UNSPACED and any(map(_is_term, word))


def _is_term(character: str) -> bool:
    """Return whether a character is a term by itself: Hangul, or a script written without spaces."""
    return _HANGUL[0] <= character <= _HANGUL[1] or unspaced(character)


def _pieces(word: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of single-character terms and of the runs between them."""
    start = 0
    for position, character in enumerate(word):
        if _is_term(character):
            if start < position:
                yield start, position
            yield position, position + 1
            start = position + 1
    if start < len(word):
        yield start, len(word)
