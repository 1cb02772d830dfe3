"""What is read out for numbers, money, times and addresses, in words; spelling those is tokens' matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

_SAID = {
    "en": {
        "%": "percent", "&": "and", "@": "at", "+": "plus", "=": "equals", "°": "degrees", "#": "number",
        "$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", ".": "dot", "/": "slash",
    },
    "de": {
        "%": "prozent", "&": "und", "@": "ät", "+": "plus", "=": "gleich", "°": "grad", "#": "nummer",
        "$": "dollar", "€": "euro", "£": "pfund", "¥": "yen", ".": "punkt", "/": "schrägstrich",
    },
}  # fmt: skip
_ONE = {"$": "dollar", "€": "euro", "£": "pound"}  # English; German has one form
_WITH_POINT = frozenset("en zh ja ko th he ar fa ur hi te ms tl cy bn am".split())  # the others have a decimal comma
_YEARS = frozenset({"en", "de"})  # where 1994 is not read as one number
_CALLED = {"nn": "no", "kk": "kz"}  # as num2words calls them
_DIGIT_BY_DIGIT = 7  # digits from which a number without separators is a telephone's, or the like

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
    """The parts of a word that are not read as they are written: where each starts and ends, and what is said.

    Only where it is known for the language; English and German also have the names of symbols.

    >>> verbalise("$5.50", "en"), verbalise("a@b.com", "en")
    ([(0, 5, 'five dollars fifty')], [(1, 2, 'at'), (3, 4, 'dot')])
    """
    if not re.search(r"\d|[%&@+=°#$€£¥./]", text):
        return []
    text = text.replace("\u066b", ".").replace("\u066c", ",")  # Arabic separators, in numbers only
    return list(_parts(text, language, address=bool(_ADDRESS.fullmatch(text.rstrip(".,;:!?)\"'»”")))))


def _parts(text: str, language: str, *, address: bool) -> Iterator[tuple[int, int, str]]:
    """The parts, in order; in an address every dot and slash is read out."""
    say = _speaker(language)
    said = _SAID.get(language, {})
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or ""
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
            spoken = said.get(match[0])
        if spoken:
            yield match.start(), match.end(kind) if kind == "ordinal" and language != "en" else match.end(), spoken


_Say = Callable[[str, str], str]


@lru_cache(maxsize=64)
def _speaker(language: str) -> _Say | None:
    """Reads out a number in digits as a "cardinal", "ordinal" or "year"; None if the language is not known."""
    from num2words import CONVERTER_CLASSES, num2words  # type: ignore[import-untyped,unused-ignore]

    code = _CALLED.get(language, language)
    if code not in CONVERTER_CLASSES:
        return None

    def say(number: str, kind: str) -> str:
        value: Any = Decimal(number) if "." in number else int(number)
        return str(num2words(value, lang=code, to=kind))

    return say


def _money(amount: str, sign: str, language: str, say: _Say | None) -> str | None:
    """A sum with its currency between whole and hundredths, as it is spoken; None if that is not known."""
    name = _SAID.get(language, {}).get(sign)
    if not say or not name:
        return None
    whole, point, cents = amount.rpartition("." if language in _WITH_POINT else ",")
    if not point or len(cents) != 2:
        whole, cents = amount, ""
    name = _ONE.get(sign, name) if language == "en" and whole == "1" else name
    small = say(cents, "cardinal") if cents.strip("0") else ""
    return f"{_number(whole, language, say)} {name} {small}".strip()


def _clock(minutes: str, say: _Say) -> str:
    """Minutes after the hour, with the zero of the first nine."""
    return f"{say('0', 'cardinal') if minutes[0] == '0' else ''} {say(minutes, 'cardinal')}"


def _number(written: str, language: str, say: _Say | None) -> str | None:
    """A number in words, its separators read as the language has them; None if that is not known."""
    if say is None:
        return None
    point, other = (".", ",") if language in _WITH_POINT else (",", ".")
    grouped = re.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+(?:\{point}\d+)?", written)
    plain = written.replace(other, "") if grouped else written
    if grouped or re.fullmatch(rf"\d+\{point}\d+", plain):
        return say(plain.replace(point, "."), "cardinal")
    return " ".join(_integer(part, language, say) for part in re.split("[.,]", written))


def _integer(digits: str, language: str, say: _Say) -> str:
    """Digits as one number, as a year, or one by one where nobody reads them as one number."""
    if len(digits) >= _DIGIT_BY_DIGIT or (len(digits) > 1 and int(digits[0]) == 0):
        return " ".join(say(digit, "cardinal") for digit in digits)
    year = len(digits) == 4 and (1100 <= int(digits) < 2000 or 2010 <= int(digits) < 2100)
    return say(digits, "year" if year and language in _YEARS else "cardinal")
