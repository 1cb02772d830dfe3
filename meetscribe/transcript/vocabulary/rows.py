"""Rows of a correction vocabulary, and their matches in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meetscribe.errors import SettingsError
from meetscribe.text.joining import unspaced
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds

TIME_LIMIT: Seconds = 5.0
"""The time limit for the searches of a regular expression in a transcript."""

# An apostrophe or hyphen between letters is part of the word, except the apostrophe of a possessive s at its end.
_BEFORE, _AFTER = r"(?<!\w)(?<!\w[-'’])", r"(?!\w)(?!-\w)(?!['’](?!s(?!\w))\w)"


@dataclass(frozen=True, slots=True)
class Match:
    """A passage of a text, as a half-open range of characters, and its replacement."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class Row:
    """A wrong text or regular expression, and its correction.

    Whole words are replaced, ignoring case. If `right` has no capital letter, it takes the case of the replaced
    text, as in "Colour" and "COLOUR". With an expression, `right` may use groups such as \\1. Raises SettingsError for
    an empty text, and for an invalid expression.
    """

    wrong: str
    right: str
    expression: bool = False

    def __post_init__(self) -> None:
        if not one_line(self.wrong):
            raise SettingsError("a row without text to replace", 'Write a row as "vitter bee" = "Viterbi".')
        if self.expression:
            self._check()

    def find(self, text: str, timeout: Seconds = TIME_LIMIT) -> Iterator[Match]:
        """Yield the matching passages of the text, with their replacements.

        Passages that are already part of the right text are left out. Raises SettingsError if an expression takes
        longer than `timeout` seconds.
        """
        if not self.expression and self._first_word not in text.casefold():
            return
        for match in self._matches(text, timeout):
            matched = match.group()
            right = match.expand(self.right) if self.expression else self.right
            if matched.strip() and not _is_within(text, match.start(), matched, right):
                yield Match(match.start(), match.end(), in_case_of(matched, right))

    @cached_property
    def _first_word(self) -> str:
        return self.wrong.split()[0].casefold()

    @cached_property
    def _pattern(self) -> Any:
        if self.expression:
            import regex  # slow to import; its searches have a time limit

            # V0: the behaviour of `re`
            return regex.compile(f"{_BEFORE}(?:{self.wrong}){_AFTER}", regex.IGNORECASE | regex.V0)
        words = r"\s+".join(map(re.escape, self.wrong.split()))
        before = "" if unspaced(self.wrong.strip()[0]) else _BEFORE
        after = "" if unspaced(self.wrong.strip()[-1]) else _AFTER
        return re.compile(f"{before}{words}{after}", re.IGNORECASE)

    def _matches(self, text: str, timeout: Seconds) -> list[Any]:
        if not self.expression:
            return list(self._pattern.finditer(text))
        try:
            return list(self._pattern.finditer(text, timeout=max(0.001, timeout)))
        except TimeoutError as error:
            raise SettingsError(
                f"the expression {self.wrong!r} takes longer than {TIME_LIMIT:.0f} s",
                "Avoid repetitions within repetitions, such as (a+)+.",
            ) from error

    def _check(self) -> None:
        """Raise SettingsError for an invalid expression, and for a group in `right` that it lacks."""
        import regex

        try:
            optional = regex.compile(f"(?:{self._pattern.pattern})?", regex.V0)  # matches an empty text
        except regex.error as error:
            raise SettingsError(f"not a regular expression: {self.wrong!r}: {error}", "Correct the row.") from error
        try:
            optional.match("").expand(self.right)
        except IndexError as error:
            message = f"{self.right!r} uses a group that {self.wrong!r} does not have"
            raise SettingsError(message, "Correct the row.") from error
        except regex.error as error:
            raise SettingsError(f"not a replacement: {self.right!r}: {error}", "Correct the row.") from error


def in_case_of(text: str, right: str) -> str:
    """Return the right text, in the case of the replaced text if it has no capital letter.

    >>> in_case_of("Colour", "color"), in_case_of("COLOUR", "color"), in_case_of("vitter bee", "Viterbi")
    ('Color', 'COLOR', 'Viterbi')
    """
    if right != right.lower():
        return right
    letters = [character for character in text if character.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return right.upper()
    if letters and letters[0].isupper():
        first = next((index for index, character in enumerate(right) if character.isalpha()), 0)
        return right[:first] + right[first : first + 1].upper() + right[first + 1 :]
    return right


def _is_within(text: str, start: int, matched: str, right: str) -> bool:
    """Return whether the match is part of the right text, ignoring case, as "bar" is in "foo bar"."""
    right, matched, text = right.lower(), matched.lower(), text.lower()
    indices = [index for index in range(len(right)) if len(right) > len(matched) and right.startswith(matched, index)]
    return any(start >= index and text.startswith(right, start - index) for index in indices)
