"""Plain text for qualitative analysis, laid out as MAXQDA, ATLAS.ti and NVivo import transcripts with times."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript

Layout: TypeAlias = Literal["maxqda", "atlasti", "nvivo"]


def write(transcript: Transcript, *, layout: Layout = "maxqda") -> str:
    """A paragraph per speaker, which names it; an empty line between two.

    For MAXQDA and ATLAS.ti it starts with a time as f4 writes it, `#00:01:02-3#`; for NVivo it is a row of time
    span, text and speaker between tabs, under a header. Raises SettingsError for an unknown layout.
    """
    if layout not in get_args(Layout):
        raise SettingsError(f"unknown layout {layout!r} for qualitative analysis", nearest(layout, get_args(Layout)))
    spoken = sorted(paragraphs(transcript), key=lambda one: one.start)
    if layout == "nvivo":
        return "Timespan\tContent\tSpeaker\n" + "".join(_row(transcript, one) for one in spoken)
    return "\n".join(_paragraph(transcript, one) for one in spoken)


def _row(transcript: Transcript, one: Segment) -> str:
    span = f"{_clock(one.start, '.')} - {_clock(one.end, '.')}"
    return f"{span}\t{one_line(one.text)}\t{speaker_name(transcript, one)}\n"


def _paragraph(transcript: Transcript, one: Segment) -> str:
    name = speaker_name(transcript, one)
    said = f"{name}: {one_line(one.text)}" if name else one_line(one.text)
    return f"#{_clock(one.start, '-')}# {said}\n"


def _clock(time: Seconds, point: str) -> str:
    """Hours of two digits, minutes, seconds and tenths."""
    tenths = int(time * 10 + 0.5)
    minutes, tenths = divmod(tenths, 600)
    return f"{minutes // 60:02}:{minutes % 60:02}:{tenths // 10:02}{point}{tenths % 10}"
