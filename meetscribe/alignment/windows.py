"""Division of a transcript into alignment windows: runs of words, each with the clip to search for them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive words of one language in a segment, and the clip that contains them.

    `first` is the index of the first word in the segment. The clip begins and ends on whole samples.
    """

    segment: int
    first: int
    words: tuple[Word, ...]
    language: str
    clip: Span

    @property
    def texts(self) -> list[str]:
        """The texts of the words."""
        return [word.text for word in self.words]


def make_windows(transcript: Transcript, duration: Seconds, pad: Seconds) -> list[Window]:
    """Return the alignment windows of a transcript, in the order of its segments; `duration` is that of the recording.

    A clip extends `pad` seconds beyond its words on each side, but at most halfway to the previous and the next
    segment in time, and not beyond the recording. Overlapping segments do not limit each other.
    """
    starts = sorted(segment.start for segment in transcript.segments)
    ends = sorted(segment.end for segment in transcript.segments)
    windows = []
    for index, segment in enumerate(transcript.segments):
        before = segment.start - _last_until(ends, segment.start)
        after = _first_from(starts, segment.end) - segment.end
        limits = Span(segment.start - min(pad, before / 2), segment.end + min(pad, after / 2))
        for language, first, words in _language_runs(segment.words, transcript.language):
            start = max(min(word.start for word in words) - pad, limits.start)
            end = min(max(word.end for word in words) + pad, limits.end)
            windows.append(Window(index, first, words, language, _on_samples(start, end, duration)))
    return windows


def _language_runs(words: Sequence[Word], language: str) -> list[tuple[str, int, tuple[Word, ...]]]:
    """Return the runs of words of one language: language, index of the first word, words.

    `language` is the language of words without one.
    """
    runs, first = [], 0
    for spoken, group in groupby(words, key=lambda word: word.language or language):
        run = tuple(group)
        runs.append((spoken, first, run))
        first += len(run)
    return runs


def _last_until(ends: Sequence[Seconds], time: Seconds) -> Seconds:
    """Return the last of the sorted ends up to `time`, or minus infinity."""
    index = bisect_right(ends, time)
    return ends[index - 1] if index else -float("inf")


def _first_from(starts: Sequence[Seconds], time: Seconds) -> Seconds:
    """Return the first of the sorted starts from `time` on, or infinity."""
    index = bisect_left(starts, time)
    return starts[index] if index < len(starts) else float("inf")


def _on_samples(start: Seconds, end: Seconds, duration: Seconds) -> Span:
    """Return the part of the span within the recording, rounded to whole samples."""
    start = min(max(0.0, start), duration)
    end = min(max(start, end), duration)
    return Span(round(start * SAMPLE_RATE) / SAMPLE_RATE, round(end * SAMPLE_RATE) / SAMPLE_RATE)
