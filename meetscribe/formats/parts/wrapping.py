"""Divide words into units that fit on a line, and wrap units to lines of similar width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from meetscribe.text.joining import space_between
from meetscribe.text.sentences import ends_clause
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Word

_GOOD_BREAK = -100
_POOR_BREAK = 90
_LABEL_ALONE = 40
"""Costs of a line break after punctuation, after a short word such as an article, and after the label alone, in
columns squared; chosen by hand."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Text kept on one line: a word with the punctuation after it, or part of a long word."""

    text: str
    start_ms: int
    end_ms: int
    spaced: bool  # whether a space goes before it, unless it opens a line
    width: int


def width_of(text: str) -> int:
    """Return the display width of text in columns: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def units_of(words: Sequence[Word], width: int) -> tuple[Unit, ...]:
    """Return words as units: closing punctuation joins the word before it, and words wider than a line are divided."""
    whole: list[tuple[str, int, int]] = []
    for word in words:
        text = one_line(word.text)
        if not text:
            continue
        start_ms, end_ms = round(word.start * 1000), round(word.end * 1000)
        if whole and not any(map(str.isalnum, text)) and not space_between(whole[-1][0], text):
            before, since_ms, until_ms = whole[-1]
            whole[-1] = (before + text, since_ms, max(until_ms, end_ms))
        else:
            whole.append((text, start_ms, end_ms))
    units: list[Unit] = []
    for text, start_ms, end_ms in whole:
        spaced = bool(units) and space_between(units[-1].text, text)
        units.extend(_parts(text, (start_ms, end_ms), spaced, width))
    return tuple(units)


def fits(units: Sequence[Unit], label_width: int, width: int, lines: int) -> bool:
    """Return whether the units fit on that many lines, the first after a label of `label_width` columns."""
    return _count_lines(units, label_width, width) <= lines


def wrap(units: Sequence[Unit], label_width: int, width: int) -> tuple[tuple[Unit, ...], ...]:
    """Wrap units to as few lines as possible, of similar width, preferably broken after punctuation.

    The first line is empty if its label leaves no room. The cost of a line is its squared difference from the mean
    width, plus the cost of the break after it.
    """
    count = _count_lines(units, label_width, width)
    if count == 1:
        return (tuple(units),)
    found = _Breaker(units, label_width, width, count).best(0, count)
    stops = found[1] if found else (len(units),)
    return tuple(tuple(units[start:stop]) for start, stop in zip((0, *stops), stops, strict=False))


class _Breaker:
    """The search for the line breaks of minimum cost."""

    def __init__(self, units: Sequence[Unit], label_width: int, width: int, count: int) -> None:
        self._units, self._label_width, self._width, self._count = units, label_width, width, count
        self._ends = list(accumulate((unit.width + unit.spaced for unit in units), initial=0))
        self._target = (self._ends[-1] + label_width) / count

    def best(self, start: int, lines_left: int) -> tuple[float, tuple[int, ...]] | None:
        """Return the minimum cost of the units from `start` on `lines_left` lines, and the ends of these lines.

        None if the units do not fit.
        """
        is_first = lines_left == self._count
        if lines_left == 1:
            width = self._line_width(start, len(self._units), is_first)
            return ((width - self._target) ** 2, (len(self._units),)) if width <= self._width else None
        found: tuple[float, tuple[int, ...]] | None = None
        for stop in range(start + (0 if self._label_width and is_first else 1), len(self._units)):
            width = self._line_width(start, stop, is_first)
            if width > self._width:
                break
            rest = self.best(stop, lines_left - 1)
            cost = (width - self._target) ** 2
            cost += _break_cost(self._units[stop - 1]) if stop > start else _LABEL_ALONE
            if rest is not None and (found is None or cost + rest[0] < found[0]):
                found = (cost + rest[0], (stop, *rest[1]))
        return found

    def _line_width(self, start: int, stop: int, is_first: bool) -> int:
        """Return the width of a line of units; the first line holds the label."""
        if start == stop:
            return self._label_width
        text = self._ends[stop] - self._ends[start] - self._units[start].spaced
        return text + self._label_width + 1 if self._label_width and is_first else text


def text_of(units: Sequence[Unit]) -> str:
    """Return the units as running text."""
    return "".join(f" {unit.text}" if unit.spaced else unit.text for unit in units).lstrip()


def fitting_length(text: str, width: int) -> int:
    """Return the number of characters, at least 1, that fit into the width.

    Text that does not fit is divided after the last space that fits or directly follows what fits, if there is one; the
    space is counted.
    """
    if width_of(text) <= width:
        return len(text)
    size, used = 0, 0
    for character in text:
        used += width_of(character)
        if used > width:
            break
        size += 1
    size = max(1, size)
    space = text.rfind(" ", 0, size + 1)
    return space + 1 if space > 0 else size


def _break_cost(before: Unit) -> float:
    """Return the cost of ending a line with this unit."""
    if ends_clause(before.text):
        return _GOOD_BREAK
    return _POOR_BREAK if before.width <= 3 and before.text.isalpha() and before.text.isascii() else 0


def _count_lines(units: Sequence[Unit], label_width: int, width: int) -> int:
    """Return the minimum number of lines for the units."""
    count, used = 1, label_width
    for unit in units:
        # A space separates the label from the first unit, even if that unit needs no space before it (`spaced`).
        needed = used + unit.width + (unit.spaced or (count == 1 and used == label_width)) if used else unit.width
        if needed > width:
            count, used = count + 1, unit.width
        else:
            used = needed
    return count


def _parts(text: str, times: tuple[int, int], spaced: bool, width: int) -> Iterator[Unit]:
    """Divide text into units that fit on a line, and its time in proportion to characters."""
    start_ms, end_ms = times
    done = 0
    while done < len(text):
        size = fitting_length(text[done:], width)
        piece = text[done : done + size]
        since_ms, until_ms = (start_ms + (end_ms - start_ms) * part // len(text) for part in (done, done + size))
        yield Unit(piece.strip(), since_ms, until_ms, spaced, width_of(piece.strip()))
        done += size
        spaced = piece.endswith(" ")
