"""Divide an episode into chapters: topics that begin at pauses; long topics are divided again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, pstdev

from meetscribe.analytics.lexical.lexicon import lexicon_of
from meetscribe.analytics.lexical.terms import terms_of
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.chapters.cohesion import novelty
from meetscribe.podcast.chapters.titles import key_titles
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.text.sentences import ends_sentence
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript, Word

MOST = 200
"""The largest number of chapters; in very long episodes, it takes precedence over the settings."""

# Chosen by hand.
_REACH = 2.0  # span compared before and after a sentence, in lengths of the shortest chapter
_NEAR: Seconds = 5.0  # largest distance from a topic boundary to the chosen pause
_PAUSE: Seconds = 0.5  # shortest silence before an opening; a change of speaker adds as much to a pause
_UNKNOWN = "unknown"  # for words without a speaker, which `terms_of` would leave out


@dataclass(frozen=True, slots=True)
class _Opening:
    """A point at which a chapter may begin: the index of its first word, its start, and the pause before it.

    A change of speaker lengthens the pause by `_PAUSE`.
    """

    index: int
    start: Seconds
    pause: Seconds


def make_chapters(transcript: Transcript, settings: PodcastSettings | None = None) -> tuple[Chapter, ...]:
    """Return the chapters of a transcript, from 0 to its end; none without words.

    Topics begin where the vocabulary changes most (`cohesion`), at the longest pause within five seconds. Chapters
    longer than `max_chapter` are divided at their longest pause. Titles are key terms.
    """
    passages = divide(transcript, settings or PodcastSettings())
    titles = key_titles(transcript, passages)
    return with_titles(transcript, passages, titles)


def divide(transcript: Transcript, settings: PodcastSettings) -> tuple[Segment, ...]:
    """Return the words of each chapter in order of time."""
    words = tuple(sorted(transcript.edited().words, key=lambda word: word.start))
    if not words:
        return ()
    end = max(word.end for word in words)
    shortest = max(settings.min_chapter, end / MOST)
    openings = list(_openings(words))
    edges = _topic_edges(words, openings, transcript.language, shortest)
    for start, stop in list(pairwise([0.0, *sorted(edge.start for edge in edges), end])):
        edges += _divisions(openings, start, stop, shortest, max(settings.max_chapter, 2 * shortest))
    indices = sorted({0, *(edge.index for edge in edges)})
    return tuple(Segment(words[first:last]) for first, last in pairwise([*indices, len(words)]))


def with_titles(transcript: Transcript, passages: Sequence[Segment], titles: Sequence[str]) -> tuple[Chapter, ...]:
    """Return a chapter per passage, each until the next one begins."""
    end = max([transcript.duration, *(passage.end for passage in passages)])
    starts = [0.0, *(passage.start for passage in passages[1:])]
    ends = [*starts[1:], end]
    rows = zip(starts, titles, ends, strict=True) if passages else ()
    return tuple(Chapter(start, title, stop) for start, title, stop in rows)


def _openings(words: Sequence[Word]) -> Iterator[_Opening]:
    """Yield an opening for each word that begins a sentence, a turn, or speech after half a second of silence."""
    last = words[0].end
    for index, (before, word) in enumerate(pairwise(words), 1):
        silence = word.start - last
        is_new = before.speaker != word.speaker
        if is_new or silence >= _PAUSE or ends_sentence(before.text):
            yield _Opening(index, word.start, silence + _PAUSE * is_new)
        last = max(last, word.end)


def _topic_edges(
    words: Sequence[Word], openings: Sequence[_Opening], language: str, shortest: Seconds
) -> list[_Opening]:
    """Return the openings that begin a new topic, the one with the highest novelty first.

    The novelty must exceed the mean of all openings by a standard deviation; each boundary is moved to the longest
    pause nearby.
    """
    known = (word if word.speaker else word.attributed(_UNKNOWN, None, None, word.overlap) for word in words)
    terms = list(terms_of(known, lexicon_of(language, (word.text for word in words))))
    values = novelty(terms, [opening.start for opening in openings], _REACH * shortest)
    if len(values) < 2:
        return []
    limit = fmean(values) + pstdev(values)
    end = max(word.end for word in words)
    starts, chosen = [0.0, end], list[_Opening]()
    for index in sorted(range(len(values)), key=lambda index: (-values[index], index)):
        best = _at_pause(openings, index)
        if values[index] <= limit:
            break
        if all(abs(best.start - start) >= shortest for start in starts):
            starts.append(best.start)
            chosen.append(best)
    return chosen


def _at_pause(openings: Sequence[_Opening], index: int) -> _Opening:
    """Return the opening after the longest pause near the one at `index`."""
    start = openings[index].start
    near = _between(openings, start - _NEAR, start + _NEAR)
    return max(near, key=lambda opening: (opening.pause, -abs(opening.start - start)), default=openings[index])


def _divisions(
    openings: Sequence[_Opening], start: Seconds, stop: Seconds, shortest: Seconds, longest: Seconds
) -> list[_Opening]:
    """Return the openings at which a chapter longer than `longest` is divided: those after its longest pauses.

    Neither part is shorter than `shortest` or a quarter of the chapter.
    """
    pending, found = [(start, stop)], []
    while pending:
        first, last = pending.pop()
        margin = max(shortest, (last - first) / 4)
        inside = _between(openings, first + margin, last - margin)
        if last - first > longest and inside:
            best = max(inside, key=lambda opening: opening.pause)
            found.append(best)
            pending += [(first, best.start), (best.start, last)]
    return found


def _between(openings: Sequence[_Opening], first: Seconds, last: Seconds) -> Sequence[_Opening]:
    """Return the openings after `first`, up to and including `last`."""
    starts = [opening.start for opening in openings]
    return openings[bisect_right(starts, first) : bisect_right(starts, last)]
