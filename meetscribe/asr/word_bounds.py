"""Bound the word times of an engine by speech activity: no word lies in silence, and none spans a pause.

The decoder's attention does not represent silence: dynamic time warping assigns each pause to an adjacent word, usually
the next one. So a word that spans a pause keeps its part after the pause, and the word before it lasts until the speech
ends. Within speech, attention leaves a word as soon as it is recognised: a long one well before its last sound, a short
one after it. So the boundary between two words is corrected by their numbers of letters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from meetscribe.asr.word_times import spread_over_parts
from meetscribe.text.splitting import spread
from meetscribe.timeline import Seconds, Span, cut, union
from meetscribe.transcript import Segment, Transcript, Word

# Chosen on the recordings that `python -m tests.benchmarks.real --tune` selects, and confirmed on those held out: see
# "Word times" in the README of the room.
_REACH: Seconds = 0.5  # a word farther from all speech is not moved: the detector missed its speech
_SHORTEST_PART: Seconds = 0.06  # a shorter part of a word after a pause is the start of the next word
_EMPTY: Seconds = 0.02  # words up to this length share the time of a neighbour, and pauses up to it do not count
_TAIL: Seconds = 0.25  # largest extension of a word to the end of the speech
_START_DELAY: Seconds = 0.03  # delay of detectors at the start of speech
_END_DELAY: Seconds = 0.06  # delay of detectors at the end of speech
# Within speech, the boundary between two words is the change of attention, plus `_SHIFT_BEFORE` for each letter of the
# word before, minus `_SHIFT_AFTER` for each letter of the word after, minus `_SHIFT_FIXED`. The boundary moves by at
# most the share `_MAX_SHIFT` of the word that it shortens.
_SHIFT_BEFORE: Seconds = 0.02
_SHIFT_AFTER: Seconds = 0.004
_SHIFT_FIXED: Seconds = 0.006
_MAX_SHIFT = 0.4
# The longest word lasts `_LONGEST_BASE`, plus `_LONGEST_PER_LETTER` for each letter.
_LONGEST_BASE: Seconds = 0.35
_LONGEST_PER_LETTER: Seconds = 0.08


def bound_word_times(transcript: Transcript, speech: Iterable[Span]) -> Transcript:
    """Return the transcript with its word times limited to `speech`, in order and without overlap.

    `speech` is the speech activity with all its pauses. Detectors report it late, so each start is moved 30 ms earlier,
    and each end 60 ms. If all words of a segment have the timing "engine", they are bounded by `bound_words`; if all
    are "interpolated", they are spread over the speech in the segment. Other segments are not changed.
    """
    spans = _without_delays(union(speech))
    return transcript.with_segments(Segment(tuple(_bounded(segment, spans))) for segment in transcript.segments)


def combined_speech(precise: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """Return the speech of two detectors: that of the `precise` one, and where it finds none, that of the `other`.

    Spans of `other` that overlap any of `precise` are left out: they may contain pauses.

    >>> combined_speech([Span(0, 1), Span(2, 3)], [Span(0, 3), Span(5, 6)])
    (Span(start=0, end=1), Span(start=2, end=3), Span(start=5, end=6))
    """
    known = union(precise)
    ends = [span.end for span in known]
    missed = [
        span
        for span in other
        if (index := bisect_right(ends, span.start)) == len(known) or known[index].start >= span.end
    ]
    return union((*known, *missed))


def bound_words(words: Sequence[Word], speech: Sequence[Span]) -> list[Word]:
    """Return consecutive words, in order and without overlap, each inside one of the spans of `speech`.

    The spans are disjoint and in order. A word in silence moves to the nearest span, where it shares the time of a
    neighbour; if there is no span within 0.5 s, it stays where it is. A word that is longer than when spoken slowly is
    cut at its end if a pause follows, otherwise at its start. Then boundaries within speech are corrected by numbers of
    letters, and words before a pause extended to the end of the speech, by at most 0.25 s.
    """
    indices = _speech_indices(words, speech)
    spans = [
        word.span if index is None else _clipped(word.span, speech[index])
        for word, index in zip(words, indices, strict=True)
    ]
    spans = _with_shared_times(words, spans, indices)
    spans = [
        _limited(word.text, span, pause) for word, span, pause in zip(words, spans, _pauses_after(spans), strict=True)
    ]
    spans = _corrected([word.text for word in words], spans, indices)
    ends = [speech[index].end if index is not None else span.end for index, span in zip(indices, spans, strict=True)]
    spans = _extended(spans, ends)
    return [replace(word, start=span.start, end=span.end) for word, span in zip(words, spans, strict=True)]


def _bounded(segment: Segment, speech: Sequence[Span]) -> Sequence[Word]:
    """Return the words of a segment with bounded times."""
    timings = {word.timing for word in segment.words}
    first = max(0, bisect_left(speech, segment.start - _REACH, key=lambda span: span.end))
    last = bisect_left(speech, segment.end + _REACH, key=lambda span: span.start)
    near = speech[first:last]
    if timings == {"engine"}:
        return bound_words(segment.words, near)
    if timings == {"interpolated"} and (parts := cut(near, within=segment.span)):
        spans = spread_over_parts([word.text for word in segment.words], parts)
        return [replace(word, start=at.start, end=at.end) for word, at in zip(segment.words, spans, strict=True)]
    return segment.words


def _without_delays(speech: Sequence[Span]) -> list[Span]:
    """Return disjoint spans of speech without the delays of the detector."""
    previous_ends = [0.0, *(span.end for span in speech)]
    return [
        Span(max(previous_end, span.start - _START_DELAY), span.end - min(_END_DELAY, span.duration / 2))
        for previous_end, span in zip(previous_ends, speech, strict=False)
    ]


def _speech_indices(words: Sequence[Word], speech: Sequence[Span]) -> list[int | None]:
    """Return the index of the span of speech of each word, never decreasing; None if it is too far from any."""
    indices: list[int | None] = []
    last_index = 0
    for word in words:
        index = _speech_index(word.span, speech)
        if index is not None:
            last_index = index = max(last_index, index)
        indices.append(index)
    return indices


def _speech_index(word: Span, speech: Sequence[Span]) -> int | None:
    """Return the index of the span of speech to which a word belongs; None if all are too far away.

    This is the last span that contains more than a short end of the word, or else the nearest span.
    """
    parts = {index: word.overlap(span) for index, span in enumerate(speech) if word.overlap(span) > 0}
    if parts:
        least = min(_SHORTEST_PART, max(parts.values()) / 2)
        return max(index for index, part in parts.items() if part >= least)
    nearest = min(range(len(speech)), key=lambda index: word.gap(speech[index]), default=None)
    return nearest if nearest is not None and word.gap(speech[nearest]) <= _REACH else None


def _clipped(word: Span, speech: Span) -> Span:
    """Return the part of a word in its span of speech, or an empty span at the nearer end."""
    start = min(max(word.start, speech.start), speech.end)
    return Span(start, max(start, min(word.end, speech.end)))


def _with_shared_times(words: Sequence[Word], spans: Sequence[Span], indices: Sequence[int | None]) -> list[Span]:
    """Return the spans; words that became empty share the time of the next word in the same speech.

    At the end of the speech, they share the time of the preceding word.
    """
    shared = list(spans)
    for group in _runs(indices):
        texts = [words[index].text for index in group]
        for part in _with_neighbours([spans[index].duration <= _EMPTY for index in group]):
            first, last = group[part.start], group[part.stop - 1]
            # The first word may already share its time with words before it, so its start is that in `shared`.
            shared[first : last + 1] = spread(texts[part.start : part.stop], Span(shared[first].start, spans[last].end))
    return shared


def _runs(indices: Sequence[int | None]) -> Iterator[list[int]]:
    """Yield the indices of the words in each span of speech, given the index of the span of each word."""
    for index, run in groupby(range(len(indices)), key=indices.__getitem__):
        if index is not None:
            yield list(run)


def _with_neighbours(empty: Sequence[bool]) -> Iterator[range]:
    """Yield each run of empty words together with the word after it, or before it at the end."""
    index = 0
    while index < len(empty):
        if not empty[index]:
            index += 1
            continue
        end = next((later for later in range(index, len(empty)) if not empty[later]), None)
        yield range(index, end + 1) if end is not None else range(max(0, index - 1), len(empty))
        index = len(empty) if end is None else end + 1


def _limited(text: str, span: Span, pause: Seconds) -> Span:
    """Return the span, at most as long as the word spoken slowly: cut at the end before a pause, else at the start."""
    longest = _LONGEST_BASE + _LONGEST_PER_LETTER * _letters(text)
    if span.duration <= longest:
        return span
    return Span(span.start, span.start + longest) if pause > _EMPTY else Span(span.end - longest, span.end)


def _corrected(texts: Sequence[str], spans: Sequence[Span], indices: Sequence[int | None]) -> list[Span]:
    """Return the spans with boundaries within speech moved from the change of attention to that of the sound."""
    corrected = list(spans)
    for index, (before, after) in enumerate(pairwise(spans)):
        if indices[index] is None or indices[index] != indices[index + 1]:
            continue
        shifted = after.start + _SHIFT_BEFORE * _letters(texts[index]) - _SHIFT_AFTER * _letters(texts[index + 1])
        earliest = after.start - _MAX_SHIFT * (after.start - before.start)
        boundary = min(max(shifted - _SHIFT_FIXED, earliest), after.start + _MAX_SHIFT * after.duration)
        corrected[index] = Span(corrected[index].start, min(before.end, boundary))
        corrected[index + 1] = Span(boundary, after.end)
    return corrected


def _extended(spans: Sequence[Span], ends: Sequence[Seconds]) -> list[Span]:
    """Return the spans, each extended to the end of its speech or to the next word, but by at most `_TAIL`."""
    return [
        Span(span.start, max(span.end, min(span.end + _TAIL, end, span.end + pause)))
        for span, end, pause in zip(spans, ends, _pauses_after(spans), strict=True)
    ]


def _pauses_after(spans: Sequence[Span]) -> list[Seconds]:
    """Return the time from the end of each span to the next one; after the last it is infinite."""
    return [
        *(max(0.0, after.start - before.end) for before, after in zip(spans, spans[1:], strict=False)),
        float("inf"),
    ][: len(spans)]


def _letters(text: str) -> int:
    """Return the number of letters and digits."""
    return sum(map(str.isalnum, text))
