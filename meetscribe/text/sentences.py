"""Recognise the ends and starts of sentences and clauses by punctuation and capitals."""

from __future__ import annotations

import re

SENTENCE_MARKS = ".?!…。？！｡؟۔।॥"
"""Marks that end a sentence: Latin, CJK (full and half width), Arabic, Urdu, Devanagari (danda and double danda)."""

_ABBREVIATIONS = frozenset(
    "approx. ca. dr. etc. fr. gen. hr. jr. mme. mr. mrs. ms. mt. nr. prof. sr. sra. st. vs.".split()
)
_CLAUSE_MARKS = ",;:–—،؛、，；："
_SENTENCE_ENDS = tuple(SENTENCE_MARKS)
_CLAUSE_ENDS = tuple(SENTENCE_MARKS + _CLAUSE_MARKS)
_CLOSERS = "\"'”’»›)]}」』）】"
_OPENERS = "\"'“‘«‹([{„‚¿¡"


def ends_sentence(text: str) -> bool:
    """Return whether a word ends with a sentence mark, ignoring closing quotes and brackets.

    >>> ends_sentence("done.”"), ends_sentence("3.5"), ends_sentence("well,")
    (True, False, False)
    """
    return text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)


def is_abbreviation(text: str) -> bool:
    """Return whether a word with a full stop is a title, an initial or another common abbreviation.

    >>> is_abbreviation("Dr."), is_abbreviation("J."), is_abbreviation("e.g."), is_abbreviation("done.")
    (True, True, True, False)
    """
    word = text.strip(_OPENERS + _CLOSERS)
    return word.lower() in _ABBREVIATIONS or re.fullmatch(r"(?:[^\W\d_]\.)+", word) is not None


def ends_clause(text: str) -> bool:
    """Return whether a word ends with a sentence mark, comma, semicolon, colon or dash, ignoring closing quotes.

    >>> ends_clause("done.”"), ends_clause("well,"), ends_clause("then")
    (True, True, False)
    """
    return text.rstrip(_CLOSERS).endswith(_CLAUSE_ENDS)


def is_capitalised(text: str) -> bool | None:
    """Return whether a word is capitalised; None if that is undecidable: "I", "GUI", "3", a script with one case.

    >>> is_capitalised("Well,"), is_capitalised("well,"), is_capitalised("I’m"), is_capitalised("3")
    (True, False, None, None)
    """
    letters = text.lstrip(_OPENERS)
    if letters[:1].islower():
        return False
    return True if letters[:1].isupper() and letters[1:2].islower() else None
