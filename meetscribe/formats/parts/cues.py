"""Subtitle cues, cut from what is said by the times of its words; how they are spelled is each format's.

A cue holds one speaker, or two as a dialogue. It keeps the limits of a style: lines, columns, the longest time on
the screen. It is shown longer than it is spoken where that is needed to read it and nobody speaks after it.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast, get_args

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.parts.parsed_cues import UNKNOWN, split_name
from meetscribe.formats.parts.utterances import speaker_name, utterances
from meetscribe.formats.parts.wrapping import Unit, fits, fitting, text_of, units_of, width_of, wrap
from meetscribe.text.joining import space_between
from meetscribe.text.sentences import ends_clause, ends_sentence
from meetscribe.transcript import Transcript

Preset: TypeAlias = Literal["netflix", "netflix-other", "bbc", "podcast", "youtube", "short"]
Names: TypeAlias = Literal["changes", "always", "never"]
"""Where names stand before the text: where the speaker is another than in the cue before, in each cue, or nowhere."""

_JOINED_PAUSE_MS = 500
"""What is too short to be a cue is joined with what the same speaker says within this time."""

_SEEN_MS = 200
"""What is shown for less than this is not seen."""


@dataclass(frozen=True, slots=True)
class Style:
    """The limits of cues: columns (a Han or Kana character takes two) and lines, characters per second, times."""

    width: int
    lines: int
    characters_per_second: int | None
    min_ms: int
    max_ms: int
    gap_ms: int


STYLES: dict[Preset, Style] = {
    "netflix": Style(42, 2, 20, 833, 7000, 83),
    "netflix-other": Style(42, 2, 17, 833, 7000, 83),
    "bbc": Style(37, 2, 15, 1000, 7000, 0),
    "podcast": Style(32, 2, None, 500, 7000, 0),
    "youtube": Style(42, 2, 25, 1000, 6000, 0),
    "short": Style(24, 2, 25, 700, 5000, 0),
}
"""Netflix's timed text style guides (English, and other Latin languages), the BBC's guidelines (180 words a minute),
the podcast namespace's rule for SubRip, usual limits on YouTube, and of upright short videos."""


@dataclass(frozen=True, slots=True)
class CuePart:
    """What one speaker says in a cue; `label` goes before the first line, which may be empty but for it."""

    name: str | None
    label: str
    lines: tuple[tuple[Unit, ...], ...]

    def texts(self) -> list[str]:
        """The lines as text, the label before the first."""
        first, *others = map(text_of, self.lines)
        return [f"{self.label} {first}".strip(), *others]


@dataclass(frozen=True, slots=True)
class Cue:
    """What is on the screen from `start_ms` to `end_ms`: of one speaker, or of two in a dialogue."""

    start_ms: int
    end_ms: int
    parts: tuple[CuePart, ...]

    @property
    def name(self) -> str | None:
        """Who speaks, None if that is not known."""
        return self.parts[0].name


def find_style(preset: str, width: int = 0) -> Style:
    """The style of that name, of another width if one is given; raises SettingsError for what cannot be."""
    style = STYLES.get(cast("Preset", preset.lower()))
    if style is None:
        raise SettingsError(f"unknown preset {preset!r} of subtitles", nearest(preset, STYLES))
    if width and width < 10:
        raise SettingsError(f"subtitles cannot be {width} columns wide", "Give at least 10, or 0 for the preset's.")
    return replace(style, width=width) if width else style


def make_cues(transcript: Transcript, style: Style, names: str = "never", dialogue: bool = False) -> list[Cue]:
    """The cues of a transcript; their starts rise, and each lasts 1 ms to the style's longest time.

    `names` puts `Name:` before the text: "never", "always", or at "changes", where the speaker is another than in
    the cue before. With `dialogue`, two short cues of different speakers become one. Where people talk at the
    same time, cues of different speakers overlap.
    """
    if names not in get_args(Names):
        raise SettingsError(f"names stand at changes, always or never, not {names!r}", nearest(names, get_args(Names)))
    streams = _streams(transcript, style)
    if not any(name is not None for name, _ in streams):
        names = "never"
    cues = list(_cut(streams, style, names))
    return _timed(list(_dialogues(cues, style)) if dialogue else cues, style)


