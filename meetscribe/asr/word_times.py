"""The words of a chunk with their times in the recording."""

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
    result: DecodingResult, chunk: Span, speech_activity: Sequence[Span] = (), language: str | None = None
) -> tuple[Word, ...]:
    """Return the words of a chunk in order, inside the chunk and without overlap.

    The times are those of the engine. Without times, or if the timed words differ from the text, the text is spread
    over `speech_activity`, the parts of the chunk with speech, or over the whole chunk. Each word gets `language`.
    """
    texts = split_words(result.text)
    # The timed words are used only if they are not empty, and spell the text.
    if without_whitespace("".join(word.text for word in result.words)) == without_whitespace("".join(texts)) != "":
        return tuple(replace(word, language=language) for word in _in_recording(result.words, chunk))
    spans = spread_over_parts(texts, speech_activity or [chunk])
    return tuple(
        Word(text, at.start, at.end, "interpolated", language=language) for text, at in zip(texts, spans, strict=True)
    )


def spread_over_parts(texts: Sequence[str], parts: Sequence[Span]) -> list[Span]:
    """Return a span for each text, in order, inside `parts`, which are disjoint and in order.

    The length of a span is proportional to the number of letters. A span that would cross into the next part is cut to
    the part that contains more of it.
    """
    ends = list(accumulate(part.duration for part in parts))  # of the parts, if they followed each other without gaps
    if not ends or ends[-1] <= 0:
        return spread(texts, parts[0]) if parts else []
    return [_inside(span, parts, ends) for span in spread(texts, Span(0.0, ends[-1]))]


def _inside(span: Span, parts: Sequence[Span], ends: Sequence[Seconds]) -> Span:
    """Map a span of the concatenated parts to the part that contains most of it."""
    shared = [span.overlap(Span(end - part.duration, end)) for part, end in zip(parts, ends, strict=True)]
    index = max(range(len(parts)), key=shared.__getitem__)
    part, offset = parts[index], parts[index].end - ends[index]
    start = min(max(span.start + offset, part.start), part.end)
    return Span(start, min(max(span.end + offset, start), part.end))


def _in_recording(words: Iterable[Word], chunk: Span) -> list[Word]:
    """Return the engine's words at their times in the recording, each split into single words, without overlap."""
    ordered: list[Word] = []
    previous_end = chunk.start
    for word in words:
        start = min(max(chunk.start + word.start, previous_end), chunk.end)
        previous_end = min(max(chunk.start + word.end, start), chunk.end)
        texts = split_words(word.text)
        for text, at in zip(texts, spread(texts, Span(start, previous_end)), strict=True):
            ordered.append(Word(text, at.start, at.end, "engine", probability=word.probability))
    return ordered
