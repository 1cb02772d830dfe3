"""Division of words into segments, at changes of speaker and language, sentence ends and pauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.text.sentences import ends_sentence, is_abbreviation
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Word


def make_segments(words: Sequence[Word], settings: AttributionSettings) -> tuple[Segment, ...]:
    """Return the words, in order, in new segments; previous segments are ignored.

    A segment ends where the speaker or the language changes, at a sentence end followed by a pause of
    `settings.sentence_pause`, and at a pause of `settings.pause`. An unknown speaker differs from every known speaker.
    Once a segment is as long as `settings.sentence_length`, the next sentence end suffices, because engines may leave
    no pauses. A segment longer than `settings.max_segment` is split at a sentence end in the second half of its first
    `max_segment` seconds, or else at the longest pause there.
    """
    runs: list[list[Word]] = []
    for word in words:
        if runs and not _is_boundary(runs[-1], word, settings):
            runs[-1].append(word)
        else:
            runs.append([word])
    return tuple(Segment(tuple(part)) for run in runs for part in _split(run, settings.max_segment))


def _is_boundary(run: Sequence[Word], after: Word, settings: AttributionSettings) -> bool:
    """Return whether a segment ends between a run of words and the word after it."""
    before = run[-1]
    if (before.speaker, before.language) != (after.speaker, after.language):
        return True
    pause = _pause(before, after)
    if pause >= settings.pause:
        return True
    if not ends_sentence(before.text):
        return False
    is_long = before.end - run[0].start >= settings.sentence_length and not is_abbreviation(before.text)
    return pause >= settings.sentence_pause or is_long


def _split(run: Sequence[Word], max_length: Seconds) -> Iterator[Sequence[Word]]:
    """Yield parts of the run of at most `max_length` seconds, but at least one word."""
    first = 0
    while (end := _last_split(run, first, max_length)) < len(run):
        half = run[first].start + max_length / 2
        candidates = [i for i in range(first + 1, end + 1) if run[i - 1].end >= half] or [end]
        best = max(candidates, key=lambda i: (ends_sentence(run[i - 1].text), _pause(run[i - 1], run[i]), i))
        yield run[first:best]
        first = best
    yield run[first:]


def _last_split(run: Sequence[Word], first: int, max_length: Seconds) -> int:
    """Return the index of the first word that makes the part from `first` too long, or the length of the run.

    The index is at least `first` + 1.
    """
    start, end = run[first].start, run[first].end
    for i in range(first + 1, len(run)):
        start, end = min(start, run[i].start), max(end, run[i].end)
        if round(end - start, 3) > max_length:
            return i
    return len(run)


def _pause(before: Word, after: Word) -> Seconds:
    """Return the seconds between two words; negative if they overlap."""
    return round(after.start - before.end, 3)