def timestamp(time_ms: int, point: str) -> str:
    """A time as hours, minutes, seconds and milliseconds, with `point` before the last.

    >>> timestamp(3_723_004, ",")
    '01:02:03,004'
    """
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{point}{milliseconds:03}"


def _streams(transcript: Transcript, style: Style) -> list[tuple[str | None, deque[Sequence[Unit]]]]:
    """What each speaker says, one thing after another, with the name; None for who is not known."""
    streams: dict[str | None, deque[Sequence[Unit]]] = {}
    for one in sorted(utterances(transcript), key=lambda one: one.start):
        units = units_of(one.words, style.width)
        stream = streams.setdefault(speaker_name(transcript, one) or None, deque())
        if not units:
            continue
        if stream and _too_short(stream[-1], units[0], style):
            first = replace(units[0], spaced=space_between(stream[-1][-1].text, units[0].text))
            stream[-1] = (*stream[-1], first, *units[1:])
        else:
            stream.append(units)
    return [(name, stream) for name, stream in streams.items() if stream]


def _too_short(units: Sequence[Unit], after: Unit, style: Style) -> bool:
    """Whether what was said is too short to be a cue of its own, and the same speaker goes on at once."""
    lasts_ms = units[-1].end_ms - units[0].start_ms
    return lasts_ms < style.min_ms and 0 <= after.start_ms - units[-1].end_ms < _JOINED_PAUSE_MS


def _cut(streams: list[tuple[str | None, deque[Sequence[Unit]]]], style: Style, names: str) -> Iterator[Cue]:
    """The cues in order of time, each as long as it is spoken."""
    waiting = [(units[0][0].start_ms, index) for index, (_, units) in enumerate(streams)]
    heapq.heapify(waiting)
    before: str | None = ""
    while waiting:
        start_ms, index = heapq.heappop(waiting)
        name, units = streams[index]
        wanted = names == "always" or (names == "changes" and (name != before or _looks_named(units[0])))
        label = _label(name, style.width) if wanted else ""
        count = _cue_length(units[0], width_of(label), style)
        taken, units[0] = units[0][:count], units[0][count:]
        end_ms = max(start_ms + 1, *(unit.end_ms for unit in taken))
        part = CuePart(name, label, wrap(taken, width_of(label), style.width))
        yield Cue(start_ms, min(end_ms, start_ms + style.max_ms), (part,))
        before = name
        if not units[0]:
            del units[0]
        if units:
            # Never before what this speaker just said, whatever the words' times say.
            heapq.heappush(waiting, (max(units[0][0].start_ms, start_ms + 1), index))


def _looks_named(units: Sequence[Unit]) -> bool:
    """Whether a reader would take the start of the text for a name or a dialogue, unless a name stands before it."""
    text = text_of(units[:8])
    return split_name(text)[0] is not None or text.startswith(("-", "–"))


def _label(name: str | None, width: int) -> str:
    """What stands before a speaker's text, cut to fit on a line; in brackets where a colon would not do."""
    shown = name or UNKNOWN
    if split_name(f"{shown}: x") == (shown, "x"):
        return f"{shown}:" if width_of(shown) < width else f"{shown[: fitting(shown, width - 2)].rstrip()}…:"
    inside = shown.replace("[", "(").replace("]", ")")
    return f"[{inside}]:" if width_of(inside) <= width - 3 else f"[{inside[: fitting(inside, width - 4)].rstrip()}…]:"


