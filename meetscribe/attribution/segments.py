"""Where segments end: at speakers, sentences and pauses, never at the borders of a recognizer's chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.text.sentences import ends_sentence
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Word


def into_segments(words: Sequence[Word], settings: AttributionSettings) -> tuple[Segment, ...]:
    """All words in their order, cut where the speaker or the language changes, at sentence ends with a pause, at
    long pauses.

    What is still longer than `settings.max_segment` is cut at a sentence end if there is one in its later
    half, else at the longest pause there. An unknown speaker is not the one before.
    """
    runs: list[list[Word]] = []
    for word in words:
        if runs and not _parted(runs[-1][-1], word, settings):
            runs[-1].append(word)
        else:
            runs.append([word])
    return tuple(Segment(tuple(piece)) for run in runs for piece in _pieces(run, settings.max_segment))


def _parted(before: Word, after: Word, settings: AttributionSettings) -> bool:
    """Whether a segment ends between two words."""
    if (before.speaker, before.language) != (after.speaker, after.language):
        return True
    pause = _pause(before, after)
    return pause >= settings.pause or (pause >= settings.sentence_pause and ends_sentence(before.text))


def _pieces(run: Sequence[Word], longest: Seconds) -> Iterator[Sequence[Word]]:
    """The run in pieces of at most `longest` seconds, each at least one word."""
    first = 0
    while (beyond := _beyond(run, first, longest)) < len(run):
        half = run[first].start + longest / 2
        cuts = [i for i in range(first + 1, beyond + 1) if run[i - 1].end >= half] or [beyond]
        best = max(cuts, key=lambda i: (ends_sentence(run[i - 1].text), _pause(run[i - 1], run[i]), i))
        yield run[first:best]
        first = best
    yield run[first:]


def _beyond(run: Sequence[Word], first: int, longest: Seconds) -> int:
    """The index of the first word that would make the piece from `first` too long; at least `first` + 1."""
    start, end = run[first].start, run[first].end
    for i in range(first + 1, len(run)):
        start, end = min(start, run[i].start), max(end, run[i].end)
        if round(end - start, 3) > longest:
            return i
    return len(run)


def _pause(before: Word, after: Word) -> Seconds:
    """Seconds of silence between two words, negative if they overlap."""
    return round(after.start - before.end, 3)
