"""Selection of the speech for a voiceprint: dense and without overlap.

A profile from stretched fillers would match the fillers of any speaker. Therefore a run of words counts only with at
least MIN_WORDS words, MIN_RATE words per second, and no overlap with another speaker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from meetscribe.timeline import Seconds, Span, intersection, overlapping, total, union
from meetscribe.transcript import Transcript, Word

MIN_WORDS = 6
MIN_RATE = 1.5
"""Words per second."""

MIN_SPEECH: Seconds = 4.0
"""The minimum total speech for a voiceprint."""

MAX_SPEECH: Seconds = 60.0
"""The maximum total speech for a voiceprint; more speech changes it little."""

_PAUSE: Seconds = 0.8  # the longest pause within a run
_SHORTEST: Seconds = 0.5  # the shortest span of speech that is used


def dense_speech(transcript: Transcript) -> dict[str, tuple[Span, ...]]:
    """Return the dense speech of each label in order of time: its longest spans, up to `MAX_SPEECH` in total.

    Labels are those in `transcript`; to respect edits that assign words, pass it through `apply_edits_to_labels`.
    """
    not_overlapped = _outside(overlapping(_speech_by_label(transcript).values()), transcript.duration)
    spans_by_label: dict[str, list[Span]] = {label: [] for label in transcript.speakers}
    words = sorted((word for segment in transcript.segments for word in segment.words), key=_by_time)
    for speaker, speaker_words in groupby(words, key=lambda word: word.speaker):
        if speaker is not None:
            spans_by_label[speaker] += _dense(list(speaker_words), not_overlapped)
    return {label: _longest(spans) for label, spans in spans_by_label.items()}


def longest_speech(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return up to `MAX_SPEECH` seconds of the speech of a recording with one speaker, in order of time."""
    return _longest(span for span in union(spans) if span.duration >= _SHORTEST)


def _speech_by_label(transcript: Transcript) -> dict[str, tuple[Span, ...]]:
    """Return the speech spans of each speaker, from the turns, or from the words if there are no turns."""
    spans_by_label: dict[str, list[Span]] = {}
    for turn in transcript.turns:
        spans_by_label.setdefault(turn.speaker, []).append(turn.span)
    if not spans_by_label:
        for word in transcript.words:
            spans_by_label.setdefault(word.speaker or "", []).append(word.span)
    return {label: union(spans) for label, spans in spans_by_label.items()}


def _outside(spans: Sequence[Span], duration: Seconds) -> tuple[Span, ...]:
    """Return the gaps between 0 and `duration` outside the spans, which are sorted and disjoint."""
    edges = [0.0, *(edge for span in spans for edge in (span.start, span.end)), duration]
    return tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _dense(words: Sequence[Word], not_overlapped: Sequence[Span]) -> Iterator[Span]:
    """Yield the dense parts of a speaker's consecutive words, without overlap with others."""
    for run in _runs(words):
        if len(run) >= MIN_WORDS and len(run) >= MIN_RATE * (run[-1].end - run[0].start):
            yield from _parts(run, not_overlapped)


def _by_time(word: Word) -> tuple[Seconds, Seconds]:
    return word.start, word.end


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the runs of words without a pause; a word that overlaps other speech ends a run and is in none."""
    run: list[Word] = [word for word in words[:1] if not word.overlap]
    for before, word in pairwise(words):
        if run and (word.overlap or word.start - before.end > _PAUSE):
            yield run
            run = []
        if not word.overlap:
            run.append(word)
    if run:
        yield run


def _parts(run: Sequence[Word], not_overlapped: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of a run without overlapping speech."""
    whole = Span(run[0].start, max(word.end for word in run))
    yield from (part for part in intersection([whole], not_overlapped) if part.duration >= _SHORTEST)


def _longest(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the longest spans, up to `MAX_SPEECH` in total, in order of time; the last one is shortened."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.duration, span.start)):
        if (remaining := MAX_SPEECH - total(chosen)) > _SHORTEST:
            chosen.append(Span(span.start, min(span.end, span.start + remaining)))
    return tuple(sorted(chosen, key=lambda span: span.start))
