"""Subtitle cues, cut from a transcript by its word times.

A cue holds one speaker, or two as a dialogue. It observes the limits of its style: lines, columns and duration. It
stays on screen longer than its words if reading takes longer and there is time before the next cue. Formats decide
how cues are written.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast, get_args

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.parts.names import UNKNOWN, needs_label, split_name, without_brackets
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.formats.parts.wrapping import Unit, fits, fitting_length, text_of, units_of, width_of, wrap
from meetscribe.text.joining import space_between
from meetscribe.text.sentences import ends_clause, ends_sentence
from meetscribe.transcript import Transcript
from meetscribe.transcript.utterances import utterances

Preset: TypeAlias = Literal["netflix", "netflix-other", "bbc", "podcast", "youtube", "short"]
Names: TypeAlias = Literal["changes", "always", "never"]
"""Which cues have the speaker's name before the text: those where the speaker changes, all, or none."""

_MERGE_GAP_MS = 500
"""Maximum gap between too short text and the next words, into which it is merged, and between cues of a dialogue."""

_MIN_VISIBLE_MS = 200
"""Viewers do not notice text shown for less than this time."""


@dataclass(frozen=True, slots=True)
class CueStyle:
    """The limits of cues: columns of a line (Han and Kana take two), lines, reading speed, durations and gap.

    Without `characters_per_second`, cues are extended to `min_ms` only. `gap_ms` is the gap kept before the next cue.
    """

    width: int
    lines: int
    characters_per_second: int | None
    min_ms: int
    max_ms: int
    gap_ms: int


STYLES: dict[Preset, CueStyle] = {
    "netflix": CueStyle(42, 2, 20, 833, 7000, 83),
    "netflix-other": CueStyle(42, 2, 17, 833, 7000, 83),
    "bbc": CueStyle(37, 2, 15, 1000, 7000, 0),
    "podcast": CueStyle(32, 2, None, 500, 7000, 0),
    "youtube": CueStyle(42, 2, 25, 1000, 6000, 0),
    "short": CueStyle(24, 2, 25, 700, 5000, 0),
}
"""Netflix's timed text style guides (English, and other languages in Latin script), the BBC's guidelines (180 words a
minute), the podcast namespace's rule for SubRip, and limits chosen by hand for YouTube and vertical short videos."""


@dataclass(frozen=True, slots=True)
class CuePart:
    """The text of one speaker in a cue; `label` precedes the first line, which is empty if the label leaves no room."""

    name: str | None
    label: str
    lines: tuple[tuple[Unit, ...], ...]

    def texts(self) -> list[str]:
        """Return the lines as text, with the label before the first."""
        first, *others = map(text_of, self.lines)
        return [f"{self.label} {first}".strip(), *others]


@dataclass(frozen=True, slots=True)
class Cue:
    """Text on the screen from `start_ms` to `end_ms`: of one speaker, or of two in a dialogue."""

    start_ms: int
    end_ms: int
    parts: tuple[CuePart, ...]

    @property
    def name(self) -> str | None:
        """The first speaker's name, None if unknown."""
        return self.parts[0].name


def find_style(preset: str, width: int = 0) -> CueStyle:
    """Return the style of a preset, with another width if one is given; raises SettingsError."""
    style = STYLES.get(cast("Preset", preset.lower()))
    if style is None:
        raise SettingsError(f"unknown subtitle preset {preset!r}", nearest(preset, STYLES))
    if width and width < 10:
        raise SettingsError(f"subtitles cannot be {width} columns wide", "Give at least 10, or 0 for the preset.")
    return replace(style, width=width) if width else style


def make_cues(transcript: Transcript, style: CueStyle, names: str = "never", dialogue: bool = False) -> list[Cue]:
    """Return the cues of a transcript; starts do not decrease, and each cue lasts from 1 ms to `max_ms`.

    `names` puts `Name:` before the text: "never", "always", or at "changes" of the speaker. With `dialogue`, two
    adjacent cues of different speakers become one if each fits on a line and one is too short to be shown alone. Cues
    of different speakers overlap where the speakers do. Raises SettingsError for other `names`.
    """
    if names not in get_args(Names):
        raise SettingsError(f"names must be changes, always or never, not {names!r}", nearest(names, get_args(Names)))
    streams = _streams(transcript, style)
    if not any(name is not None for name, _ in streams):
        names = "never"
    cues = list(_cut(streams, style, names))
    return _timed(list(_dialogues(cues, style)) if dialogue else cues, style)


