"""YouTube's captions, in JSON and XML: events of texts with offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.parsed_cues import ParsedCue, merge_rolling, segments_from_cues
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Event:
    """A caption: its start, its duration, and its texts.

    Each text has the offset of its first word from the start of the caption, or None.
    """

    start: Seconds
    duration: Seconds
    texts: Sequence[tuple[Seconds | None, str]]


def transcript_of(events: Sequence[Event], document: Document, language: str | None = None) -> Transcript:
    """Return the transcript of captions.

    Automatic captions stay on the screen while the next ones appear; here they are cut to end where those start.
    """
    cues = [_cue(event) for event in events if any(text.strip() for _, text in event.texts)]
    ends = [after.start for _, after in pairwise(cues)] + [cue.end for cue in cues[-1:]]
    cut = [
        ParsedCue(cue.start, min(cue.end, end) if cue.starts and end > cue.start else cue.end, cue.lines, cue.starts)
        for cue, end in zip(cues, ends, strict=True)
    ]
    return assemble(segments_from_cues(merge_rolling(cut), document), language)


def _cue(event: Event) -> ParsedCue:
    """Return the cue of an event, with the starts of words if there are offsets."""
    lines = tuple(filter(str.strip, "".join(text for _, text in event.texts).split("\n")))
    starts: list[Seconds | None] = []
    for offset, text in event.texts:
        words = split_words(text)
        starts += [None if offset is None else event.start + offset, *[None] * (len(words) - 1)] if words else []
    # Captions that are not automatic have no offsets, or only 0.
    timed = any(offset for offset, _ in event.texts) and len(starts) == len(split_words(" ".join(lines)))
    return ParsedCue(event.start, event.start + event.duration, lines, tuple(starts) if timed else ())
