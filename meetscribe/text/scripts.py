"""Languages written in two scripts: Chinese (simplified, traditional) and Serbian (Cyrillic, Latin)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

Script: TypeAlias = Literal["simplified", "traditional", "cyrillic", "latin"]
"""The name of a script."""

SCRIPTS: Mapping[str, tuple[Script, Script]] = {
    "zh": ("simplified", "traditional"),
    "yue": ("simplified", "traditional"),
    "sr": ("cyrillic", "latin"),
}
"""The two scripts of each language that has two, by Whisper's code."""

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split()
_TO_LATIN = dict(zip(_CYRILLIC, _LATIN, strict=True))
_TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in _TO_LATIN.items()}
_LATIN_LETTER = re.compile("dž|lj|nj|[a-zđžćčš]", re.IGNORECASE)
_FOREIGN = re.compile("[qwxy]", re.IGNORECASE)  # letters that Serbian does not use; a word with one is a foreign name


def main_script(text: str, language: str) -> Script | None:
    """Return the script of most letters in a text; None if none differs by script, or the language has one script.

    >>> main_script("我們在這裡, 一起说话", "zh"), main_script("Добар dan", "sr"), main_script("Hello", "en")
    ('traditional', 'cyrillic', None)
    """
    if language not in SCRIPTS:
        return None
    first, second = SCRIPTS[language]
    counts = {first: _differing_letters(text, second), second: _differing_letters(text, first)}
    if not any(counts.values()):
        return None
    return first if counts[first] >= counts[second] else second


def in_script(words: Sequence[str], script: Script) -> list[str]:
    """Convert consecutive words to a script of their language; words in other alphabets stay unchanged.

    Chinese characters with several counterparts are chosen by the words around them.

    >>> in_script(["我", "們", "在", "這", "裡。"], "simplified"), in_script(["Добар", "дан,", "Љубо!"], "latin")
    (['我', '们', '在', '这', '里。'], ['Dobar', 'dan,', 'Ljubo!'])
    """
    if script in ("cyrillic", "latin"):
        return [_converted(word, script) for word in words]
    joined = _converted("".join(words), script)
    if len(joined) != sum(map(len, words)):  # a dictionary word has another length in the other script
        return [_converted(word, script) for word in words]
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    return [joined[start:end] for start, end in zip(ends, ends[1:], strict=False)]


def _differing_letters(text: str, script: Script) -> int:
    """Return the number of letters in a text that `script` writes differently."""
    return sum(character != _converted(character, script) for character in text if character.isalpha())


@lru_cache(maxsize=1 << 14)
def _converted(text: str, script: Script) -> str:
    """Convert a text to a script."""
    return _CONVERSIONS[script](text)


def _to_latin(text: str) -> str:
    """Convert Serbian to Latin letters; a digraph is in capitals if its neighbours are."""
    letters = []
    for index, character in enumerate(text):
        latin = _TO_LATIN.get(character.lower(), character)
        if character.isupper() and latin != character:
            neighbours = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
            capitals = any(map(str.isupper, neighbours)) and not any(map(str.islower, neighbours))
            latin = latin.upper() if capitals else latin.capitalize()
        letters.append(latin)
    return "".join(letters)


def _to_cyrillic(text: str) -> str:
    """Convert Serbian to Cyrillic letters, except foreign names; "nj" is always one letter."""
    return " ".join(
        word if _FOREIGN.search(word) else _LATIN_LETTER.sub(_cyrillic_letter, word) for word in text.split(" ")
    )


def _cyrillic_letter(found: re.Match[str]) -> str:
    """Return the Cyrillic letter for a Latin letter or digraph."""
    latin = found.group()
    cyrillic = _TO_CYRILLIC.get(latin.lower(), latin)
    return cyrillic.upper() if latin[0].isupper() else cyrillic


@cache
def _opencc(configuration: str) -> Any:
    """Return the converter of Open Chinese Convert for a configuration, such as "t2s"."""
    from opencc import OpenCC  # loads dictionaries that only Chinese needs

    return OpenCC(configuration)


_CONVERSIONS: Mapping[Script, Callable[[str], str]] = {
    "simplified": lambda text: str(_opencc("t2s").convert(text)),
    "traditional": lambda text: str(_opencc("s2t").convert(text)),
    "cyrillic": _to_cyrillic,
    "latin": _to_latin,
}
