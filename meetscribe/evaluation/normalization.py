"""Text as it is compared: words without case and punctuation; spelling and numbers are left as they are."""

from __future__ import annotations

import unicodedata

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'"))


def normalize(text: str) -> list[str]:
    """The words of a text, lower case and in Unicode's form NFKC, without punctuation and symbols.

    Apostrophes inside words are kept, and written '. Hyphens part words. Languages that write no spaces
    come out as one word per clause: compare their characters, with `cer`.

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


def _belongs(character: str, before: str, after: str) -> bool:
    """Whether a character is part of a word, given its neighbours."""
    if character == "'":
        return _is_letter(before) and _is_letter(after)
    return not unicodedata.category(character).startswith(("P", "S"))


def _is_letter(character: str) -> bool:
    """Whether it is a letter, the mark on one, or a digit."""
    return unicodedata.category(character).startswith(("L", "M", "N"))
