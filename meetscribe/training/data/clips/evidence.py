"""Decide from a transcript and its corrections whether the text and the times of words are reliable."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

from meetscribe.timeline import Seconds, Span
from meetscribe.training.data.omissions import Doubt
from meetscribe.transcript import Finding, Transcript, Word
from meetscribe.transcript.edits.application import apply_edits_to_labels
from meetscribe.transcript.word_ids import with_word_ids

_BLOCKING: Mapping[str, Doubt] = {"suspect": "suspect", "removed": "removed", "uncovered": "uncovered"}
"""The kinds of findings that exclude a passage, with the doubt that they raise."""


class Evidence:
    """The edited words of a transcript (`edited`), with speaker labels, and the doubts about them.

    `doubts` has the span and the kind of each finding that corrections have not resolved.
    """

    def __init__(self, transcript: Transcript) -> None:
        recognised = with_word_ids(transcript)
        self._texts = {word.id: word.text for word in recognised.words}
        self.edited = apply_edits_to_labels(recognised)
        words = sorted(self.edited.words, key=lambda word: word.start)
        starts = [word.start for word in words]
        longest = max((word.duration for word in words), default=0.0)
        self.doubts: list[tuple[Span, Doubt]] = []
        for finding in sorted(self.edited.meta.findings, key=lambda one: (one.start, one.end)):
            low, high = bisect_left(starts, finding.start - longest), bisect_left(starts, finding.end)
            if finding.kind in _BLOCKING and not self._settles(words[low:high], finding):
                self.doubts.append((finding.span, _BLOCKING[finding.kind]))
        self._ends = _running_maximum([span.end for span, _ in self.doubts])
        self._starts = [span.start for span, _ in self.doubts]

    def doubt(self, word: Word) -> Doubt | None:
        """Return the reason why a word cannot be used, None if it can.

        Times interpolated by a correction do not matter, because clips are not cut beside such words.
        """
        if word.timing == "interpolated" and word.id in self._texts:
            return "interpolated"
        low, high = bisect_left(self._ends, word.start), bisect_left(self._starts, word.end)
        return next((doubt for span, doubt in self.doubts[low:high] if span.overlap(word.span) > 0), None)

    def is_corrected(self, word: Word) -> bool:
        """Return whether a correction inserted the word or changed its text."""
        return self._texts.get(word.id) != word.text

    def _settles(self, near: Collection[Word], finding: Finding) -> bool:
        """Return whether corrections resolve a finding; `near` includes all words in its span.

            All words in the span must be corrected, or deleted if the finding is "suspect"; where words were removed or
        missing, there must be new ones.
        """
        inside = [self.is_corrected(word) for word in near if word.span.overlap(finding.span) > 0]
        return all(inside) and (bool(inside) or finding.kind == "suspect")


def _running_maximum(values: Sequence[Seconds]) -> list[Seconds]:
    """Return the largest value so far at each position, which never decreases and can be bisected."""
    found: list[Seconds] = []
    for value in values:
        found.append(max(value, found[-1]) if found else value)
    return found
