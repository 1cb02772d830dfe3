"""What is heard in a chunk as words of the recording, each with its time in the chunk; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from meetscribe.text.splitting import split_words, spread
from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word

if TYPE_CHECKING:
    from meetscribe.asr.protocol import DecodingResult


def words_in_chunk(
    heard: DecodingResult, chunk: Span, speech_activity: Sequence[Span] = (), language: str | None = None
) -> tuple[Word, ...]:
    """The words of a chunk in their order, none of them beyond its edges or overlapping another.

    Times are the engine's; a text without, or with times for other words than its own, is spread over
    `speech_activity`, the parts of the chunk in which somebody speaks, or over all of it.
    """
    texts = split_words(heard.text)
    if without_whitespace("".join(word.text for word in heard.words)) == without_whitespace("".join(texts)) != "":
        return tuple(replace(word, language=language) for word in _in_order(heard.words, chunk))
    spans = spread_over_parts(texts, speech_activity or [chunk])
    return tuple(
        Word(text, at.start, at.end, "interpolated", language=language) for text, at in zip(texts, spans, strict=True)
    )


def spread_over_parts(texts: Sequence[str], parts: Sequence[Span]) -> list[Span]:
    """A span for each text, one after the other through `parts`, which are disjoint and in order.

    Each is as long as its share of the letters, but where it would reach from one part into the next: it
    stays in that which holds more of it.
    """
    ends = list(accumulate(part.duration for part in parts))
    if not ends or ends[-1] <= 0:
        return spread(texts, parts[0]) if parts else []
    return [_inside(span, parts, ends) for span in spread(texts, Span(0.0, ends[-1]))]


def _inside(span: Span, parts: Sequence[Span], ends: Sequence[Seconds]) -> Span:
    """A span of the parts put end to end, where the part lies that holds most of it."""
    shared = [span.overlap(Span(end - part.duration, end)) for part, end in zip(parts, ends, strict=True)]
    index = max(range(len(parts)), key=shared.__getitem__)
    part, offset = parts[index], parts[index].end - ends[index]
    start = min(max(span.start + offset, part.start), part.end)
    return Span(start, min(max(span.end + offset, start), part.end))


def _in_order(words: Iterable[Word], chunk: Span) -> list[Word]:
    """The engine's words at their times in the recording, cut at spaces, none starting before the last one ends."""
    ordered: list[Word] = []
    reached = chunk.start
    for word in words:
        start = min(max(chunk.start + word.start, reached), chunk.end)
        reached = min(max(chunk.start + word.end, start), chunk.end)
        texts = split_words(word.text)
        for text, at in zip(texts, spread(texts, Span(start, reached)), strict=True):
            ordered.append(Word(text, at.start, at.end, "engine", probability=word.probability))
    return ordered
