"""Speech put together into chunks, as in WhisperX's "cut and merge" (Bain et al., 2023); pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from meetscribe.timeline import Seconds, Span
from meetscribe.vad.settings import LATER, VadSettings


def make_chunks(speech: Iterable[Span], settings: VadSettings) -> tuple[Span, ...]:
    """Chunks of at most `max_chunk` seconds, in order and without overlap, that together cover all `speech`.

    Spans share a chunk over pauses shorter than `merge_gap`. Where not all fit into one, it ends at the longest
    pause in the later part of what fits. A span that is too long by itself, which `detect_speech` makes none of,
    is cut into equal parts.
    """
    chunks: list[Span] = []
    for spans in _neighbours(_pieces(speech, settings.max_chunk), settings.merge_gap):
        while spans:
            count = _first_chunk(spans, settings.max_chunk)
            chunks.append(Span(spans[0].start, spans[count - 1].end))
            spans = spans[count:]
    return tuple(chunks)


def _first_chunk(spans: Sequence[Span], longest: Seconds) -> int:
    """How many of the spans go into the first chunk."""
    start = spans[0].start
    fitting = sum(1 for span in spans if span.end - start <= longest) or 1
    if fitting == len(spans):
        return fitting
    counts = [count for count in range(1, fitting + 1) if spans[count - 1].end - start >= LATER * longest]
    return max(counts or [fitting], key=lambda count: (spans[count].start - spans[count - 1].end, count))


def _neighbours(spans: Sequence[Span], max_gap: Seconds) -> Iterator[list[Span]]:
    """The spans in groups, split at pauses of `max_gap` or more."""
    group = list(spans[:1])
    for before, after in pairwise(spans):
        if after.start - before.end >= max_gap:
            yield group
            group = []
        group.append(after)
    yield group


def _pieces(speech: Iterable[Span], longest: Seconds) -> list[Span]:
    """The spans in order, none longer than `longest`; what two share is in the first only.

    Spans that touch stay apart: the detector cut there, at a pause.
    """
    pieces: list[Span] = []
    for span in sorted(speech):
        start = max(span.start, pieces[-1].end) if pieces else span.start
        if span.end <= start:
            continue
        pieces += Span(start, span.end).equal_parts(longest)
    return pieces
