"""The lines to show of a live transcript: each once, in order, when its words and its speaker are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from meetscribe.live.transcript import LiveSegment, LiveTranscript
from meetscribe.text.joining import join_words
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript.display import clock

_LONGEST: Seconds = 12.0
"""How long a line waits for its speaker, in seconds of audio."""
_MOST = 4
"""Lines that wait for their speaker at most."""


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
    """Returns each closed segment once.

    With `speakers`, it waits for the speaker of its words: for a while, or as long as it takes if `patient`.
    """

    def __init__(self, *, speakers: bool, patient: bool = False) -> None:
        self._speakers = speakers
        self._patient = patient
        self._passed = 0

    def take(self, live: LiveTranscript, *, all: bool = False) -> list[Line]:
        """Return the lines that are ready and were not returned before; with `all` also those that would wait."""
        ready: list[Line] = []
        segments = list(islice(live.segments.values(), self._passed, None))
        for number, segment in enumerate(segments):
            late = not self._patient and (live.time - _end(segment) > _LONGEST or len(segments) - number > _MOST)
            known = not self._speakers or all or late or None not in {word.speaker for word in segment.visible}
            if not (segment.closed or all) or not known:
                break
            ready += _lines(segment, live)
            self._passed += 1
        return ready

    def waiting(self, live: LiveTranscript) -> list[Line]:
        """Return the lines that are not ready yet, with the pending text."""
        segments = islice(live.segments.values(), self._passed, None)
        return [line for segment in segments for line in _lines(segment, live)]


def _lines(segment: LiveSegment, live: LiveTranscript) -> Iterator[Line]:
    """Yield a line for each run of words of one speaker; the last one has the pending text."""
    runs = [(label, list(words)) for label, words in groupby(segment.visible, key=lambda word: word.speaker)]
    pending = one_line(segment.pending)
    for number, (label, words) in enumerate(runs):
        name = "" if label is None else one_line(live.names.get(label, label))
        text = one_line(join_words(word.text for word in words))
        yield Line(words[0].start, name, text, pending if number == len(runs) - 1 else "")
    if pending and not runs:
        yield Line(segment.pending_span.start, "", "", pending)


def _end(segment: LiveSegment) -> Seconds:
    return max((word.end for word in segment.visible), default=segment.pending_span.end)
