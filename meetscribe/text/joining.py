"""Join words into running text, with spaces if the script has them."""

from __future__ import annotations

from collections.abc import Iterable

# Scripts written without spaces between words, as ranges of code points (Unicode 16 blocks):
# Thai, Lao; Myanmar; Khmer; CJK radicals, symbols and punctuation; Hiragana, Katakana, Bopomofo;
# Katakana extensions; Han; Myanmar extended B, A; Han compatibility; full-width forms; Kana and Han
# supplements. Hangul is written with spaces.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x19E0, 0x19FF),
    (0x2E80, 0x312F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFF9F),
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x323AF),
)
_CLOSING = frozenset(".,;:!?%)]}…”’»›。、，．！？：；）］｝」』】〉》〕〗・؟،؛।॥")


def join_words(texts: Iterable[str]) -> str:
    """Join words into running text.

    Two words are separated by a space unless both sides belong to a script written without spaces (Han, Kana, Thai,
    Lao, Khmer, Myanmar), or the second consists of closing punctuation.

    >>> join_words(["Well", ",", "yes", "."]), join_words(["我", "用", "Python", "写"])
    ('Well, yes.', '我用 Python 写')
    """
    parts: list[str] = []
    for text in texts:
        if not text:
            continue
        if parts and space_between(parts[-1], text):
            parts.append(" ")
        parts.append(text)
    return "".join(parts)


def space_between(before: str, after: str) -> bool:
    """Return whether a space separates two neighbouring words, which must not be empty."""
    if all(character in _CLOSING for character in after):
        return False
    return not (unspaced(before[-1]) and unspaced(after[0]))


def unspaced(character: str) -> bool:
    """Return whether the character belongs to a script written without spaces between words."""
    point = ord(character)
    return point >= _UNSPACED[0][0] and any(first <= point <= last for first, last in _UNSPACED)
