"""Case folding and removal of diacritics, so that "cafe" finds "café" and "grosse" finds "Größe"."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_MARKS = (
    (0x0300, 0x036F),  # combining diacritics
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),  # Arabic signs
    (0x064B, 0x065F),  # Arabic vowels
    (0x1AB0, 0x1AFF),  # combining diacritics, extended
    (0x1DC0, 0x1DFF),  # combining diacritics, supplement
)
_BREVE = "\u0306"


def fold(text: str) -> str:
    """Return text in lower case without diacritics, and with compatibility forms such as "ﬁ" or "１" replaced.

    Vowel signs of Indic scripts and the marks of Kana are not diacritics and are kept, and so is the breve of the
    Cyrillic letter "й".

    >>> fold("Größe"), fold("CAFÉ"), fold("Ёлка"), fold("ガ１")
    ('grosse', 'cafe', 'елка', 'ガ1')
    """
    if text.isascii():
        return text.lower()
    parts: list[str] = []
    plain = unicodedata.normalize("NFKD", text).casefold()  # compatibility forms such as "㋌" contain capitals
    for character in unicodedata.normalize("NFKD", plain):
        is_letter = character == _BREVE and parts and parts[-1] == "и"
        if is_letter or not _is_mark(character):
            parts.append(character)
    return unicodedata.normalize("NFC", "".join(parts)).translate(_LETTERS)


def _is_mark(character: str) -> bool:
    """Return whether a character is a diacritic to remove."""
    point = ord(character)
    return point >= _MARKS[0][0] and any(first <= point <= last for first, last in _MARKS)
