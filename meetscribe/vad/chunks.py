"""Speech put together into chunks, as in WhisperX's "cut and merge" (Bain et al., 2023); pure."""

from __future__ import annotations

import math
from collections.abc import Iterable

from meetscribe.timeline import Seconds, Span
from meetscribe.vad.settings import VadSettings


def make_chunks(speech: Iterable[Span], settings: VadSettings) -> tuple[Span, ...]:
    """Chunks of at most `max_chunk` seconds, in order and without overlap, that together cover all `speech`.

    Neighbouring spans share a chunk while it stays short enough and the pause is shorter than `merge_gap`.
    A longer span, which the detector found no pause in, is cut into equal parts.
    """
    chunks: list[Span] = []
    for piece in _pieces(speech, settings.max_chunk):
        if (
            chunks
            and piece.start - chunks[-1].end < settings.merge_gap
            and piece.end - chunks[-1].start <= settings.max_chunk
        ):
            chunks[-1] = Span(chunks[-1].start, piece.end)
        else:
            chunks.append(piece)
    return tuple(chunks)


def _pieces(speech: Iterable[Span], longest: Seconds) -> list[Span]:
    """The spans in order, none longer than `longest`; what two share is in the first only.

    Spans that touch stay apart: the detector cut there, at a pause.
    """
    pieces: list[Span] = []
    for span in sorted(speech):
        start = max(span.start, pieces[-1].end) if pieces else span.start
        if span.end <= start:
            continue
        parts = math.ceil((span.end - start) / longest)
        edges = [start + (span.end - start) * part / parts for part in range(parts)] + [span.end]
        pieces.extend(Span(*pair) for pair in zip(edges, edges[1:], strict=False))
    return pieces