def _cue_length(units: Sequence[Unit], label: int, style: Style) -> int:
    """How many of the units the next cue takes: as many as fit, less what reads better in the cue after."""
    fit = 1
    while fit < len(units) and _makes_cue(units[: fit + 1], label, style):
        fit += 1
    if fit == len(units):
        return fit
    return max(range((fit + 2) // 3, fit + 1), key=lambda count: (_break_quality(units, count), count))


def _makes_cue(units: Sequence[Unit], label: int, style: Style) -> bool:
    """Whether the units make one cue."""
    duration_ms = max(unit.end_ms for unit in units) - units[0].start_ms
    return duration_ms <= style.max_ms and fits(units, label, style.width, style.lines)


def _break_quality(units: Sequence[Unit], count: int) -> int:
    """How good it is to end a cue after `count` units: best after a sentence, then a clause or a pause."""
    before, after = units[count - 1], units[count]
    lonely = -2 if len(units) - count < 3 else 0
    if ends_sentence(before.text):
        return 3
    if ends_clause(before.text) or after.start_ms - before.end_ms >= 300:
        return 2 + lonely
    return lonely


def _dialogues(cues: Sequence[Cue], style: Style) -> Iterator[Cue]:
    """The cues, two short ones of different speakers made one, a line for each."""
    held: Cue | None = None
    for cue in cues:
        if held is not None and (pair := _pair(held, cue, style)) is not None:
            held, cue = None, pair
            yield cue
            continue
        if held is not None:
            yield held
        held = cue
    if held is not None:
        yield held


def _pair(first: Cue, second: Cue, style: Style) -> Cue | None:
    """The two as a dialogue, if they are short, follow each other at once and fit."""
    short = min(first.end_ms - first.start_ms, second.end_ms - second.start_ms) < style.min_ms
    near = 0 <= second.start_ms - first.end_ms < _JOINED_PAUSE_MS and first.name != second.name
    end_ms = max(first.end_ms, second.end_ms)
    if not (short and near and style.lines >= 2 and end_ms - first.start_ms <= style.max_ms):
        return None
    own = (first.parts[0], second.parts[0])
    labelled = any(part.label for part in own)
    labels = (part.label or (_label(part.name, style.width) if labelled else "") for part in own)
    parts = tuple(replace(part, label=f"- {label}".rstrip()) for part, label in zip(own, labels, strict=True))
    narrow = all(len(part.lines) == 1 and width_of(part.texts()[0]) <= style.width for part in parts)
    return Cue(first.start_ms, end_ms, parts) if narrow else None


def _timed(cues: Sequence[Cue], style: Style) -> list[Cue]:
    """The cues shown long enough to be read, as far as there is room, with a gap before the next."""
    timed: list[Cue] = []
    later: dict[str | None, int] = {}  # when each speaker's next cue starts
    next_ms: int | None = None
    for cue in reversed(cues):
        end_ms = cue.end_ms
        own_ms = min((later[part.name] for part in cue.parts if part.name in later), default=None)
        if next_ms is None or next_ms >= end_ms or end_ms - cue.start_ms < _SEEN_MS:
            end_ms = min(max(end_ms, cue.start_ms + _reading_ms(cue.parts, style)), cue.start_ms + style.max_ms)
            if next_ms is None or next_ms - cue.start_ms >= _SEEN_MS:  # else it is shown beside the other's cue
                own_ms = next_ms
        if own_ms is not None:
            end_ms = _before(own_ms, cue.start_ms, end_ms, style.gap_ms)
        timed.append(replace(cue, end_ms=end_ms))
        next_ms = cue.start_ms
        later.update((part.name, cue.start_ms) for part in cue.parts)
    return timed[::-1]


def _before(next_ms: int, start_ms: int, end_ms: int, gap_ms: int) -> int:
    """The end, moved to leave a gap before what comes next; to just before it, if too little would be left."""
    if next_ms - gap_ms - start_ms >= gap_ms:
        return min(end_ms, next_ms - gap_ms)
    return max(start_ms + 1, min(end_ms, next_ms))


def _reading_ms(parts: Iterable[CuePart], style: Style) -> int:
    """How long it takes to read the lines."""
    characters = sum(len(text) for part in parts for text in part.texts())
    speed = style.characters_per_second
    return max(style.min_ms, -(-characters * 1000 // speed) if speed else 0)
