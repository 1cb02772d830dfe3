"""The cues of a language: word lists and regular expressions from the data files in `languages/`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FOLDER = Path(__file__).with_name("languages")
_LARGE_ORDINAL = 12  # an ordinal word above it ("the fifteenth") is hardly ever anything but a day of the month
_BOUNDARIES = r"(?<![\w'@])", r"(?![\w'])"  # no letter, digit or mark of a name before, no letter or digit after


@dataclass(frozen=True, slots=True)
class DueRule:
    """A wording of due dates, and the name of the rule that computes its day (see `due_dates`)."""

    pattern: re.Pattern[str]
    day: str


@dataclass(frozen=True)
class Lexicon:
    """The cues of a language.

    `data` is the content of the data file. Cues are matched in normalised text: lower-case words between single
    spaces, without punctuation, names marked with "@".
    """

    language: str
    data: Mapping[str, Any]
    stopwords: frozenset[str]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    due: tuple[DueRule, ...]
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict, compare=False, repr=False)

    def find(self, cue: str, text: str) -> re.Match[str] | None:
        """Return the first match of a cue in normalised text, None without one."""
        return self.pattern(cue).search(text)

    def starts(self, cue: str, text: str) -> re.Match[str] | None:
        """Return the match of a cue at the start of normalised text, None without one."""
        return self.pattern(cue).match(text)

    def has(self, cue: str, text: str) -> bool:
        """Return whether a cue occurs in normalised text."""
        return self.find(cue, text) is not None

    def pattern(self, cue: str) -> re.Pattern[str]:
        """Return the expression of a cue, compiled once."""
        if cue not in self._compiled:
            self._compiled[cue] = compile_cue("|".join(self.data[cue]) or r"(?!)")
        return self._compiled[cue]

    def words(self, key: str) -> frozenset[str]:
        """Return the list under a key of the data file, as a set."""
        return frozenset(self.data[key])

    def is_content(self, token: str) -> bool:
        """Return whether a word is a content word: not a function word or a single character."""
        return len(token.lstrip("@")) > 1 and token not in self.stopwords

    def number(self, token: str) -> int | None:
        """Return the value of a whole number in words, or in digits without separators; None for another word."""
        digits = re.fullmatch(r"(\d+)(?:st|nd|rd|th|\.)?", token)
        if digits:
            return int(digits[1])
        value = self.numbers.get(token, self.ordinals.get(token))
        if value is None and "-" in token:
            parts = [self.numbers.get(part, self.ordinals.get(part)) for part in token.split("-")]
            return sum(part for part in parts if part) if None not in parts else None
        return value


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return the cues of a language, None if there is no data file for it.

    >>> lexicon("de").has("refusal", "das schaffe ich nicht"), lexicon("xx")
    (True, None)
    """
    file = _FOLDER / f"{language.partition('-')[0].lower()}.toml"
    if not re.fullmatch(r"[a-z]+\.toml", file.name) or not file.exists():
        return None
    data = read_toml(file)
    return Lexicon(
        language,
        data,
        frozenset(data["stopwords"].split()),
        data["numbers"]["words"],
        data["numbers"]["ordinals"],
        _due_rules(data),
    )


def guess_language(tokens: Sequence[str]) -> str | None:
    """Return the language with the most function words, if these are over a fifth of the tokens; otherwise None.

    >>> guess_language("we have not decided that yet".split()), guess_language(["Paris"])
    ('en', None)
    """
    shares = {
        code: sum(token in known.stopwords for token in tokens) for code in languages() if (known := lexicon(code))
    }
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] > len(tokens) / 5 else None


def languages() -> tuple[str, ...]:
    """Return the codes of the languages with rules."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def read_toml(file: Path) -> dict[str, Any]:
    """Return the content of a data file."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def compile_cue(alternatives: str) -> re.Pattern[str]:
    """Compile alternatives that match whole words only."""
    return re.compile(f"{_BOUNDARIES[0]}(?:{alternatives}){_BOUNDARIES[1]}")


def _due_rules(data: Mapping[str, Any]) -> tuple[DueRule, ...]:
    """Return the wordings of due dates, with the words of the language filled in."""
    calendar, numbers = data["calendar"], data["numbers"]
    ordinals = f"{_any(numbers['ordinals'])}|{numbers['ordinal_digits'].replace('(', '(?:', 1)}"
    parts = {
        "{weekday}": _any(calendar["weekdays"]),
        "{month}": _any(calendar["months"]),
        "{number}": rf"(?:(?:{_any(numbers['words'])} )?{_any(numbers['words'])}|\d+)",
        "{clock}": rf"(?:\d{{1,2}}(?:[:.]\d\d)?(?:am|pm|h)?|(?:{_any(numbers['words'])} )?{_any(numbers['words'])})",
        "{ordinaldigits}": f"(?:{numbers['ordinal_digits'].replace('(', '(?:', 1)})",
        "{ordinal}": f"(?:{ordinals})",
        "{lateordinal}": _any({word: day for word, day in numbers["ordinals"].items() if day > _LARGE_ORDINAL}),
        "{holiday}": _any(calendar["holidays"]),
        "{daynumber}": r"\d{1,2}",
    }
    rules = []
    for row in calendar["due"]:
        pattern = row["pattern"]
        for name, words in parts.items():
            pattern = pattern.replace(name, words)
        rules.append(DueRule(compile_cue(pattern), row["day"]))
    return tuple(rules)


def _any(words: Iterable[str]) -> str:
    """Return an expression for any of the words, the longest first."""
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"
