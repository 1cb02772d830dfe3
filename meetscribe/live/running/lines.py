"""The lines to show of a live transcript: each once, in order, when its words and its speaker are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from meetscribe.live.transcript import LiveSegment, LiveTranscript
from meetscribe.text.joining import join_words
from meetscribe.text.sentences import ends_sentence
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript.display import clock

_LONGEST: Seconds = 12.0
"""How long a line waits for its speaker, in seconds of audio."""
_MOST = 4
"""The number of segments after a line at which it no longer waits for its speaker."""
_PAUSE: Seconds = 1.0
"""The pause between two segments below which they can be shown together."""
_CONTINUED: Seconds = 2.0
"""How long the last line waits for the rest of its sentence, after its segment was closed, in seconds of audio."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one speaker from `start` on, and the pending text after them; `speaker` is a name, "" if unknown."""

    start: Seconds
    speaker: str
    text: str
    pending: str = ""

    def __str__(self) -> str:
        head = f"[{clock(self.start)}] {self.speaker}:" if self.speaker else f"[{clock(self.start)}]"
        return " ".join(part for part in (head, self.text, self.pending) if part)


class LineFeed:
    """Returns the text of closed segments once; segments that share a sentence are shown together.

    Each run of words of one speaker is a line. With `speakers`, a line waits for the speakers of its words: for a
    while, or as long as it takes if `patient`.
    """

    def __init__(self, *, speakers: bool, patient: bool = False) -> None:
        self._speakers = speakers
        self._patient = patient
        self._passed = 0
        # The last segment that ends within a sentence, and the time at which it was first seen so.
        self._unfinished: tuple[str, Seconds] = ("", 0.0)

    def take(self, live: LiveTranscript, *, all: bool = False) -> list[Line]:
        """Return the lines that are ready and were not returned before; with `all` also those that would wait."""
        ready: list[Line] = []
        for group in _groups(self._left(live)):
            if not (all or self._is_ready(group, live)):
                break
            ready += _lines(group, live)
            self._passed += len(group)
        return ready

    def waiting(self, live: LiveTranscript) -> list[Line]:
        """Return the lines that are not ready yet, with the pending text."""
        return [line for group in _groups(self._left(live)) for line in _lines(group, live)]

    def _left(self, live: LiveTranscript) -> list[LiveSegment]:
        return list(islice(live.segments.values(), self._passed, None))

    def _is_ready(self, group: Sequence[LiveSegment], live: LiveTranscript) -> bool:
        """Return whether a line can be shown: it is complete, and its speakers are known or have taken too long."""
        last = group[-1]
        waits = live.time - _end(last)
        following = len(live.segments) - self._passed - len(group)
        late = not self._patient and (waits > _LONGEST or following >= _MOST)
        known = not self._speakers or late or all(word.speaker for part in group for word in part.visible)
        goes_on = last.closed and not following and _is_unfinished(last) and self._since(last, live) < _CONTINUED
        return last.closed and known and not goes_on

    def _since(self, segment: LiveSegment, live: LiveTranscript) -> Seconds:
        """Return the seconds of audio since a closed segment was first seen to end within a sentence."""
        if self._unfinished[0] != segment.id:
            self._unfinished = segment.id, live.time
        return live.time - self._unfinished[1]


def _groups(segments: Sequence[LiveSegment]) -> Iterator[list[LiveSegment]]:
    """Yield the segments that are shown together."""
    group: list[LiveSegment] = []
    for segment in segments:
        if group and not _goes_on(group[-1], segment):
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _goes_on(segment: LiveSegment, following: LiveSegment) -> bool:
    """Return whether the following segment continues the unfinished sentence of `segment`.

    It does only on the same channel and after at most a short pause.
    """
    words = following.visible
    start = words[0].start if words else following.pending_span.start
    near = start - _end(segment) < _PAUSE and segment.channel == following.channel
    return near and _is_unfinished(segment)


def _is_unfinished(segment: LiveSegment) -> bool:
    """Return whether a segment ends within a sentence."""
    return bool(segment.visible) and not ends_sentence(segment.visible[-1].text)


def _lines(group: Sequence[LiveSegment], live: LiveTranscript) -> Iterator[Line]:
    """Yield a line for each run of words of one speaker; the last one has the pending text."""
    words = [word for segment in group for word in segment.visible]
    runs = [(label, list(run)) for label, run in groupby(words, key=lambda word: word.speaker)]
    pending = one_line(group[-1].pending)
    for number, (label, run) in enumerate(runs):
        name = "" if label is None else one_line(live.names.get(label, label))
        text = one_line(join_words(word.text for word in run))
        yield Line(run[0].start, name, text, pending if number == len(runs) - 1 else "")
    if pending and not runs:
        yield Line(group[-1].pending_span.start, "", "", pending)


def _end(segment: LiveSegment) -> Seconds:
    return max((word.end for word in segment.visible), default=segment.pending_span.end)
