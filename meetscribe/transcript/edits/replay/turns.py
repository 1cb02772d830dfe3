"""Speaker turns changed by edits that assign or insert speech. Each edit visits only the turns at its time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable

from meetscribe.timeline import Seconds, Span, Turn, cut, union
from meetscribe.transcript.edits.replay.labels import Label, Labels

# Chosen by hand; they affect only the speed.
_CELL: Seconds = 16.0  # width of a cell of the index by time
_MAX_CELLS = 64  # a turn that covers more cells is not indexed: every edit visits it


class _Entry:
    """A turn with the label of its speaker."""

    __slots__ = ("end", "label", "span", "start")

    def __init__(self, start: Seconds, end: Seconds, label: Label) -> None:
        self.start, self.end, self.label = start, end, label
        self.span = Span(start, end)


class EditedTurns:
    """The turns of a transcript while its edits are applied; if there are none, none are created."""

    def __init__(self, turns: Iterable[Turn], labels: Labels) -> None:
        self._labels = labels
        self._cells: dict[int, dict[_Entry, None]] = defaultdict(dict)
        self._long: dict[_Entry, None] = {}
        self._entries: dict[_Entry, None] = {}
        self._sorted = False
        for turn in turns:
            self._add(turn.start, turn.end, labels[turn.speaker])

    def assign(self, within: Span, words: Iterable[Span], speaker: str) -> None:
        """Assign all speech within the span, and the words there, to a speaker."""
        assigned = list(cut(words, within))
        if not self._entries:
            return
        for entry in self._near(within):
            if entry.label.text == speaker:
                assigned.append(entry.span)
            elif entry.span.overlap(within) > 0:
                assigned.extend(cut([entry.span], within))
                for piece in _outside(entry.span, within):
                    self._add(piece.start, piece.end, entry.label)
            else:
                continue
            self._remove(entry)
        self._add_spans(assigned, speaker)

    def add(self, span: Span, speaker: str) -> None:
        """Add inserted speech to the turns of a speaker; the turns of other speakers stay."""
        if not self._entries or span.duration <= 0:
            return
        near = [entry for entry in self._near(span) if entry.label.text == speaker]
        if any(entry.start <= span.start and span.end <= entry.end for entry in near):
            return
        for entry in near:
            self._remove(entry)
        self._add_spans([span, *(entry.span for entry in near)], speaker)

    def turns(self, name_of: Callable[[str], str]) -> tuple[Turn, ...]:
        """Return the turns after the edits, with `name_of` applied to the labels; sorted by time if any was changed."""
        turns = [Turn(entry.start, entry.end, entry.label.text) for entry in self._entries]
        return tuple(
            Turn(each.start, each.end, name_of(each.speaker)) for each in (sorted(turns) if self._sorted else turns)
        )

    def _add_spans(self, spans: Iterable[Span], speaker: str) -> None:
        self._sorted = True
        for span in union(spans):
            self._add(span.start, span.end, self._labels[speaker])

    def _near(self, span: Span) -> list[_Entry]:
        """Return the turns that overlap or touch the span."""
        cells = self._range(span)
        if len(cells) > _MAX_CELLS:
            found: Iterable[_Entry] = self._entries
        else:
            found = dict.fromkeys(entry for cell in cells for entry in self._cells.get(cell, ())) | self._long
        return [entry for entry in found if entry.start <= span.end and entry.end >= span.start]

    def _add(self, start: Seconds, end: Seconds, label: Label) -> None:
        entry = _Entry(start, end, label)
        self._entries[entry] = None
        cells = self._range(entry.span)
        if len(cells) > _MAX_CELLS:
            self._long[entry] = None
        else:
            for cell in cells:
                self._cells[cell][entry] = None

    def _remove(self, entry: _Entry) -> None:
        del self._entries[entry]
        if entry in self._long:
            del self._long[entry]
        else:
            for cell in self._range(entry.span):
                del self._cells[cell][entry]

    def _range(self, span: Span) -> range:
        """Return the cells of the index that the span touches."""
        return range(math.floor(span.start / _CELL), math.floor(span.end / _CELL) + 1)


def _outside(span: Span, within: Span) -> list[Span]:
    """Return the parts of the span before and after `within`, which it overlaps."""
    pieces = [(span.start, within.start), (within.end, span.end)]
    return [Span(start, end) for start, end in pieces if start < end]
