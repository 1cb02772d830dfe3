"""SubRip subtitles: numbered cues, with the speaker's name at each change of speaker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, chain

from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.cues import Cue, Names, Preset, find_style, make_cues, timestamp
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.highlighted_cues import merge_highlighted
from meetscribe.formats.parts.names import colon_label, is_name
from meetscribe.formats.parts.parsed_cues import ParsedCue, merge_rolling, parse_cues, segments_from_cues
from meetscribe.transcript import Transcript

_ARROW = re.compile("-{2,}>")
_TAG = re.compile(r"</?(?:[bius]|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_FIRST = re.compile(r"\s*(?:\d+\s*\n)?\s*[\d:]+[,.]\d{1,3}\s*--?>")


def matches(document: Document) -> bool:
    """Return whether the file starts with a SubRip cue."""
    return _FIRST.match(document.head) is not None


def read(document: Document) -> Transcript:
    """Read a segment per cue; raises InputError naming the line.

    A name in brackets or before a colon is the speaker until the next name. Tags such as `<i>` are dropped, and rolling
    captions are read once. So is text shown once per word with that word underlined, which gives the words their times.
    In a file without cue numbers, as from Teams, a name may be the first line of each cue.
    """
    lines = (
        (number, _TAG.sub(_underline_only, line)) for number, line in enumerate(document.text.split("\n"), start=1)
    )
    cues = merge_rolling(merge_highlighted(parse_cues(lines, document)))
    numbered = re.match(r"\s*\d+\s*\n", document.text)
    return assemble(segments_from_cues(cues if numbered else _with_headings(cues), document))


def _underline_only(tag: re.Match[str]) -> str:
    """Return a tag that underlines, which may mark the word that is spoken; drop any other."""
    return tag[0] if tag[0].lower() in ("<u>", "</u>") else ""


def _with_headings(cues: list[ParsedCue]) -> list[ParsedCue]:
    """If the first line of every cue is a name, return the cues with the names before their texts."""
    firsts = [cue.lines[0] if len(cue.lines) > 1 else "" for cue in cues]
    names = [first.strip() for first in firsts]
    counts = Counter(names)
    if not all(name and name[-1] not in ".?!…,:" and (is_name(name) or counts[name] > 1) for name in names):
        return cues
    return [
        replace(cue, lines=(colon_label(name, cue.lines[1]), *cue.lines[2:]))
        for name, cue in zip(names, cues, strict=True)
    ]


def write(
    transcript: Transcript,
    *,
    preset: Preset = "netflix",
    width: int = 0,
    names: Names = "changes",
    dialogue: bool = False,
    highlight: bool = False,
) -> str:
    """Write SubRip within the limits of a `preset`; a `width` other than 0 replaces its number of columns.

    `names` precede the text at "changes", "always" or "never"; with `dialogue`, two adjacent cues of different
    speakers, one of them very short, share one cue, one line each; with `highlight`, there is a cue per word, with that
    word underlined. Arrows in the text, which would end it, become `→`, and the brackets of tags become `‹›`.
    """
    cues: Iterable[Cue] = make_cues(transcript, find_style(preset, width), names, dialogue)
    shown = chain.from_iterable(map(_by_word, cues)) if highlight else map(_plain, cues)
    return "\n".join(
        f"{number}\n{timestamp(start_ms, ',')} --> {timestamp(end_ms, ',')}\n{text}\n"
        for number, (start_ms, end_ms, text) in enumerate(shown, start=1)
    )


def _plain(cue: Cue) -> tuple[int, int, str]:
    """Return a cue's times and text."""
    lines = [_escape(text) for part in cue.parts for text in part.texts()]
    return cue.start_ms, cue.end_ms, "\n".join(lines)


def _by_word(cue: Cue) -> Iterator[tuple[int, int, str]]:
    """Yield the cue once per word, until the next word, with that word underlined."""
    units = [unit for part in cue.parts for line in part.lines for unit in line]
    starts = [min(max(unit.start_ms, cue.start_ms), cue.end_ms) for unit in units]
    # The first word starts with the cue, and no word before the previous one.
    starts = list(accumulate(starts[1:], max, initial=cue.start_ms))
    for position, (start_ms, end_ms) in enumerate(zip(starts, [*starts[1:], cue.end_ms], strict=True)):
        if end_ms > start_ms:
            yield start_ms, end_ms, _marked(cue, position)


def _marked(cue: Cue, position: int) -> str:
    """Return the text of a cue with the unit at `position` underlined."""
    lines: list[str] = []
    for part in cue.parts:
        for number, line in enumerate(part.lines):
            text = f"{_escape(part.label)} " if number == 0 and part.label else ""
            for index, unit in enumerate(line):
                text += " " if unit.spaced and index else ""
                text += f"<u>{_escape(unit.text)}</u>" if position == 0 else _escape(unit.text)
                position -= 1
            lines.append(text.rstrip())
    return "\n".join(lines)


def _escape(text: str) -> str:
    """Replace arrows and tags, which players would interpret."""
    return _TAG.sub(lambda mark: f"‹{mark[0][1:-1]}›", _ARROW.sub("→", text))
