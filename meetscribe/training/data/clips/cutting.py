"""Cut passages into clips in the pauses between words, by dynamic programming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from meetscribe.text.sentences import ends_sentence
from meetscribe.timeline import Seconds, Span
from meetscribe.training.data.clips.selection import Passage, SpokenWord
from meetscribe.training.data.omissions import Omission, Reason
from meetscribe.training.data.settings import DataSettings
from meetscribe.training.data.tokens import MAX_TEXT, TIMES_PER_SEGMENT

_LONG_PAUSE: Seconds = 0.5
"""A cut in a pause of this length or longer is free."""

CLIP_COST, WITHIN_SENTENCE_COST, OMISSION_COST = 1.0, 0.5, 10.0
"""The costs of a clip, of a cut within a sentence, and of a word in no clip; chosen by hand for their order."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Successive words of a passage, and the span of audio that contains them and no part of another word."""

    passage: Passage
    words: tuple[SpokenWord, ...]
    span: Span


def cut(passage: Passage, tokens: Sequence[int], settings: DataSettings) -> tuple[list[Clip], list[Omission]]:
    """Return the clips of a passage in order, and the omitted words.

    `tokens` has the number of tokens of each word. The chosen cuts have the least cost: they omit as few words as
    possible, then make few clips, then prefer long pauses and the ends of sentences.
    """
    cuts = Cuts(passage, tokens, settings)
    ranges = list(_best_ranges(cuts))
    words = passage.words
    clips = [Clip(passage, words[first:last], cuts.span(first, last)) for first, last in ranges]
    edges = [0, *(edge for pair in ranges for edge in pair), len(words)]
    left = [pair for pair in zip(edges[::2], edges[1::2], strict=True) if pair[0] < pair[1]]
    return clips, [_omission(cuts, first, last) for first, last in left]


class Cuts:
    """The positions between the words of a passage, from 0 (before the first word), and the cost of cutting there."""

    def __init__(self, passage: Passage, tokens: Sequence[int], settings: DataSettings) -> None:
        self.words = [one.word for one in passage.words]
        self.speakers = [one.speaker for one in passage.words]
        self.settings = settings
        ends = [passage.free.start, *accumulate((word.end for word in self.words), max)]
        starts = [*(word.start for word in self.words), passage.free.end]
        self.pauses = [Span(end, max(end, start)) for end, start in zip(ends, starts, strict=True)]
        segments = [one.segment for one in passage.words]
        changes = [0, *(int(one != other) for one, other in pairwise(segments))]
        self._tokens = [0, *accumulate(tokens)]
        self._segments = list(accumulate(changes))

    def allows(self, place: int) -> bool:
        """Return whether the passage may be cut at a position: in a pause between words with known times."""
        beside = self.words[max(0, place - 1) : place + 1]
        return self.pauses[place].duration >= self.settings.min_pause and all(
            word.timing != "interpolated" for word in beside
        )

    def span(self, first: int, last: int) -> Span:
        """Return the span of the words between two positions, with padding of up to half of each pause."""
        before, after = self.pauses[first], self.pauses[last]
        pad = self.settings.pad
        return Span(before.end - min(pad, before.duration / 2), after.start + min(pad, after.duration / 2))

    def tokens(self, first: int, last: int) -> int:
        """Return the number of tokens of the words between two positions, including timestamp tokens."""
        segments = self._segments[last - 1] - self._segments[first] + 1
        return self._tokens[last] - self._tokens[first] + TIMES_PER_SEGMENT * segments

    def fits(self, first: int, last: int) -> bool | None:
        """Return whether the words between two positions can be a clip; None if they are too long for one."""
        seconds = self.span(first, last).duration
        if seconds > self.settings.max_seconds or self.tokens(first, last) > MAX_TEXT:
            return None
        return seconds >= self.settings.min_seconds and self.allows(first) and self.allows(last)

    def cost(self, last: int) -> float:
        """Return the cost of a clip that ends at a position."""
        if last == len(self.words):
            return CLIP_COST
        pause = 1 - min(1.0, self.pauses[last].duration / _LONG_PAUSE)
        whole = ends_sentence(self.words[last - 1].text) or self.speakers[last - 1] != self.speakers[last]
        return CLIP_COST + pause + (0.0 if whole else WITHIN_SENTENCE_COST)


def _best_ranges(cuts: Cuts) -> Iterator[tuple[int, int]]:
    """Yield the first and the last position of each clip in the solution with the least cost."""
    costs, origins = [0.0], [0]
    for last in range(1, len(cuts.words) + 1):
        best, origin = costs[last - 1] + OMISSION_COST, last
        for first in range(last - 1, -1, -1) if cuts.allows(last) else ():
            fits = cuts.fits(first, last)
            if fits is None:
                break
            if fits and costs[first] + cuts.cost(last) < best:
                best, origin = costs[first] + cuts.cost(last), first
        costs.append(best)
        origins.append(origin)
    last, found = len(cuts.words), []
    while last > 0:
        first = origins[last]
        if first < last:
            found.append((first, last))
        last = min(first, last - 1)
    yield from reversed(found)


def _omission(cuts: Cuts, first: int, last: int) -> Omission:
    """Return the omission of the words between two positions."""
    span = cuts.span(first, last)
    reason: Reason = "no pause"
    if span.duration < cuts.settings.min_seconds:
        reason = "too short"
    elif cuts.tokens(first, last) / span.duration > MAX_TEXT / cuts.settings.min_seconds:
        reason = "too many tokens"  # at this rate, even the shortest clip would have too many
    return Omission(reason, last - first, sum(word.duration for word in cuts.words[first:last]))
