"""The transcript of a live session, built from its events; applying an event twice has no further effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import cast

from meetscribe.errors import JSON
from meetscribe.live.events import Event
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Meta, RecordingFile, Rename, Segment, SpeakerSource, Timing, Transcript, Word


@dataclass(frozen=True, slots=True)
class LiveSegment:
    """A segment: its committed words, and its pending text with times.

    A revision keeps the positions of words: a correction of several words is at the position of the first, with None at
    the others. `revision` is the number of the last revision.
    """

    id: str
    words: tuple[Word | None, ...] = ()
    channel: int = 0
    closed: bool = False
    pending: str = ""
    pending_span: Span = Span(0.0, 0.0)
    revision: int = 0

    @property
    def visible(self) -> tuple[Word, ...]:
        """The words, without positions that a correction emptied."""
        return tuple(word for word in self.words if word is not None)


@dataclass(frozen=True, slots=True)
class LiveTranscript:
    """All segments by id in the order of their first event, the names of speakers, and the state of the session.

    `horizon` is the time up to which speakers are known; `marks` are pairs of a time and a text. `seq` is the number of
    the last applied event, and `time` the length of audio received before it. Events up to `seq` are ignored, so
    they can be replayed from any earlier point.
    """

    segments: Mapping[str, LiveSegment] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    horizon: Seconds = 0.0
    state: str = "recording"
    marks: tuple[tuple[Seconds, str], ...] = ()
    seq: int = 0
    time: Seconds = 0.0

    def apply(self, event: Event) -> LiveTranscript:
        """Return the transcript after an event; raises ValueError for a payload that does not fit its kind."""
        if event.seq <= self.seq:
            return self
        try:
            changed = self._apply(event)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the payload of event {event.seq} does not fit {event.kind}: {error!r}") from error
        return replace(changed, seq=event.seq, time=max(self.time, event.time))

    def apply_all(self, events: Iterable[Event]) -> LiveTranscript:
        """Return the transcript after several events, in their order."""
        transcript = self
        for event in events:
            transcript = transcript.apply(event)
        return transcript

    @property
    def words(self) -> tuple[Word, ...]:
        """All committed words in order of time."""
        words = [word for segment in self.segments.values() for word in segment.visible]
        return tuple(sorted(words, key=lambda word: word.start))

    def transcript(
        self, language: str = "und", duration: Seconds = 0.0, recording: RecordingFile | None = None
    ) -> Transcript:
        """Return the committed words as a Transcript, with a segment per run of words of one speaker in a live segment.

        Its duration is `duration`, or more if more audio was received or words end later.
        """
        segments = [
            Segment(tuple(run))
            for segment in self.segments.values()
            for _, run in groupby(segment.visible, key=lambda word: word.speaker)
        ]
        ends = [segment.end for segment in segments]
        renamed = (Rename(dict(self.names)),) if any(label != name for label, name in self.names.items()) else ()
        meta = Meta(language, max([duration, self.time, *ends]), recording, edits=renamed)
        return Transcript(tuple(sorted(segments, key=lambda segment: segment.start)), meta)

    def _apply(self, event: Event) -> LiveTranscript:
        """Return the transcript with the content of an event."""
        payload = event.payload
        if event.id is not None:
            segment = self.segments.get(event.id) or LiveSegment(event.id)
            return replace(self, segments={**self.segments, event.id: _changed(segment, event.kind, payload)})
        if event.kind == "speakers":
            names = {str(label): str(name) for label, name in cast("dict[str, JSON]", payload["names"]).items()}
            return replace(self, names=names, horizon=_number(payload["horizon"]))
        if event.kind == "state":
            return replace(self, state=str(payload["state"]))
        if event.kind == "mark":
            return replace(self, marks=(*self.marks, (_number(payload["at"]), str(payload["text"]))))
        return self


def _changed(segment: LiveSegment, kind: str, payload: Mapping[str, JSON]) -> LiveSegment:
    """Return a segment after a partial, a commit or a revision."""
    if kind == "partial":
        span = Span(_number(payload["start"]), _number(payload["end"]))
        return replace(segment, pending=str(payload["text"]), pending_span=span)
    if kind == "commit":
        return _committed(segment, payload)
    return _revised(segment, payload)


def _committed(segment: LiveSegment, payload: Mapping[str, JSON]) -> LiveSegment:
    """Return a segment with further words; positions that have words already keep them."""
    first, words = int(_number(payload["first"])), cast("Sequence[JSON]", payload["words"])
    if first > len(segment.words):
        raise ValueError(f"segment {segment.id} has {len(segment.words)} words, so position {first} leaves a gap")
    added = tuple(_word(cast("Mapping[str, JSON]", value)) for value in words[len(segment.words) - first :])
    closed = segment.closed or bool(payload["closed"])
    channel = int(_number(payload["channel"]))
    pending = "" if closed or added else segment.pending
    return replace(segment, words=(*segment.words, *added), channel=channel, closed=closed, pending=pending)


def _revised(segment: LiveSegment, payload: Mapping[str, JSON]) -> LiveSegment:
    """Return a segment after a revision; revisions older than the last one have no effect."""
    revision, first, last = (int(_number(payload[name])) for name in ("revision", "first", "last"))
    if revision <= segment.revision:
        return segment
    if not 0 <= first <= last < len(segment.words):
        raise ValueError(f"segment {segment.id} has no words {first} to {last}")
    part = segment.words[first : last + 1]
    new = _with_text(part, str(payload["text"])) if "text" in payload else _with_speaker(part, payload["speaker"])
    return replace(segment, words=(*segment.words[:first], *new, *segment.words[last + 1 :]), revision=revision)


def _with_speaker(words: Sequence[Word | None], speaker: JSON) -> tuple[Word | None, ...]:
    """Return the words with another speaker."""
    source: SpeakerSource | None = None if speaker is None else "turn"
    label = None if speaker is None else str(speaker)
    return tuple(word and replace(word, speaker=label, speaker_source=source) for word in words)


def _with_text(words: Sequence[Word | None], text: str) -> tuple[Word | None, ...]:
    """Return the corrected text at the first position, with the span of all words; nothing without text or words."""
    kept = [word for word in words if word is not None]
    if not text.strip() or not kept:
        return (None,) * len(words)
    corrected = replace(kept[0], text=text.strip(), end=max(word.end for word in kept))
    return (corrected, *(None,) * (len(words) - 1))


def _word(value: Mapping[str, JSON]) -> Word:
    """Return a word of a commit."""
    speaker, probability = value.get("speaker"), value.get("probability")
    return Word(
        str(value["text"]),
        _number(value["start"]),
        _number(value["end"]),
        cast("Timing", value.get("timing", "engine")),
        speaker=None if speaker is None else str(speaker),
        speaker_source=None if speaker is None else "channel",
        probability=None if probability is None else _number(probability),
    )


def _number(value: JSON) -> float:
    """Return a JSON number; raises TypeError for anything else."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value
