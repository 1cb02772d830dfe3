from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.formats.parts.wrapping import fits, fitting_length, text_of, units_of, width_of, wrap
from meetscribe.transcript import Word

texts = st.lists(st.sampled_from(["a", "the", "word,", "longer", "我", "们。", "!", "x" * 25]), min_size=1, max_size=9)


def words_of(texts: list[str]) -> list[Word]:
    return [Word(text, place / 2, (place + 1) / 2) for place, text in enumerate(texts)]


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("我们", 4), ("e\u0301", 1), ("ﾊﾛｰ", 3), ("", 0)])
def test_width(text: str, columns: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert width_of(text) == columns


@settings(max_examples=40)
@given(texts, st.sampled_from([10, 16, 42]), st.sampled_from([0, 5]))
def test_lines_hold_every_unit_once(texts: list[str], width: int, label: int) -> None:
    """Wrapped lines hold the units in order, on the least number of lines, none wider than the limit."""
    units = units_of(words_of(texts), width)
    lines = wrap(units, label, width)
    assert tuple(unit for line in lines for unit in line) == units
    widths = [width_of(text_of(line)) for line in lines]
    widths[0] += label + bool(label and lines[0])
    assert max(widths) <= width
    assert fits(units, label, width, len(lines))
    assert not fits(units, label, width, len(lines) - 1)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["abcd", "efgh", "ijklmn", "abcde"]), min_size=2, max_size=8))
def test_two_lines_are_the_most_balanced(texts: list[str]) -> None:
    """Without punctuation and short words, two lines have the least squared difference from their mean."""
    units = units_of(words_of(texts), 30)
    lines = wrap(units, 0, 30)
    if len(lines) != 2:
        return

    def cost(stop: int) -> float:
        parts = (width_of(text_of(units[:stop])), width_of(text_of(units[stop:])))
        mean = (sum(unit.width + unit.spaced for unit in units)) / 2
        return sum((part - mean) ** 2 for part in parts) if max(parts) <= 30 else float("inf")

    assert cost(len(lines[0])) == min(cost(stop) for stop in range(1, len(units)))


def test_long_words_are_divided() -> None:
    """A word wider than a line becomes units that divide its time by characters."""
    units = units_of([Word("x" * 25, 0.0, 2.5)], 10)
    assert [(unit.text, unit.start_ms, unit.end_ms) for unit in units] == [
        ("x" * 10, 0, 1000),
        ("x" * 10, 1000, 2000),
        ("x" * 5, 2000, 2500),
    ]


def test_text_is_cut_at_spaces() -> None:
    """Text that does not fit is cut after a space if there is one, and never to nothing."""
    assert fitting_length("one two three", 9) == len("one two ")
    assert fitting_length("我我我", 5) == 2
    assert fitting_length("我", 1) == 1
