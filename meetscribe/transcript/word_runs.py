"""Runs of words: words divided into segments of one speaker, by sentence and by pause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from meetscribe.text.sentences import ends_sentence
from meetscribe.timeline import Seconds
from meetscribe.transcript.turns import WORD_GAP
from meetscribe.transcript.words import Segment, Word

MIN_SINGLE_WORDS = 12
"""From this number of rows on, a table or file whose rows are all single words is read as words, not as segments."""


def segments_of_words(words: Iterable[Word]) -> list[Segment]:
    """Return the words of all speakers as segments in order of time.

    The words of a speaker form segments that end with a sentence or before a pause longer than 0.5 s, also while others
    speak.
    """
    segments: list[Segment] = []
    for _, run in groupby(sorted(words, key=lambda word: word.speaker or ""), key=lambda word: word.speaker):
        runs = split_at_pauses(sorted(run, key=lambda word: word.start), WORD_GAP)
        segments.extend(chain.from_iterable(split_into_sentences(part.words) for part in runs))
    return sorted(segments, key=lambda segment: segment.start)


def split_by_speaker(words: Sequence[Word]) -> Iterator[Segment]:
    """Split words into segments of one speaker each."""
    return (Segment(tuple(run)) for _, run in groupby(words, key=lambda word: word.speaker))


def split_at_pauses(words: Sequence[Word], pause: Seconds) -> Iterator[Segment]:
    """Split words into segments at gaps longer than `pause`."""
    start = 0
    for stop in range(1, len(words) + 1):
        if stop == len(words) or words[stop].start - words[stop - 1].end > pause:
            yield Segment(tuple(words[start:stop]))
            start = stop


def split_into_sentences(words: Sequence[Word]) -> Iterator[Segment]:
    """Split words into segments of one speaker and one sentence each."""
    for run in split_by_speaker(words):
        start = 0
        for stop, word in enumerate(run.words, start=1):
            if stop == len(run.words) or ends_sentence(word.text):
                yield Segment(run.words[start:stop])
                start = stop
