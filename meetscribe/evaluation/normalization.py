"""Text as it is compared: which differences of spelling, case and punctuation are no errors."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from meetscribe.errors import SettingsError, nearest
from meetscribe.text.splitting import split_words

Normalizer: TypeAlias = Callable[[str], list[str]]
"""What makes the words that are compared out of a text."""

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'"))


@dataclass(frozen=True, slots=True)
class Normalization:
    """A way to make texts comparable; `in_context` if what becomes of a word depends on those around it."""

    name: str
    says: str
    normalizer: Normalizer
    in_context: bool = False


def normalize(text: str) -> list[str]:
    """The words of a text, lower case and in Unicode's form NFKC, without punctuation and symbols.

    Apostrophes inside words are kept, and written '. Hyphens part words. Languages that write no spaces
    come out as one word per clause: compare their characters, with `cer` or `normalize_characters`.

    >>> normalize("Well\u2026 it\u2019s the \u2018all-hands\u2019!")
    ['well', "it's", 'the', 'all', 'hands']
    """
    plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    visible = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    folded = unicodedata.normalize("NFKC", visible.lower())
    return "".join(
        character if _belongs(character, before, after) else " "
        for before, character, after in zip(" " + folded, folded, folded[1:] + " ", strict=False)
    ).split()


@lru_cache(maxsize=1 << 16)
def plain_word(text: str) -> str:
    """A word as `normalize` leaves it, in one piece; empty if it says nothing."""
    return " ".join(normalize(text))


def normalize_characters(text: str) -> list[str]:
    """The words of `normalize`; of scripts that are written without spaces each character is one.

    >>> normalize_characters("我们用Python写的。")
    ['我', '们', '用', 'python', '写', '的']
    """
    return split_words(" ".join(normalize(text)))


def normalize_english(text: str) -> list[str]:
    """The words as Whisper's English normaliser leaves them: numbers in digits, American spelling, no fillers.

    Raises SettingsError where the package that has it is not installed.
    """
    return _whisper_english()(text).split()


NORMALIZATIONS = {
    normalization.name: normalization
    for normalization in (
        Normalization("none", "words as they are written", str.split),
        Normalization("basic", "lower case, no punctuation", normalize),
        Normalization("whisper", "Whisper's English: numbers, spelling, contractions", normalize_english, True),
        Normalization("cjk", "lower case, no punctuation, scripts without spaces by character", normalize_characters),
    )
}


def find_normalization(name: str) -> Normalization:
    """The normalisation of that name; raises SettingsError naming the nearest known one."""
    if name not in NORMALIZATIONS:
        raise SettingsError(f"unknown normalisation {name!r}", nearest(name, NORMALIZATIONS))
    return NORMALIZATIONS[name]


@lru_cache(maxsize=1)
def _whisper_english() -> Callable[[str], str]:
    """Whisper's normaliser, from the package that has it without Whisper."""
    try:
        from whisper_normalizer.english import EnglishTextNormalizer
    except ImportError as error:
        raise SettingsError(
            "Whisper's English normalisation needs whisper-normalizer",
            "Install it: pip install whisper-normalizer",
        ) from error
    normalizer: Callable[[str], str] = EnglishTextNormalizer()
    return normalizer


def _belongs(character: str, before: str, after: str) -> bool:
    """Whether a character is part of a word, given its neighbours."""
    if character == "'":
        return _is_letter(before) and _is_letter(after)
    return not unicodedata.category(character).startswith(("P", "S"))


def _is_letter(character: str) -> bool:
    """Whether it is a letter, the mark on one, or a digit."""
    return unicodedata.category(character).startswith(("L", "M", "N"))
