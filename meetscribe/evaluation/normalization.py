"""Text normalization before scoring: removes differences in case, punctuation and spelling that are not errors."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from meetscribe.errors import SettingsError, nearest
from meetscribe.text.splitting import split_words

Normalizer: TypeAlias = Callable[[str], list[str]]
"""A function that returns the normalized words of a text."""

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'"))


@dataclass(frozen=True, slots=True)
class Normalization:
    """A named normalization; `in_context` means that the result for a word depends on its neighbours."""

    name: str
    description: str
    normalizer: Normalizer
    in_context: bool = False


def normalize(text: str) -> list[str]:
    """Return the words of a text in lower case and Unicode form NFKC, without punctuation and symbols.

    Apostrophes inside words are kept and become '. Hyphens separate words. In languages without spaces, each clause
    becomes one word: compare characters instead, with `cer` or `normalize_characters`.

    >>> normalize("Well\u2026 it\u2019s the \u2018all-hands\u2019!")
    ['well', "it's", 'the', 'all', 'hands']
    """
    plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    # The category Cf has invisible characters, such as the soft hyphen and marks of the writing direction.
    visible = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    folded = unicodedata.normalize("NFKC", visible.lower())
    return "".join(
        character if _is_part_of_word(character, before, after) else " "
        for before, character, after in zip(" " + folded, folded, folded[1:] + " ", strict=False)
    ).split()


@lru_cache(maxsize=1 << 16)
def plain_word(text: str) -> str:
    """Return a word after `normalize`, its parts joined by spaces; empty if it has no letters or digits."""
    return " ".join(normalize(text))


def normalize_characters(text: str) -> list[str]:
    """Return the words of `normalize`, with scripts without spaces split into characters.

    >>> normalize_characters("我们用Python写的。")
    ['我', '们', '用', 'python', '写', '的']
    """
    return split_words(" ".join(normalize(text)))


def normalize_english(text: str) -> list[str]:
    """Return the words after Whisper's English normalizer: numbers as digits, American spelling, no fillers.

    Raises SettingsError if the package whisper-normalizer is not installed.
    """
    return _whisper_english()(text).split()


NORMALIZATIONS = {
    normalization.name: normalization
    for normalization in (
        Normalization("none", "words as written", str.split),
        Normalization("basic", "lower case, no punctuation", normalize),
        Normalization(
            "whisper", "Whisper's English: numbers, spelling, contractions", normalize_english, in_context=True
        ),
        Normalization("cjk", "lower case, no punctuation, scripts without spaces by character", normalize_characters),
    )
}


def find_normalization(name: str) -> Normalization:
    """Return the normalization with a name; raises SettingsError, which suggests the nearest known name."""
    if name not in NORMALIZATIONS:
        raise SettingsError(f"unknown normalization {name!r}", nearest(name, NORMALIZATIONS))
    return NORMALIZATIONS[name]


@lru_cache(maxsize=1)
def _whisper_english() -> Callable[[str], str]:
    """Return Whisper's English normalizer."""
    try:
        from whisper_normalizer.english import EnglishTextNormalizer
    except ImportError as error:
        raise SettingsError(
            "Whisper's English normalization needs the package whisper-normalizer",
            "Install it: pip install whisper-normalizer",
        ) from error
    normalizer: Callable[[str], str] = EnglishTextNormalizer()
    return normalizer


def _is_part_of_word(character: str, before: str, after: str) -> bool:
    """Return whether a character is part of a word, given its neighbours."""
    if character == "'":
        return _is_letter(before) and _is_letter(after)
    return not unicodedata.category(character).startswith(("P", "S"))


def _is_letter(character: str) -> bool:
    """Return whether a character is a letter, a combining mark or a digit."""
    return unicodedata.category(character).startswith(("L", "M", "N"))
