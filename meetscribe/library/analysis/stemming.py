"""Stemming with Snowball, for the languages it supports."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import snowballstemmer

from meetscribe.text.languages import name_of

_ALIASES = {"nynorsk": "norwegian"}
_OLD_ENGLISH = frozenset({"porter", "lovins"})  # two older stemmers of English

STEMMER_VERSION: str = version("snowballstemmer")
"""The version of the stemmers; the stems of another version may differ."""


def stemmer_name(language: str) -> str | None:
    """Return the name of the Snowball stemmer for a language code, None if there is none.

    >>> stemmer_name("de"), stemmer_name("pt-BR"), stemmer_name("ja")
    ('german', 'portuguese', None)
    """
    name = name_of(language)
    name = _ALIASES.get(name, name)
    return name if name in _algorithms() else None


def stem(word: str, name: str) -> str:
    """Return the stem of a folded word by the named stemmer."""
    stemmed: str = _stemmer(name).stemWord(word)
    return stemmed or word


@cache
def _algorithms() -> frozenset[str]:
    """Return the names of the available stemmers."""
    return frozenset(snowballstemmer.algorithms()) - _OLD_ENGLISH


@cache
def _stemmer(name: str) -> Any:
    """Return the stemmer with a name, created once."""
    return snowballstemmer.stemmer(name)
