"""Replay of edits over the words as recognised, which stay unchanged; each edit visits only the words concerned.

An edit of words applies as a whole, or not at all if one of its words does not exist, for example because the edit that
made the word was undone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from operator import itemgetter

from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript.edits.replay.labels import Label, Labels
from meetscribe.transcript.edits.replay.replacement import align_words, inserted_span, interpolated_words, with_text
from meetscribe.transcript.edits.replay.turns import EditedTurns
from meetscribe.transcript.edits.values import Assign, Delete, Edit, Insert, Join, Merge, Rename, Replace, Retime, Split
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Timing, Word


class Place:
    """A word in the doubly linked list of the edited words; `starts` means that it begins a segment."""

    __slots__ = ("assigned", "following", "joined", "label", "live", "preceding", "starts", "word")

    def __init__(self, word: Word, label: Label | None, starts: bool = False, assigned: bool = False) -> None:
        self.word, self.label, self.starts, self.assigned = word, label, starts, assigned
        self.joined = False  # not divided from the word before, even if the speaker changes
        self.live = True
        self.preceding: Place | None = None
        self.following: Place | None = None


class Replay:
    """The words and turns of a transcript while edits are applied to them one by one, in order."""

    def __init__(self, transcript: Transcript) -> None:
        self._labels = Labels()
        self._first: Place | None = None
        self._last: Place | None = None
        self._by_id: dict[str, Place] = {}
        self._duration = transcript.duration
        self._by_time: list[tuple[Seconds, Place]] | None = None  # by the middle of the word, once it is needed
        self.recognised: list[Place] = []
        for segment in transcript.segments:
            for number, word in enumerate(segment.words):
                place = Place(word, self._label(word.speaker), starts=number == 0)
                self._link(place, self._last)
                self.recognised.append(place)
        meta = transcript.meta
        self._turns, self._exclusive = EditedTurns(meta.turns, self._labels), EditedTurns(meta.exclusive, self._labels)

    def apply(self, edit: Edit) -> bool:
        """Apply an edit; return whether all words that it refers to exist, otherwise nothing changes."""
        if isinstance(edit, Rename):
            return True
        if isinstance(edit, Merge):
            self._labels.merge(edit.speakers)
            return True
        if isinstance(edit, Assign):
            return self._assign(edit)
        if isinstance(edit, Insert):
            return self._insert(edit)
        ids = (edit.word,) if isinstance(edit, Split) else edit.words
        places = [place for id in ids if (place := self._by_id.get(id)) is not None and place.live]
        if len(places) < len(ids):
            return False
        self._change(edit, places)
        return True

    def words(self) -> Iterator[Word]:
        """Yield the words in order, with the labels of their speakers."""
        return (_with_speaker(place, _same) for place in self._places())

    def segments(self, shown: Callable[[str], str]) -> tuple[Segment, ...]:
        """Return the segments, with `shown` applied to the labels; assigned words divide them by speaker."""
        segments: list[Segment] = []
        run: list[tuple[Place, Word]] = []
        for place in self._places():
            if place.starts and run:
                segments.extend(_by_speaker(run))
                run = []
            run.append((place, _with_speaker(place, shown)))
        return (*segments, *_by_speaker(run)) if run else tuple(segments)

    def transcript(self, transcript: Transcript, shown: Callable[[str], str]) -> Transcript:
        """Return the transcript with the words and turns as they are now, and without edits."""
        turns, exclusive = self._turns.turns(shown), self._exclusive.turns(shown)
        meta = replace(transcript.meta, turns=turns, exclusive=exclusive, edits=())
        return Transcript(self.segments(shown), meta)

    def _change(self, edit: Replace | Delete | Split | Join | Retime, places: Sequence[Place]) -> None:
        """Apply an edit whose words all exist."""
        if isinstance(edit, Replace):
            self._replace(edit, places)
        elif isinstance(edit, Delete):
            for place in places:
                self._unlink(place)
        elif isinstance(edit, Retime):
            self._retime(edit, places)
        else:
            for place in places:
                place.starts, place.joined = isinstance(edit, Split), isinstance(edit, Join)

    def _retime(self, edit: Retime, places: Sequence[Place]) -> None:
        """Give words new times, which have no score; the times of their characters are unknown then."""
        self._by_time = None
        timing: Timing = "engine" if edit.exact else "interpolated"
        for place, (start, end) in zip(places, edit.times, strict=True):
            place.word = replace(place.word, start=start, end=end, timing=timing, score=None, chars=())

    def _assign(self, edit: Assign) -> bool:
        """Assign words and turns to a speaker; return whether there are words."""
        times = self._times()
        low, high = (bisect_left(times, time, key=itemgetter(0)) for time in (edit.start, edit.end))
        own = [place for _, place in times[low:high] if place.live]
        for place in own:
            place.label, place.assigned = self._labels[edit.speaker], True
        if own:
            spans = [place.word.span for place in own]
            for turns in (self._turns, self._exclusive):
                turns.assign(Span(edit.start, edit.end), spans, edit.speaker)
        return bool(own)

    def _insert(self, edit: Insert) -> bool:
        """Insert words after or before a word; return whether the word exists."""
        after, before = self._live(edit.after), self._live(edit.before)
        host = after or before
        if host is None and (edit.after or edit.before or self._first):
            return False
        like = Word("-", edit.start, edit.end, speaker=edit.speaker, speaker_source="edit" if edit.speaker else None)
        like = replace(like, language=host.word.language) if host is not None else like
        fresh = self._fresh(split_words(edit.text), edit.span, like, self._new_ids(edit.id), self._label(edit.speaker))
        self._link_all(fresh, after=after, before=None if after is not None else before)
        following = fresh[-1].following
        if edit.new_segment:
            fresh[0].starts = True
            if following is not None:
                following.starts = True
        if edit.speaker is not None:
            self._turns.add(edit.span, edit.speaker)
        return True

    def _replace(self, edit: Replace, places: Sequence[Place]) -> None:
        """Replace the words of these places by the text of the edit."""
        ids = self._new_ids(edit.id)
        last: Place | None = None  # of the passage so far
        for block in align_words([place.word.text for place in places], edit.text):
            own = places[block.start : block.end]
            if block.aligned:
                for place, text in zip(own, block.texts, strict=True):
                    place.word = with_text(place.word, text)
                last = own[-1]
            elif own:
                span = Span(min(place.word.start for place in own), max(place.word.end for place in own))
                fresh = self._fresh(block.texts, span, own[0].word, ids, own[0].label, own[0].assigned)
                self._link_all(fresh, before=own[0])
                for place in own:
                    self._unlink(place)
                last = fresh[-1] if fresh else last
            else:
                like = last or places[0]
                span = self._gap(block.texts, last, places[0])
                fresh = self._fresh(block.texts, span, like.word, ids, like.label, like.assigned)
                self._link_all(fresh, after=last, before=None if last is not None else places[0])
                last = fresh[-1]

    def _gap(self, texts: Sequence[str], last: Place | None, first: Place) -> Span:
        """Return the time of words inserted after a word, or before the first word of the passage."""
        if last is None:
            before = first.preceding
            free = first.word.start - (before.word.end if before is not None else 0.0)
            length = inserted_span(texts, 0.0, max(0.0, free)).duration
            return Span(first.word.start - length, first.word.start)
        following = last.following
        if following is None or (following.starts and following.word.start < last.word.end):
            return inserted_span(texts, last.word.end, self._duration)
        return inserted_span(texts, last.word.end, following.word.start)

    @staticmethod
    def _fresh(
        texts: Sequence[str], span: Span, like: Word, ids: Iterator[str], label: Label | None, assigned: bool = False
    ) -> list[Place]:
        """Return places of new words spread over the span."""
        own = [next(ids) for _ in texts]
        return [Place(word, label, assigned=assigned) for word in interpolated_words(texts, span, own, like)]

    def _new_ids(self, id: str) -> Iterator[str]:
        """Yield the ids of new words of an edit."""
        return (own for number in count() if (own := f"{id}-{number}") not in self._by_id)

    def _live(self, id: str | None) -> Place | None:
        """Return the place of a word that exists, by id."""
        place = None if id is None else self._by_id.get(id)
        return place if place is not None and place.live else None

    def _label(self, speaker: str | None) -> Label | None:
        return None if speaker is None else self._labels[speaker]

    def _places(self) -> Iterator[Place]:
        place = self._first
        while place is not None:
            yield place
            place = place.following

    def _link_all(self, places: Sequence[Place], *, after: Place | None = None, before: Place | None = None) -> None:
        """Insert places after or before a place, in its segment; without either, at the start as a segment."""
        if places and after is None:
            places[0].starts = before is None or before.starts
            if before is not None:
                places[0].joined, before.starts, before.joined = before.joined, False, False
        last = after if before is None else before.preceding
        for place in places:
            self._link(place, last)
            last = place

    def _link(self, place: Place, preceding: Place | None) -> None:
        """Insert a place after another, or at the start."""
        following = self._first if preceding is None else preceding.following
        place.preceding, place.following = preceding, following
        if preceding is None:
            self._first = place
        else:
            preceding.following = place
        if following is None:
            self._last = place
        else:
            following.preceding = place
        if place.word.id is not None:
            self._by_id.setdefault(place.word.id, place)
        if self._by_time is not None:
            insort(self._by_time, (_middle(place.word), place), key=itemgetter(0))

    def _unlink(self, place: Place) -> None:
        """Remove a place; if it begins a segment, the next one does so instead."""
        place.live = False
        preceding, following = place.preceding, place.following
        if following is None:
            self._last = preceding
        else:
            following.preceding = preceding
            following.starts = following.starts or place.starts
        if preceding is None:
            self._first = following
        else:
            preceding.following = following

    def _times(self) -> list[tuple[Seconds, Place]]:
        """Return the middles of the words with their places, in order; words that were removed may be among them."""
        if self._by_time is None:
            self._by_time = sorted(((_middle(place.word), place) for place in self._places()), key=itemgetter(0))
        return self._by_time


def _middle(word: Word) -> Seconds:
    return (word.start + word.end) / 2


def _same(label: str) -> str:
    return label


def _with_speaker(place: Place, shown: Callable[[str], str]) -> Word:
    """Return the word with its speaker after the edits; an assigned speaker has no score and the source "edit"."""
    word, speaker = place.word, None if place.label is None else shown(place.label.text)
    if place.assigned:
        return word.attributed(speaker, None, "edit", word.overlap)
    if speaker == word.speaker:
        return word
    return word.attributed(speaker, word.speaker_score, word.speaker_source, word.overlap)


def _by_speaker(run: Sequence[tuple[Place, Word]]) -> Iterator[Segment]:
    """Divide a segment where the speaker changes if any of its words was assigned to a speaker."""
    if not any(place.assigned for place, _ in run):
        yield Segment(tuple(word for _, word in run))
        return
    words = [run[0][1]]
    for place, word in run[1:]:
        if word.speaker != words[-1].speaker and not place.joined:
            yield Segment(tuple(words))
            words = []
        words.append(word)
    yield Segment(tuple(words))
