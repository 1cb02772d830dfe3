"""The stretches of a transcript that are aligned in one go, and where in the sound each may lie; pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive words of one segment in one language; `first` is the place of the first word in the segment.

    `clip` is the sound in which they may lie, on whole samples.
    """

    segment: int
    first: int
    words: tuple[Word, ...]
    language: str
    clip: Span

    @property
    def texts(self) -> list[str]:
        """Its words, as text."""
        return [word.text for word in self.words]


def cut_stretches(transcript: Transcript, duration: Seconds, pad: Seconds) -> list[Stretch]:
    """The stretches of a transcript of a recording of `duration`, in the order of its segments.

    Words may lie `pad` seconds before and after where they are said to be, but at most halfway to the segments
    before and after in time, and within the recording. Segments that overlap do not cut each other.
    """
    starts = sorted(segment.start for segment in transcript.segments)
    ends = sorted(segment.end for segment in transcript.segments)
    stretches = []
    for position, segment in enumerate(transcript.segments):
        before = segment.start - _last(ends, segment.start)
        after = _first(starts, segment.end) - segment.end
        widest = Span(segment.start - min(pad, before / 2), segment.end + min(pad, after / 2))
        for language, first, words in _runs(segment.words, transcript.language):
            start = max(min(word.start for word in words) - pad, widest.start)
            end = min(max(word.end for word in words) + pad, widest.end)
            stretches.append(Stretch(position, first, words, language, _samples(start, end, duration)))
    return stretches


def _runs(words: Sequence[Word], language: str) -> list[tuple[str, int, tuple[Word, ...]]]:
    """The words by runs of one language, with the place of the first; `language` is that of most words."""
    runs, first = [], 0
    for spoken, group in groupby(words, key=lambda word: word.language or language):
        run = tuple(group)
        runs.append((spoken, first, run))
        first += len(run)
    return runs


def _last(ends: Sequence[Seconds], time: Seconds) -> Seconds:
    """The last of the ends up to `time`, long before it if there is none."""
    place = bisect_right(ends, time)
    return ends[place - 1] if place else -float("inf")


def _first(starts: Sequence[Seconds], time: Seconds) -> Seconds:
    """The first of the starts from `time` on, long after it if there is none."""
    place = bisect_left(starts, time)
    return starts[place] if place < len(starts) else float("inf")


def _samples(start: Seconds, end: Seconds, duration: Seconds) -> Span:
    """The part of the span that lies in the recording, on whole samples."""
    start = min(max(0.0, start), duration)
    end = min(max(start, end), duration)
    return Span(round(start * SAMPLE_RATE) / SAMPLE_RATE, round(end * SAMPLE_RATE) / SAMPLE_RATE)
