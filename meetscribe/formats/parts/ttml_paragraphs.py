"""Paragraphs of TTML: their times, and their text by agent and by time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from meetscribe.formats.parts.ttml_times import Rates
from meetscribe.formats.parts.xml_documents import attribute_of, local_name
from meetscribe.timeline import Seconds

_NOT_SPOKEN = ("text", "textContainer", "delimiter")
"""Values of tts:ruby for annotations of the pronunciation, which are not part of the text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a paragraph; `start` is the start of its span if the span has its own times, else None."""

    agent: str | None
    start: Seconds | None
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; its times are None if neither it nor its spans nor its parent elements have valid times."""

    start: Seconds | None
    end: Seconds | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """The inherited attributes of an element: times and agent."""

    start: Seconds | None = None
    end: Seconds | None = None
    agent: str | None = None


def paragraphs_of(element: Element, rates: Rates) -> Iterator[Paragraph]:
    """Yield the paragraphs within an element, in the order of the file."""
    return _paragraphs(element, rates, _Context())


def _paragraphs(element: Element, rates: Rates, inherited: _Context) -> Iterator[Paragraph]:
    context = _context(element, rates, inherited)
    if local_name(element.tag) != "p":
        for child in element:
            yield from _paragraphs(child, rates, context)
        return
    ends: list[Seconds] = []
    pieces = tuple(_pieces(element, rates, context, None, ends))
    starts = [piece.start for piece in pieces if piece.start is not None]
    start = context.start if context.start is not None else min(starts, default=None)
    yield Paragraph(start, context.end if context.end is not None else max(ends, default=None), pieces)


def _context(element: Element, rates: Rates, inherited: _Context) -> _Context:
    """Return the attributes that the children of an element inherit; times are relative to those of its parent."""
    begin, end, duration = (rates.seconds(attribute_of(element, name)) for name in ("begin", "end", "dur"))
    parent_start = inherited.start or 0.0
    start = inherited.start if begin is None else parent_start + begin
    absolute_end = inherited.end if end is None else parent_start + end
    if duration is not None:
        absolute_end = (parent_start if start is None else start) + duration
    return _Context(start, absolute_end, attribute_of(element, "agent") or inherited.agent)


def _pieces(
    element: Element, rates: Rates, inherited: _Context, start: Seconds | None, ends: list[Seconds]
) -> Iterator[Piece]:
    """Yield the text of an element and its spans, and append the ends of spans to `ends`."""
    if element.text:
        yield Piece(inherited.agent, start, element.text)
    for child in element:
        name = local_name(child.tag) if isinstance(child.tag, str) else ""
        if name == "br":
            yield Piece(inherited.agent, start, "\n")
        elif name == "span" and attribute_of(child, "ruby") not in _NOT_SPOKEN:
            context = _context(child, rates, inherited)
            ends.extend([context.end] if context.end is not None else [])
            timed = rates.seconds(attribute_of(child, "begin")) is not None
            yield from _pieces(child, rates, context, context.start if timed else start, ends)
        if child.tail:
            yield Piece(inherited.agent, start, child.tail)
