"""WebVTT (W3C) subtitles, each cue with its speaker as a voice."""

from __future__ import annotations

from html import escape

from meetscribe.formats.cues import Cue, make_cues, timestamp
from meetscribe.transcript import Transcript


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
