"""WebVTT (W3C) subtitles, each cue with its speaker as a voice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import groupby

from meetscribe.formats.building import Heard, assemble, segment_of_words
from meetscribe.formats.cues import Cue, make_cues, timestamp
from meetscribe.formats.document import Document
from meetscribe.formats.languages import code_of
from meetscribe.formats.subtitles import STAMP, FoundCue, blocks, cue_of, seconds_of, segments_of, share_cue
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.plain import one_line
from meetscribe.transcript.splitting import split_words

_LANGUAGE = re.compile(r"(?:NOTE\s+)?language:\s*([\w-]+)", re.IGNORECASE)
_TAG = re.compile(r"<([^<>]*)>")
_VOICE = re.compile(r"v(?:\.\S*)?\s+(.+)", re.DOTALL)


def claims(document: Document) -> bool:
    """Whether the file starts as WebVTT does."""
    return re.match(r"WEBVTT(?:\s|$)", document.head) is not None


def read(document: Document) -> Transcript:
    """The transcript of WebVTT, a segment for each voice of each cue; raises InputError naming the line.

    A voice that is not closed holds until the next, as podcasts write it; a file without voices may name its
    speakers as SubRip does. Times inside a cue are those of the words after them.
    """
    language = None
    cues: list[FoundCue] = []
    for number, block in blocks(document):
        if number == 1 or block[0].split()[0] in ("NOTE", "STYLE", "REGION"):
            found = [match[1] for line in block if (match := _LANGUAGE.match(line.strip()))]
            language = language or next(map(code_of, found), None)
        elif any("-->" in line for line in block[:2]) or not cues:
            cues.append(cue_of(block, f"{document.name}, line {number}"))
    if any(_VOICE.fullmatch(tag) for cue in cues for line in cue.lines for tag in _TAG.findall(line)):
        return assemble(_voiced(cues), language)
    plain = [FoundCue(cue.start, cue.end, tuple(unescape(_TAG.sub("", line)) for line in cue.lines)) for cue in cues]
    return assemble(segments_of(plain), language)


def write(transcript: Transcript) -> str:
    """The transcript as WebVTT; `&`, `<` and `>` of text and names become character references."""
    head = f"WEBVTT\n\nNOTE language: {transcript.language}\n"
    return "\n".join([head, *map(_block, make_cues(transcript, named=False))])


def _block(cue: Cue) -> str:
    """A cue, its speaker named by `<v>` if that is known."""
    times = f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}"
    text = "\n".join(map(_escape, cue.lines))
    if cue.name is not None:
        text = f"<v {_escape(cue.name)}>{text}</v>"
    return f"{times}\n{text}\n"


def _escape(text: str) -> str:
    return escape(text, quote=False)


def _voiced(cues: list[FoundCue]) -> Iterator[Segment | None]:
    """The segments of cues with voices."""
    held: str | None = None
    for cue in cues:
        pieces: list[tuple[str | None, Seconds | None, str]] = []  # speaker, when its first word starts, text
        speaker, since = held, None
        for index, part in enumerate(_TAG.split("\n".join(cue.lines))):
            if index % 2 == 0:
                pieces.append((speaker, since, unescape(part)))
                since = None if part.strip() else since
            elif voice := _VOICE.fullmatch(part):
                speaker = held = one_line(unescape(voice[1])) or None
            elif part == "/v":
                speaker = held = None
            elif stamp := re.fullmatch(STAMP, part):
                since = seconds_of(stamp.groups())
        yield from _segments(cue, pieces)


def _segments(cue: FoundCue, pieces: list[tuple[str | None, Seconds | None, str]]) -> Iterator[Segment | None]:
    """The segments of a cue's pieces: by the times in it where it has some, else its time is shared out."""
    said = [piece for piece in pieces if piece[2].strip()]
    runs = [(speaker, list(run)) for speaker, run in groupby(said, key=lambda piece: piece[0])]
    if all(since is None for _, since, _ in said):
        yield from share_cue(cue, [(speaker, " ".join(text for *_, text in run)) for speaker, run in runs])
        return
    ends = [*(since for _, since, _ in said[1:]), cue.end]
    words = [
        Heard(text, since if place == 0 else None, end, speaker)
        for (speaker, since, piece), end in zip(said, ends, strict=True)
        for place, text in enumerate(split_words(piece))
    ]
    for _, run in groupby(words, key=lambda word: word.speaker):
        yield segment_of_words(run, cue.start, cue.end)
