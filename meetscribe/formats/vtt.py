"""WebVTT (W3C) subtitles, with the speaker of each cue as a voice span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape, unescape
from itertools import groupby, pairwise

from meetscribe.formats.parts.building import assemble, segment_from_starts
from meetscribe.formats.parts.cues import Cue, Preset, find_style, make_cues, timestamp
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.highlighted_cues import merge_highlighted
from meetscribe.formats.parts.meeting import read_date
from meetscribe.formats.parts.parsed_cues import (
    STAMP,
    ParsedCue,
    divide_cue,
    is_dialogue,
    merge_rolling,
    parse_cues,
    parse_stamp,
    segments_from_cues,
)
from meetscribe.markup.colors import speaker_color
from meetscribe.text.languages import code_of
from meetscribe.text.splitting import split_words
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Segment, Transcript

_FACT = re.compile(r"NOTE (title|date): (.+)")
_LANGUAGE = re.compile(r"(?:NOTE\s+)?language:\s*([\w-]+)", re.IGNORECASE)
_TAG = re.compile(r"<([^<>]*)>")
_RUBY = re.compile(r"<rt>.*?(?:</rt>|$)")
_VOICE = re.compile(r"v(?:\.\S*)?\s+(.+)", re.DOTALL)


def matches(document: Document) -> bool:
    """Return whether the file starts with the signature of WebVTT."""
    return re.match(r"WEBVTT(?:\s|$)", document.head) is not None


def read(document: Document) -> Transcript:
    """Read a segment per voice span of each cue; raises InputError naming the line.

    A voice span ends with its cue, unless the file names a voice only where it changes (`_voices_hold`). A file without
    voice spans may name its speakers as in SubRip. Timestamps within a cue are the starts of the words after them;
    rolling captions are read once, and so is text shown once per word with that word underlined. Text below a blank
    line in a cue is kept and reported, unless it looks like the identifier of a cue.
    """
    language = None
    facts: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    for block in _blocks(document):
        if block[0][1].split()[:1] in (["NOTE"], ["STYLE"], ["REGION"], ["WEBVTT"]):
            found = [match[1] for _, line in block if (match := _LANGUAGE.match(line.strip()))]
            language = language or next(map(code_of, found), None)
            facts |= {match[1]: match[2] for _, line in block if (match := _FACT.fullmatch(line.strip()))}
        else:
            lines += [*block, (block[-1][0] + 1, "")]
    cues = parse_cues(lines, document, blanks=False)
    if any(_voices(cue) for cue in cues):
        segments = _voiced(cues, document)  # captions with voice spans do not roll
    else:
        rolled = merge_rolling(merge_highlighted(cues), lambda line: unescape(_TAG.sub("", line)))
        segments = iter(segments_from_cues(map(_plain, rolled), document, expect_each=True))
    transcript = assemble(segments, language)
    return transcript.with_meta(title=facts.get("title"), recorded_at=read_date(facts.get("date")))


def _blocks(document: Document) -> Iterator[list[tuple[int, str]]]:
    """Yield the numbered lines between empty lines, without ruby text; the header is a separate block."""
    numbered = [(number, _RUBY.sub("", line)) for number, line in enumerate(document.text.split("\n"), start=1)]
    header = next((position for position, (_, line) in enumerate(numbered) if not line or "-->" in line), len(numbered))
    if any(line.strip() for _, line in numbered[:header]):
        yield numbered[:header]
    for empty, run in groupby(numbered[header:], key=lambda row: not row[1]):
        block = list(run)
        if not empty and any(line.strip() for _, line in block):
            yield block


def _plain(cue: ParsedCue) -> ParsedCue:
    """Return the cue without tags; unless it has starts of words, a timestamp is the start of the word after it."""
    if cue.starts:
        return replace(cue, lines=tuple(unescape(_TAG.sub("", line)) for line in cue.lines))
    starts: list[Seconds | None] = []
    start: Seconds | None = None
    for index, part in enumerate(_TAG.split("\n".join(cue.lines))):
        if index % 2 == 0:
            words = split_words(unescape(part))
            starts += [start, *[None] * (len(words) - 1)] if words else []
            start = None if words else start
        elif stamp := re.fullmatch(STAMP, part):
            start = parse_stamp(stamp.groups())
    lines = tuple(unescape(_TAG.sub("", line)) for line in cue.lines)
    complete = any(start is not None for start in starts) and len(starts) == len(split_words(" ".join(lines)))
    return ParsedCue(cue.start, cue.end, lines, tuple(starts) if complete else ())


def write(
    transcript: Transcript,
    *,
    preset: Preset = "netflix",
    width: int = 0,
    dialogue: bool = False,
    highlight: bool = False,
    colors: bool = False,
) -> str:
    """Write WebVTT within the limits of a `preset`; a `width` other than 0 replaces its number of columns.

    Every cue of a known speaker has a voice span.

    With `dialogue`, two adjacent cues of different speakers, one of them very short, share one cue; with `highlight`,
    timestamps precede the words after the first; with `colors`, a STYLE block gives each speaker a colour. `&`, `<` and
    `>` become character references.
    """
    cues = make_cues(transcript, find_style(preset, width), dialogue=dialogue)
    facts = {"language": transcript.language, "title": transcript.meta.title, "date": transcript.meta.recorded_at}
    heads = ["WEBVTT\n", *(f"NOTE {name}: {_note(value)}\n" for name, value in facts.items() if value)]
    if colors and (styles := _styles(cues)):
        heads.insert(1, styles)
    return "\n".join([*heads, *(_block(cue, highlight) for cue in cues)])


def _note(text: str) -> str:
    """Return the text for a NOTE: on one line, without an arrow, which would start a cue."""
    return re.sub("-{2,}>", "->", one_line(text))


def _styles(cues: list[Cue]) -> str:
    """Return a STYLE block with a colour per speaker; empty without speakers."""
    names = dict.fromkeys(part.name for cue in cues for part in cue.parts if part.name is not None)
    rules = (
        f'::cue(v[voice="{_css(name)}"]) {{ color: {speaker_color(position)} }}\n'
        for position, name in enumerate(names)
    )
    text = "".join(rules)
    return f"STYLE\n{text}" if text else ""


def _css(text: str) -> str:
    """Escape text for a CSS string: everything but letters and digits as code points."""
    return "".join(character if character.isalnum() else f"\\{ord(character):x} " for character in text)


def _block(cue: Cue, highlight: bool) -> str:
    """Return a cue, with a voice span per known speaker."""
    times = f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}"
    last_ms = cue.start_ms
    texts: list[str] = []
    for part in cue.parts:
        lines: list[str] = []
        for line in part.lines:
            text = ""
            for position, unit in enumerate(line):
                text += " " if position and unit.spaced else ""
                if highlight and last_ms < unit.start_ms < cue.end_ms:
                    text += f"<{timestamp(unit.start_ms, '.')}>"
                    last_ms = unit.start_ms
                text += _escape(unit.text)
            lines.append(text)
        joined = "\n".join(filter(None, lines))
        texts.append(joined if part.name is None else f"<v {_escape(part.name)}>{joined}</v>")
    text = "\n".join(f"- {text}" for text in texts) if len(texts) > 1 else texts[0]
    return f"{times}\n{text}\n"


def _escape(text: str) -> str:
    return escape(text, quote=False)


def _voices(cue: ParsedCue) -> list[str]:
    """Return the voices of a cue's spans."""
    tags = (tag for line in cue.lines for tag in _TAG.findall(line))
    return [one_line(unescape(voice[1])) for tag in tags if (voice := _VOICE.fullmatch(tag))]


