"""Chunks of speech by "cut and merge" as in WhisperX (Bain et al., 2023)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from meetscribe.timeline import Seconds, Span
from meetscribe.vad.settings import MIN_FILLED, VadSettings


def make_chunks(speech: Iterable[Span], settings: VadSettings) -> tuple[Span, ...]:
    """Return sorted, disjoint chunks of at most `max_chunk` seconds that together cover all `speech`.

    Spans are merged across pauses shorter than `merge_gap`. If they do not fit into one chunk, the chunk ends at the
    longest pause after `MIN_FILLED` of the maximum length. A span that is too long is divided into equal parts
    (`detect_speech` returns no such spans).
    """
    chunks: list[Span] = []
    for spans in _groups(_divided(speech, settings.max_chunk), settings.merge_gap):
        while spans:
            count = _first_chunk_size(spans, settings.max_chunk)
            chunks.append(Span(spans[0].start, spans[count - 1].end))
            spans = spans[count:]
    return tuple(chunks)


def _first_chunk_size(spans: Sequence[Span], max_length: Seconds) -> int:
    """Return the number of spans in the first chunk."""
    start = spans[0].start
    fitting = sum(1 for span in spans if span.end - start <= max_length) or 1
    if fitting == len(spans):
        return fitting
    counts = [count for count in range(1, fitting + 1) if spans[count - 1].end - start >= MIN_FILLED * max_length]
    return max(counts or [fitting], key=lambda count: (spans[count].start - spans[count - 1].end, count))


def _groups(spans: Sequence[Span], max_gap: Seconds) -> Iterator[list[Span]]:
    """Yield the spans in groups, divided at pauses of `max_gap` or more."""
    group = list(spans[:1])
    for before, after in pairwise(spans):
        if after.start - before.end >= max_gap:
            yield group
            group = []
        group.append(after)
    yield group


def _divided(speech: Iterable[Span], max_length: Seconds) -> list[Span]:
    """Return sorted, disjoint spans of at most `max_length`.

    Adjacent spans are not joined, because the detector split them at a pause.
    """
    spans: list[Span] = []
    for span in sorted(speech):
        start = max(span.start, spans[-1].end) if spans else span.start
        if start < span.end:
            spans += Span(start, span.end).equal_parts(max_length)
    return spans