def timestamp(time_ms: int, point: str) -> str:
    """Format a time as hours, minutes, seconds and milliseconds, with `point` before the milliseconds.

    >>> timestamp(3_723_004, ",")
    '01:02:03,004'
    """
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{point}{milliseconds:03}"


def _streams(transcript: Transcript, style: CueStyle) -> list[tuple[str | None, deque[Sequence[Unit]]]]:
    """Return each speaker's name (None if unknown) with the runs of units to divide into cues."""
    streams: dict[str | None, deque[Sequence[Unit]]] = {}
    previous: Sequence[Unit] = ()
    for one in sorted(utterances(transcript), key=lambda one: one.start):
        units = units_of(one.words, style.width)
        stream = streams.setdefault(speaker_name(transcript, one) or None, deque())
        if not units:
            continue
        if stream and _too_short(stream[-1], units[0], style) and not _in_between(previous, stream[-1], units):
            first = replace(units[0], spaced=space_between(stream[-1][-1].text, units[0].text))
            stream[-1] = (*stream[-1], first, *units[1:])
        else:
            stream.append(units)
        previous = stream[-1]
    return [(name, stream) for name, stream in streams.items() if stream]


def _too_short(units: Sequence[Unit], after: Unit, style: CueStyle) -> bool:
    """Return whether a run is too short for a cue and the same speaker continues at once."""
    lasts_ms = units[-1].end_ms - units[0].start_ms
    return lasts_ms < style.min_ms and 0 <= after.start_ms - units[-1].end_ms < _MERGE_GAP_MS


def _in_between(other: Sequence[Unit], before: Sequence[Unit], after: Sequence[Unit]) -> bool:
    """Return whether units lie in the pause between two runs, which then must not be merged, to keep the order."""
    return other is not before and before[-1].end_ms <= other[0].start_ms and other[-1].end_ms <= after[0].start_ms


def _cut(streams: list[tuple[str | None, deque[Sequence[Unit]]]], style: CueStyle, names: str) -> Iterator[Cue]:
    """Yield cues in order of start, each as long as its words; the runs of units in `streams` are used up."""
    waiting = [(runs[0][0].start_ms, index) for index, (_, runs) in enumerate(streams)]
    heapq.heapify(waiting)
    before: str | None = ""  # the speaker of the previous cue; no speaker has this name
    while waiting:
        start_ms, index = heapq.heappop(waiting)
        name, runs = streams[index]
        label = _label(name, style.width) if names != "never" else ""
        label, count = _first_cue(runs[0], label, style, optional=names == "changes" and name == before)
        taken, runs[0] = runs[0][:count], runs[0][count:]
        end_ms = max(start_ms + 1, *(unit.end_ms for unit in taken))
        part = CuePart(name, label, wrap(taken, width_of(label), style.width))
        yield Cue(start_ms, min(end_ms, start_ms + style.max_ms), (part,))
        before = name
        if not runs[0]:
            del runs[0]
        if runs:
            # Never before this speaker's previous cue, even if the words' times are out of order.
            heapq.heappush(waiting, (max(runs[0][0].start_ms, start_ms + 1), index))


def _first_cue(units: Sequence[Unit], label: str, style: CueStyle, *, optional: bool) -> tuple[str, int]:
    """Return the label of the next cue and its number of units; an optional one is "" unless the text `needs_label`.

    If the text that fits without a label needs one, the cue is shortened to leave room for the label. The shorter text
    may need no label; then the room stays empty.
    """
    labelled = _cue_length(units, width_of(label), style)
    if not optional:
        return label, labelled
    plain = _cue_length(units, 0, style)
    if not needs_label(text_of(units[:plain])):
        return "", plain
    return (label if needs_label(text_of(units[:labelled])) else ""), labelled


def _label(name: str | None, width: int) -> str:
    """Return the label of a speaker, shortened to fit on a line; in brackets if a colon would be ambiguous."""
    shown = name or UNKNOWN
    if split_name(f"{shown}: x") == (shown, "x"):
        return f"{shown}:" if width_of(shown) < width else f"{shown[: fitting_length(shown, width - 2)].rstrip()}…:"
    inside = without_brackets(shown)
    if width_of(inside) <= width - 3:
        return f"[{inside}]:"
    return f"[{inside[: fitting_length(inside, width - 4)].rstrip()}…]:"