def _voices_hold(cues: list[ParsedCue]) -> bool:
    """Return whether a voice is named only where it changes, as in the podcast namespace (its transcripts.md).

    No span is closed, no voice is repeated in the next cue, and at least half of the cues have no voice. Otherwise
    the speaker of a cue without a voice is unknown.
    """
    voices = [_voices(cue) for cue in cues if cue.lines]
    closed = any("</v>" in line for cue in cues for line in cue.lines)
    repeated = any(before and after and before[-1] == after[0] for before, after in pairwise(voices))
    return not closed and not repeated and 2 * sum(not names for names in voices) >= len(voices)


def _voiced(cues: list[ParsedCue], document: Document) -> Iterator[Segment | None]:
    """Yield the segments of cues in a file with voice spans.

    Cues without a voice are reported if no span is closed, unless a voice holds (`_voices_hold`).
    """
    last_voice: str | None = None
    voices_hold = _voices_hold(cues)
    unnamed = sum(bool(cue.lines) and not _voices(cue) for cue in cues)
    if unnamed and not voices_hold and not any("</v>" in line for cue in cues for line in cue.lines):
        problem = f": {unnamed} of {len(cues)} cues name no speaker; their words have none"
        document.notice("formats.unnamed-cues", problem, {"cues": unnamed, "of": len(cues)})
    for cue in cues:
        last_voice = last_voice if voices_hold else None
        pieces: list[tuple[str | None, Seconds | None, str]] = []  # speaker, start of its first word, text
        speaker, start = last_voice, None
        lines = cue.lines
        if is_dialogue(lines) and any("<v" in line for line in lines):
            lines = tuple(line.lstrip()[1:] for line in lines)
        for index, part in enumerate(_TAG.split("\n".join(lines))):
            if index % 2 == 0:
                pieces.append((speaker, start, unescape(part)))
                start = None if part.strip() else start
            elif voice := _VOICE.fullmatch(part):
                speaker = last_voice = one_line(unescape(voice[1])) or None
            elif part == "/v":
                speaker = last_voice = None
            elif stamp := re.fullmatch(STAMP, part):
                start = parse_stamp(stamp.groups())
        yield from _segments(cue, pieces)


def _segments(cue: ParsedCue, pieces: list[tuple[str | None, Seconds | None, str]]) -> Iterator[Segment | None]:
    """Yield the segments of a cue's pieces, timed by the timestamps within it or in proportion to their letters."""
    nonempty = [piece for piece in pieces if piece[2].strip()]
    runs = [(speaker, list(run)) for speaker, run in groupby(nonempty, key=lambda piece: piece[0])]
    if all(text_start is None for _, text_start, _ in nonempty):
        yield from divide_cue(cue, [(speaker, " ".join(text for *_, text in run)) for speaker, run in runs])
        return
    begins = [next((text_start for _, text_start, _ in run if text_start is not None), None) for _, run in runs]
    ends = [*(begin if begin is not None else cue.end for begin in begins[1:]), cue.end]
    start = cue.start
    for (speaker, run), end in zip(runs, ends, strict=True):
        words = [(text_start, split_words(text)) for _, text_start, text in run]
        starts = [one for text_start, texts in words for one in (text_start, *[None] * (len(texts) - 1))]
        yield segment_from_starts([text for _, texts in words for text in texts], starts, Span(start, end), speaker)
        start = end
