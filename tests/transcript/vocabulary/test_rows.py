"""Rows replace whole words, in the case of the text, within a bounded time."""

from __future__ import annotations

import time

import pytest

from meetscribe.errors import SettingsError
from meetscribe.transcript.vocabulary.rows import Row, in_case_of


def applied(row: Row, text: str) -> str:
    """Return the text with the row applied."""
    for found in reversed(list(row.find(text))):
        text = text[: found.start] + found.replacement + text[found.end :]
    return text


@pytest.mark.parametrize(
    ("row", "text", "expected"),
    [
        (Row("vitter bee", "Viterbi"), "The Vitter  bee, or vitter bees.", "The Viterbi, or vitter bees."),
        (Row("bee", "Viterbi"), "a bee-line, the bee's, it'bee, (bee)", "a bee-line, the Viterbi's, it'bee, (Viterbi)"),
        (Row("colour", "color"), "Colour, COLOUR and colour", "Color, COLOR and color"),
        (Row("u s a", "USA"), "the u s a", "the USA"),
        (Row("我门", "我们"), "今天我门去", "今天我们去"),
        (Row("bar", "foo bar"), "foo bar and bar", "foo bar and foo bar"),
        (Row("viterbi", "Viterbi"), "viterbi Viterbi", "Viterbi Viterbi"),
        (Row("c++", "C++"), "in c++ code", "in C++ code"),
        (Row(r"gpt[ -]?(\d)", r"GPT-\1", True), "gpt 4 and Gpt-5, agpt4", "GPT-4 and GPT-5, agpt4"),
        (Row(r"(um|uh)", "", True), "um yes", " yes"),
    ],
)
def test_replacement(row: Row, text: str, expected: str) -> None:
    """Whole words are replaced wherever they stand."""
    assert applied(row, text) == expected


def test_a_replacement_is_not_applied_twice() -> None:
    """Text that is right already stays."""
    row = Row("bar", "foo bar")
    assert applied(row, applied(row, "the bar")) == "the foo bar"


def test_the_case_of_one_letter() -> None:
    """A single capital letter is not all capitals."""
    assert (in_case_of("A", "the"), in_case_of("x", "the"), in_case_of("1", "one")) == ("The", "the", "one")


@pytest.mark.parametrize(
    ("wrong", "right", "expression", "message"),
    [
        (" ", "x", False, "without text to replace"),
        ("(a", "x", True, "not a regular expression: '\\(a'"),
        ("(a)", r"\2", True, "uses a group"),
        ("(a)", r"\g<n>", True, "uses a group"),
        ("(a)", r"\g<2>", True, "not a replacement: .*: invalid group"),
        ("(a)", "\\", True, "not a replacement"),
    ],
)
def test_invalid_rows(wrong: str, right: str, expression: bool, message: str) -> None:
    """An invalid row is an error when it is made."""
    with pytest.raises(SettingsError, match=message):
        Row(wrong, right, expression)


def test_expressions_are_bounded_in_time() -> None:
    """An expression with catastrophic backtracking ends with an error."""
    began = time.monotonic()
    with pytest.raises(SettingsError, match="takes longer than 5 s"):
        list(Row("(a|aa)+b+x", "y", True).find("a" * 60 + "bx1", timeout=0.2))
    assert time.monotonic() - began < 3