def _cue_length(units: Sequence[Unit], label_width: int, style: CueStyle) -> int:
    """Return the number of units in the next cue: those that fit, up to the best break in the last two thirds."""
    fit = 1
    while fit < len(units) and _fits_in_cue(units[: fit + 1], label_width, style):
        fit += 1
    if fit == len(units):
        return fit
    return max(range((fit + 2) // 3, fit + 1), key=lambda count: (_break_quality(units, count), count))


def _fits_in_cue(units: Sequence[Unit], label_width: int, style: CueStyle) -> bool:
    """Return whether the units fit in one cue."""
    duration_ms = max(unit.end_ms for unit in units) - units[0].start_ms
    return duration_ms <= style.max_ms and fits(units, label_width, style.width, style.lines)


def _break_quality(units: Sequence[Unit], count: int) -> int:
    """Rate a break after `count` units: best after a sentence; else better at a clause or pause, worse if few remain.

    A pause of 300 ms and a remainder of 3 units were chosen by hand.
    """
    before, after = units[count - 1], units[count]
    penalty = -2 if len(units) - count < 3 else 0
    if ends_sentence(before.text):
        return 3
    if ends_clause(before.text) or after.start_ms - before.end_ms >= 300:
        return 2 + penalty
    return penalty


def _dialogues(cues: Sequence[Cue], style: CueStyle) -> Iterator[Cue]:
    """Yield the cues, with two of different speakers merged where `_pair` can merge them, one line each."""
    pending: Cue | None = None
    for cue in cues:
        if pending is not None and (pair := _pair(pending, cue, style)) is not None:
            pending, cue = None, pair
            yield cue
            continue
        if pending is not None:
            yield pending
        pending = cue
    if pending is not None:
        yield pending


def _pair(first: Cue, second: Cue, style: CueStyle) -> Cue | None:
    """Merge adjacent cues into a dialogue if one is too short to show alone and each fits on a line; None otherwise."""
    too_short = min(first.end_ms - first.start_ms, second.end_ms - second.start_ms) < style.min_ms
    near = 0 <= second.start_ms - first.end_ms < _MERGE_GAP_MS and first.name != second.name
    end_ms = max(first.end_ms, second.end_ms)
    if not (too_short and near and style.lines >= 2 and end_ms - first.start_ms <= style.max_ms):
        return None
    pair = (first.parts[0], second.parts[0])
    labelled = any(part.label for part in pair)
    labels = (part.label or (_label(part.name, style.width) if labelled else "") for part in pair)
    parts = tuple(replace(part, label=f"- {label}".rstrip()) for part, label in zip(pair, labels, strict=True))
    narrow = all(len(part.lines) == 1 and width_of(part.texts()[0]) <= style.width for part in parts)
    return Cue(first.start_ms, end_ms, parts) if narrow else None


def _timed(cues: Sequence[Cue], style: CueStyle) -> list[Cue]:
    """Extend cues to their reading time if there is room, with a gap before the next cue.

    A cue whose words overlap the next cue is limited only by the next cue of the same speaker, and is extended only if
    it would otherwise be too short to be noticed.
    """
    timed: list[Cue] = []
    next_starts: dict[str | None, int] = {}  # of the next cue of each speaker
    next_ms: int | None = None
    for cue in reversed(cues):
        end_ms = cue.end_ms
        limit_ms = min((next_starts[part.name] for part in cue.parts if part.name in next_starts), default=None)
        no_overlap = next_ms is None or next_ms >= end_ms  # with the words of the next cue
        if no_overlap or end_ms - cue.start_ms < _MIN_VISIBLE_MS:
            end_ms = min(max(end_ms, cue.start_ms + _reading_ms(cue.parts, style)), cue.start_ms + style.max_ms)
            limit_ms = next_ms if no_overlap else limit_ms
        if limit_ms is not None:
            end_ms = _end_before(limit_ms, cue.start_ms, end_ms, style.gap_ms)
        timed.append(replace(cue, end_ms=end_ms))
        next_ms = cue.start_ms
        next_starts.update((part.name, cue.start_ms) for part in cue.parts)
    return timed[::-1]


def _end_before(next_ms: int, start_ms: int, end_ms: int, gap_ms: int) -> int:
    """Return the end of a cue limited to a gap before the next one; without the gap if the cue is too short for it."""
    if next_ms - gap_ms - start_ms >= gap_ms:
        return min(end_ms, next_ms - gap_ms)
    return max(start_ms + 1, min(end_ms, next_ms))


def _reading_ms(parts: Iterable[CuePart], style: CueStyle) -> int:
    """Return the time needed to read the lines."""
    characters = sum(len(text) for part in parts for text in part.texts())
    speed = style.characters_per_second
    return max(style.min_ms, -(-characters * 1000 // speed) if speed else 0)
