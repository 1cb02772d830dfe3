"""Spoken forms of numbers, currency, times and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from num2words import CONVERTER_CLASSES, num2words  # type: ignore[import-untyped,unused-ignore]

_SYMBOLS = {
    "en": {
        "%": "percent", "&": "and", "@": "at", "+": "plus", "=": "equals", "°": "degrees", "#": "number",
        "$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", ".": "dot", "/": "slash",
    },
    "de": {
        "%": "prozent", "&": "und", "@": "ät", "+": "plus", "=": "gleich", "°": "grad", "#": "nummer",
        "$": "dollar", "€": "euro", "£": "pfund", "¥": "yen", ".": "punkt", "/": "schrägstrich",
    },
}  # fmt: skip
_SINGULAR = {"$": "dollar", "€": "euro", "£": "pound"}  # English; German has one form
_DECIMAL_POINT = frozenset("en zh ja ko th he ar fa ur hi te ms tl cy bn am".split())  # others use a comma
_YEARS = frozenset({"en", "de"})  # languages in which 1994 is not read as a cardinal
_NUM2WORDS_CODES = {"nn": "no", "kk": "kz"}  # codes of num2words that differ from ours
_DIGIT_BY_DIGIT = 7  # from this length on, digits without separators are read one by one, like telephone numbers

_NUMBER = r"\d+(?:[.,]\d+)*"
_PATTERN = re.compile(
    rf"(?P<sign>[$€£¥])(?P<sum>{_NUMBER})|(?P<sum_before>{_NUMBER})\s?(?P<sign_after>[$€£¥])"
    r"|(?<!\d)(?P<hours>\d{1,2}):(?P<minutes>\d{2})(?!\d)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)(?![a-z])"
    rf"|(?P<number>{_NUMBER})|(?P<symbol>[%&@+=°#$€£¥])|(?P<dot>(?<=\w)\.(?=\w))|(?P<slash>(?<=\w)/(?=\w))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S+@\S+|\w+://\S+|(?:[\w-]{2,}\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


def verbalise(text: str, language: str) -> list[tuple[int, int, str]]:
    """Return the parts of a word that are not read as written: start, end (half-open) and spoken form.

    Numbers are supported in the languages of num2words, names of symbols in English and German.

    >>> verbalise("$5.50", "en"), verbalise("a@b.com", "en")
    ([(0, 5, 'five dollars fifty')], [(1, 2, 'at'), (3, 4, 'dot')])
    """
    if not re.search(r"\d|[%&@+=°#$€£¥./]", text):
        return []
    text = text.replace("\u066b", ".").replace("\u066c", ",")  # Arabic separators, in numbers only
    return list(_parts(text, language, address=bool(_ADDRESS.fullmatch(text.rstrip(".,;:!?)\"'»”")))))


def _parts(text: str, language: str, *, address: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the parts in order; dots and slashes within a word have a spoken form only in an address."""
    say = _number_reader(language)
    names = _SYMBOLS.get(language, {})
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or ""  # the last group of the alternative that matched, such as "minutes" for a time
        spoken: str | None = None
        if kind in ("sum", "sign_after"):
            sign = match["sign"] or match["sign_after"]
            spoken = _money(match["sum"] or match["sum_before"], sign, language, say)
        elif kind == "minutes" and say:
            hours, minutes = say(match["hours"], "cardinal"), match["minutes"]
            spoken = f"{hours} {'uhr ' if language == 'de' else ''}{'' if minutes == '00' else _clock(minutes, say)}"
        elif kind == "ordinal" and say and language == "en":
            spoken = say(match["ordinal"], "ordinal")
        elif kind in ("number", "ordinal"):
            spoken = _number(match[kind], language, say)
        elif kind == "symbol" or address:
            spoken = names.get(match[0])
        if spoken:
            # Outside English, the letters after the digits ("1st") are read as they are written.
            yield match.start(), match.end(kind) if kind == "ordinal" and language != "en" else match.end(), spoken


_ReadNumber: TypeAlias = Callable[[str, str], str]
"""Returns the spoken form of digits as a "cardinal", "ordinal" or "year"."""


@lru_cache(maxsize=64)
def _number_reader(language: str) -> _ReadNumber | None:
    """Return the function that reads numbers in a language, or None if num2words does not support it."""
    code = _NUM2WORDS_CODES.get(language, language)
    if code not in CONVERTER_CLASSES:
        return None

    def say(number: str, kind: str) -> str:
        value: Any = Decimal(number) if "." in number else int(number)
        return str(num2words(value, lang=code, to=kind))

    return say


def _money(amount: str, sign: str, language: str, say: _ReadNumber | None) -> str | None:
    """Return the spoken form of an amount, such as "five dollars fifty"; None if the language is not supported."""
    name = _SYMBOLS.get(language, {}).get(sign)
    if not say or not name:
        return None
    whole, point, cents = amount.rpartition("." if language in _DECIMAL_POINT else ",")
    if not point or len(cents) != 2:
        whole, cents = amount, ""
    name = _SINGULAR.get(sign, name) if language == "en" and whole == "1" else name
    spoken_cents = say(cents, "cardinal") if cents.strip("0") else ""
    return f"{_number(whole, language, say)} {name} {spoken_cents}".strip()


def _clock(minutes: str, say: _ReadNumber) -> str:
    """Return the spoken minutes, with a leading zero below ten."""
    return f"{say('0', 'cardinal') if minutes[0] == '0' else ''} {say(minutes, 'cardinal')}"


def _number(written: str, language: str, say: _ReadNumber | None) -> str | None:
    """Return a number in words, read with the separators of the language; None if it is not supported."""
    if say is None:
        return None
    point, other = (".", ",") if language in _DECIMAL_POINT else (",", ".")
    grouped = re.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+(?:\{point}\d+)?", written)
    plain = written.replace(other, "") if grouped else written
    if grouped or re.fullmatch(rf"\d+\{point}\d+", plain):
        return say(plain.replace(point, "."), "cardinal")
    return " ".join(_integer(part, language, say) for part in re.split("[.,]", written))


def _integer(digits: str, language: str, say: _ReadNumber) -> str:
    """Return digits in words: as a cardinal, as a year, or one by one if they are long or begin with zero."""
    if len(digits) >= _DIGIT_BY_DIGIT or (len(digits) > 1 and int(digits[0]) == 0):
        return " ".join(say(digit, "cardinal") for digit in digits)
    # Years from 2000 to 2009 are read as cardinals.
    year = len(digits) == 4 and (1100 <= int(digits) < 2000 or 2010 <= int(digits) < 2100)
    return say(digits, "year" if year and language in _YEARS else "cardinal")
