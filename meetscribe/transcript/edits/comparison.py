"""The segments in which two states of a transcript differ."""

from __future__ import annotations

from difflib import SequenceMatcher

from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment


def changed_segments(before: Transcript, after: Transcript) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return the edited segments found only in `before`, and those found only in `after`."""
    old, new = before.edited().segments, after.edited().segments
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    removed: list[Segment] = []
    added: list[Segment] = []
    for tag, first, last, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed.extend(old[first:last])
            added.extend(new[low:high])
    return tuple(removed), tuple(added)
