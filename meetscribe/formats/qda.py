"""Plain text for qualitative analysis, in the layouts that MAXQDA, ATLAS.ti and NVivo import with times."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript

Layout: TypeAlias = Literal["maxqda", "atlasti", "nvivo"]


def write(transcript: Transcript, *, layout: Layout = "maxqda") -> str:
    """Write a paragraph per speaker, with its start and name.

    For MAXQDA and ATLAS.ti, paragraphs start with f4's time marks, `#00:01:02-3#`; for NVivo, rows hold time span, text
    and speaker, separated by tabs, below a header. Raises SettingsError for an unknown layout.
    """
    if layout not in get_args(Layout):
        raise SettingsError(f"unknown layout {layout!r} for qualitative analysis", nearest(layout, get_args(Layout)))
    ordered = sorted(paragraphs(transcript), key=lambda paragraph: paragraph.start)
    if layout == "nvivo":
        return "Timespan\tContent\tSpeaker\n" + "".join(_row(transcript, paragraph) for paragraph in ordered)
    return "\n".join(_paragraph(transcript, paragraph) for paragraph in ordered)


def _row(transcript: Transcript, paragraph: Segment) -> str:
    span = f"{_clock(paragraph.start, '.')} - {_clock(paragraph.end, '.')}"
    return f"{span}\t{one_line(paragraph.text)}\t{speaker_name(transcript, paragraph)}\n"


def _paragraph(transcript: Transcript, paragraph: Segment) -> str:
    name = speaker_name(transcript, paragraph)
    line = f"{name}: {one_line(paragraph.text)}" if name else one_line(paragraph.text)
    return f"#{_clock(paragraph.start, '-')}# {line}\n"


def _clock(time: Seconds, point: str) -> str:
    """Format a time as two-digit hours, minutes, seconds and tenths."""
    tenths = int(time * 10 + 0.5)
    minutes, tenths = divmod(tenths, 600)
    return f"{minutes // 60:02}:{minutes % 60:02}:{tenths // 10:02}{point}{tenths % 10}"
