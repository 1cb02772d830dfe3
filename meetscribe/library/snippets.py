"""Snippets: the part of a passage around its matches."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Half-open spans of characters."""

WIDTH = 160
"""The length of a snippet in characters."""

_CUT = "…"
_LEAD = 40  # characters before the first match


class Snippet(NamedTuple):
    """A part of a text, and the spans of the matches in it."""

    text: str
    matches: Spans


def snippet(text: str, matches: Spans, width: int = WIDTH) -> Snippet:
    """Return about `width` characters of a text around the first match, cut at spaces and marked with "…".

    >>> snippet("one two three four five", ((8, 13),), width=12)
    Snippet(text='…two three…', matches=((5, 10),))
    """
    if len(text) <= width:
        return Snippet(text, matches)
    first = matches[0][0] if matches else 0
    start = _next_word(text, max(0, min(first - min(_LEAD, width // 3), len(text) - width)), first)
    end = min(len(text), start + width)
    if end < len(text):  # end at a space, but not before the end of the first match
        end = max(text.rfind(" ", start + 1, end), matches[0][1] if matches else 0) or end
        end = end if end > start else min(len(text), start + width)
    lead = _CUT if start else ""
    shift = len(lead) - start
    kept = tuple((a + shift, b + shift) for a, b in matches if start <= a and b <= end)
    return Snippet(f"{lead}{text[start:end]}{_CUT if end < len(text) else ''}", kept)


def _next_word(text: str, start: int, latest: int) -> int:
    """Return the start of the first word from `start` on, or `start` if no word starts before `latest`."""
    if start == 0:
        return 0
    space = text.find(" ", start - 1, latest)
    return space + 1 if space >= 0 else start
