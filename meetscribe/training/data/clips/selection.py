"""Select the words of a meeting to train on: passages without overlapping speech, with reliable text and times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meetscribe.timeline import Seconds, Span
from meetscribe.training.data.clips.evidence import Evidence
from meetscribe.training.data.clips.meetings import Meeting, Track
from meetscribe.training.data.omissions import Omission, Reason
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A corrected word, the name of its speaker, and the index of its segment."""

    word: Word
    speaker: str | None
    segment: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one track and language in order of time; no other words or unusable spans lie within `free`.

    Words that overlap omitted ones extend beyond `free`; `free.end` is infinite if nothing follows on the track.
    """

    words: tuple[SpokenWord, ...]
    track: Track
    free: Span
    language: str


def select(meeting: Meeting, language: str, max_pause: Seconds) -> tuple[list[Passage], list[Omission]]:
    """Return the passages of a meeting to train on, in order of tracks and time, and the omissions.

    A passage ends at omitted words, at unresolved findings, at a change of language, and at pauses longer than
    `max_pause`. `language` is the default for words without one.
    """
    evidence = Evidence(meeting.transcript)
    barriers = [_Item(span) for span, _ in evidence.doubts]
    # The time of suspect findings is counted with their words.
    omissions = [Omission(doubt, 0, span.duration) for span, doubt in evidence.doubts if doubt != "suspect"]
    passages: list[Passage] = []
    for track, words in _by_track(evidence, meeting).items():
        if track is None:
            omissions += [Omission("no track", 1, one.word.duration) for one in words]
            continue
        items = _judged(words, evidence, alone=_is_alone(meeting, track))
        omissions += [Omission(item.reason, 1, item.span.duration) for item in items if item.reason]
        ordered = sorted([*items, *barriers], key=lambda item: (item.span.start, item.span.end))
        for passage in _passages(ordered, track, language, max_pause):
            if passage.free.duration > 0:
                passages.append(passage)
            else:  # an omitted word spans the whole passage
                omissions += [Omission("overlap", 1, one.word.duration) for one in passage.words]
    return passages, omissions


@dataclass(frozen=True, slots=True)
class _Item:
    """A word, with the reason for omitting it, or a span without words that cannot be used."""

    span: Span
    spoken: SpokenWord | None = None
    reason: Reason | None = None


def _by_track(evidence: Evidence, meeting: Meeting) -> dict[Track | None, list[SpokenWord]]:
    """Return the words of each track in order of time; a word reassigned to another speaker is on the mix."""
    found: dict[Track | None, list[SpokenWord]] = defaultdict(list)
    for number, segment in enumerate(evidence.edited.segments):
        for word in segment.words:
            name = None if word.speaker is None else meeting.transcript.name_of(word.speaker)
            track = meeting.mix if word.speaker_source == "edit" else meeting.track_of(word.speaker)
            found[track].append(SpokenWord(word, name, number))
    for words in found.values():
        words.sort(key=lambda one: (one.word.start, one.word.end))
    return found


def _is_alone(meeting: Meeting, track: Track) -> bool:
    """Return whether a track is the microphone of one speaker."""
    return Counter(meeting.tracks.values())[track] == 1


def _judged(words: Sequence[SpokenWord], evidence: Evidence, *, alone: bool) -> list[_Item]:
    """Return the words of a track with the reasons for omitting them.

    On a track with one speaker (`alone`), overlapping speech of others is inaudible and ignored.
    """
    crossing = _crossing(words)
    items = []
    for position, one in enumerate(words):
        overlaps = position in crossing or (one.word.overlap and not alone)
        items.append(_Item(one.word.span, one, evidence.doubt(one.word) or ("overlap" if overlaps else None)))
    return items


def _crossing(words: Sequence[SpokenWord]) -> set[int]:
    """Return the indices of words that overlap a word of another speaker; the words are in order of their starts."""
    found: set[int] = set()
    open_: list[int] = []
    for position, one in enumerate(words):
        open_ = [other for other in open_ if words[other].word.end > one.word.start]
        others = [other for other in open_ if words[other].speaker != one.speaker]
        found.update([position, *others] if others else [])
        open_.append(position)
    return found


def _passages(items: Sequence[_Item], track: Track, language: str, max_pause: Seconds) -> Iterator[Passage]:
    """Yield the passages of a track, given its words and the unusable spans, in order of time."""
    for run, free in _runs(items, language, max_pause):
        yield Passage(tuple(run), track, free, run[0].word.language or language)


def _runs(items: Sequence[_Item], language: str, max_pause: Seconds) -> Iterator[tuple[list[SpokenWord], Span]]:
    """Yield each run of usable words, with the surrounding span that has no other words."""
    run: list[SpokenWord] = []
    before = reached = 0.0  # the end of everything before the run, and of everything so far
    for item in items:
        if run and not _continues(run[-1], item, reached, language, max_pause):
            yield run, Span(before, max(before, item.span.start))
            run = []
        if item.spoken is not None and item.reason is None:
            before = before if run else reached
            run.append(item.spoken)
        reached = max(reached, item.span.end)
    if run:
        yield run, Span(before, float("inf"))


def _continues(last: SpokenWord, item: _Item, reached: Seconds, language: str, max_pause: Seconds) -> bool:
    """Return whether an item is a usable word that continues the run of the word `last`."""
    if item.spoken is None or item.reason is not None or item.span.start - reached > max_pause:
        return False
    return (item.spoken.word.language or language) == (last.word.language or language)
