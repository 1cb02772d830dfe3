"""Times that were changed in a copy, beyond the rounding of its format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from meetscribe.timeline import Seconds, Span
from meetscribe.transcript.comparison.comparing import Comparison
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Word

MIN_CHANGE: Seconds = 0.002
"""A smaller difference is due to rounding."""


@dataclass(frozen=True, slots=True)
class Retiming:
    """Positions of words, with their new times; `exact` if the copy has word times."""

    words: tuple[int, ...]
    times: tuple[tuple[Seconds, Seconds], ...]
    exact: bool


def retimings(compared: Comparison) -> Iterator[Retiming]:
    """Yield the new times of words, one segment of the copy at a time.

    Word times of the copy move each word of the transcript by their shift from the written times, so that the word
    keeps what the format rounds off. Segment times move the words of the segment: by the shift of its start and, if the
    format has ends, of its end, interpolated between them.
    """
    written, copy = _TimedWords.of(compared.written), _TimedWords.of(compared.copy)
    groups: dict[int, list[int]] = {}
    for index, (_, copied) in sorted(compared.copied.items(), key=lambda item: item[1]):
        groups.setdefault(copy.numbers[copied], []).append(index)
    with_ends = _has_ends(compared.written)
    for number, indices in groups.items():
        pairs = [compared.copied[index] for index in indices]
        if _unmoved(written, copy, pairs):
            continue
        exact = all("interpolated" not in (written.words[i].timing, copy.words[j].timing) for i, j in pairs)
        words = [compared.words[index] for index in indices]
        if exact:
            shifts = [_shift(written.words[i], copy.words[j]) for i, j in pairs]
        else:
            firsts = [i for i, _ in pairs]
            span = written.written_span(firsts, words)
            start_shift, end_shift = (new - old for old, new in zip(span, copy.spans[number], strict=True))
            shifts = _interpolated(words, span, start_shift, end_shift if with_ends else start_shift)
        if any(max(map(abs, shift)) >= MIN_CHANGE for shift in shifts):
            times = tuple(map(_moved, words, shifts))
            yield Retiming(tuple(indices), times, exact)


@dataclass(frozen=True, slots=True)
class _TimedWords:
    """The words of a transcript with their segment numbers, and the segments with their spans."""

    words: Sequence[Word]
    numbers: Sequence[int]
    segments: Sequence[Segment]
    spans: Sequence[tuple[Seconds, Seconds]]

    @classmethod
    def of(cls, transcript: Transcript) -> _TimedWords:
        segments = transcript.segments
        numbers = [number for number, segment in enumerate(segments) for _ in segment.words]
        return cls(transcript.words, numbers, segments, [(one.start, one.end) for one in segments])

    def written_span(self, indices: Sequence[int], words: Sequence[Word]) -> tuple[Seconds, Seconds]:
        """Return the start and the end of a passage of the written file.

        `indices` are the positions of its words in the file; `words` are the same words of the transcript. At the edge
        of a written segment, the time is that of the segment; within it, that of the transcript's word.
        """
        first, last = indices[0], indices[-1]
        begins = first == 0 or self.numbers[first - 1] != self.numbers[first]
        ends = last + 1 == len(self.numbers) or self.numbers[last + 1] != self.numbers[last]
        start = self.spans[self.numbers[first]][0] if begins else words[0].start
        return start, self.spans[self.numbers[last]][1] if ends else words[-1].end


def _unmoved(written: _TimedWords, copy: _TimedWords, pairs: Sequence[tuple[int, int]]) -> bool:
    """Return whether a segment of the copy has its original times: word times or, if unknown, segment times."""
    if all(_shift(written.words[i], copy.words[j]) == (0.0, 0.0) for i, j in pairs):
        return True
    known = any(copy.words[j].timing != "interpolated" for _, j in pairs)
    return not known and all(written.spans[written.numbers[i]] == copy.spans[copy.numbers[j]] for i, j in pairs)


def _has_ends(written: Transcript) -> bool:
    """Return whether the format holds segment ends; if not, each end equals the next start."""
    return any(abs(one.end - other.start) >= MIN_CHANGE for one, other in pairwise(written.segments))


def _shift(written: Word, copied: Word) -> tuple[Seconds, Seconds]:
    return copied.start - written.start, copied.end - written.end


def _interpolated(
    words: Sequence[Word], edges: tuple[Seconds, Seconds], start_shift: Seconds, end_shift: Seconds
) -> list[tuple[Seconds, Seconds]]:
    """Return the shifts of words in a span whose start and end are shifted.

    `edges` are the start and the end before the shift. The end can be before the start, for instance if the copy has
    the words in another order; then all words have the shift of the start.
    """
    span = Span(edges[0], max(edges))
    if abs(start_shift) < MIN_CHANGE and abs(end_shift) < MIN_CHANGE:
        return [(0.0, 0.0)] * len(words)

    def at(time: Seconds) -> Seconds:
        share = (time - span.start) / span.duration if span.duration else 0.0
        return start_shift + (end_shift - start_shift) * min(1.0, max(0.0, share))

    return [(at(word.start), at(word.end)) for word in words]


def _moved(word: Word, shift: tuple[Seconds, Seconds]) -> tuple[Seconds, Seconds]:
    """Return the shifted times of a word, limited to the start of the recording, with the end not before the start."""
    start = max(0.0, word.start + shift[0])
    return start, max(start, word.end + shift[1])
