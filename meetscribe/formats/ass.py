"""Advanced SubStation Alpha subtitles: a style and an actor per speaker, with optional karaoke highlighting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.cues import Cue, CuePart, Names, Preset, find_style, make_cues
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import UNKNOWN, split_name
from meetscribe.markup.colors import speaker_color
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript

_HEAD = """\
[Script Info]
ScriptType: v4.00+
WrapStyle: 2
ScaledBorderAndShadow: yes
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
"""
_EVENTS = "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
_STYLE = "Style: {name},Arial,44,{color},&H00AAAAAA,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,1,2,40,40,30,1\n"
_TIME = re.compile(r"(\d{1,5}):(\d{1,2}):(\d{1,2})[.:](\d{1,3})")
_COLUMNS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}.*?(?:\{[^{}]*\\p0[^{}]*\}|$)")
_JOINER = "\u2060"  # invisible; keeps a backslash from forming an escape with the next letter


def matches(document: Document) -> bool:
    """Return whether the file starts with the first section of SubStation Alpha."""
    return re.match(r"\[Script Info\]", document.head, re.IGNORECASE) is not None


def read(document: Document) -> Transcript:
    """Read the dialogue lines as segments; the actor is the speaker, and override tags are dropped.

    The actor's name is removed from the start of the text. A line without a valid start is placed after the previous
    line, a line without a valid end ends at its start; both are reported.
    """
    columns = _COLUMNS
    segments: list[Segment | None] = []
    previous_end = 0.0
    for number, line in enumerate(document.text.split("\n"), start=1):
        key, _, rest = line.partition(":")
        if key == "Format" and "text" in rest.lower():
            columns = [column.strip().lower() for column in rest.split(",")]
        elif key == "Dialogue":
            fields = dict(zip(columns, rest.split(",", len(columns) - 1), strict=False))
            start, end = (_seconds(fields.get(name, "")) for name in ("start", "end"))
            if start is None or end is None or end < start:
                problem = (
                    "invalid times; the line was placed after the previous one" if start is None else "invalid end"
                )
                document.notice("formats.cue-times", f", line {number}: {problem}", {"line": number})
            start = previous_end if start is None else start
            end = previous_end = max(start, end or start)
            speaker = one_line(fields.get("name", fields.get("actor", ""))).replace("，", ",") or None  # see `_event`
            text = _spoken_text(fields.get("text", ""))
            name, spoken = split_name(text)
            segments.append(segment_from_text(spoken if name == (speaker or UNKNOWN) else text, start, end, speaker))
    return assemble(segments)


def write(
    transcript: Transcript,
    *,
    preset: Preset = "netflix",
    width: int = 0,
    names: Names = "never",
    highlight: bool = False,
) -> str:
    """Write ASS subtitles within the limits of a `preset`; a `width` other than 0 replaces its number of columns.

    Each speaker has a coloured style and is the actor of its lines; `names` also puts the name before the text at
    "changes" or "always". With `highlight`, words are highlighted while spoken. Times are in hundredths of a second.
    """
    cues = make_cues(transcript, find_style(preset, width), names)
    speakers = dict.fromkeys(part.name for cue in cues for part in cue.parts if part.name is not None)
    styles = {name: f"Speaker {index}" for index, name in enumerate(speakers, start=1)}
    rows = [_STYLE.format(name="Default", color="&H00FFFFFF")]
    rows += [_STYLE.format(name=style, color=_bgr(speaker_color(index))) for index, style in enumerate(styles.values())]
    events = (_event(cue, part, styles, highlight) for cue in cues for part in cue.parts)
    return _HEAD + "".join(rows) + _EVENTS + "".join(events)


def _event(cue: Cue, part: CuePart, styles: dict[str, str], highlight: bool) -> str:
    start_cs = cue.start_ms // 10
    end_cs = max(start_cs + 1, -(-cue.end_ms // 10))
    style = styles[part.name] if part.name else "Default"
    actor = (part.name or "").replace(",", "，")  # a comma would end the field
    text = r"\N".join(_lines(cue, part, highlight))
    return f"Dialogue: 0,{_clock(start_cs)},{_clock(end_cs)},{style},{actor},0,0,0,,{text}\n"


def _lines(cue: Cue, part: CuePart, highlight: bool) -> Iterator[str]:
    """Yield the lines of a cue part; with `highlight`, each word follows a tag with its duration in hundredths."""
    if not highlight:
        yield from map(_escape, part.texts())
        return
    now_cs = cue.start_ms // 10
    for number, line in enumerate(part.lines):
        text = f"{_escape(part.label)} " if number == 0 and part.label else ""
        for index, unit in enumerate(line):
            until_cs = max(now_cs, min(unit.end_ms, cue.end_ms) // 10)
            space = " " if index and unit.spaced else ""
            text += f"{{\\k{until_cs - now_cs}}}{space}{_escape(unit.text)}"
            now_cs = until_cs
        yield text if line else _escape(part.label)


def _escape(text: str) -> str:
    """Escape braces and backslashes, so that players display them."""
    return text.replace("\\", "\\" + _JOINER).replace("{", "\\{").replace("}", "\\}")


def _spoken_text(text: str) -> str:
    """Return the text of an event without override tags and drawings."""
    # Characters for private use take the place of escaped braces.
    hidden = _DRAWING.sub("", text.replace("\\{", "\ue000").replace("\\}", "\ue001"))
    shown = re.sub(r"\{[^{}]*\}", "", hidden)
    shown = re.sub(r"\\[Nnh]", " ", shown).replace("\\" + _JOINER, "\\")
    return shown.replace("\ue000", "{").replace("\ue001", "}")


def _seconds(text: str) -> Seconds | None:
    match = _TIME.fullmatch(text.strip())
    return match and int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3]) + int(match[4].ljust(3, "0")) / 1000


def _clock(hundredths: int) -> str:
    minutes, hundredths = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def _bgr(color: str) -> str:
    """Return a colour #rrggbb in the notation of ASS, &H00BBGGRR."""
    return f"&H00{color[5:7]}{color[3:5]}{color[1:3]}".upper()
