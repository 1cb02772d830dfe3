"""A transcript as lines of text and as an HTML table for notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from meetscribe.markup.colors import speaker_color
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment

TABLE_ROWS = 20
"""The most segments in the table, so that a notebook stays readable."""


def clock(time: Seconds) -> str:
    """Format a time as hours, minutes, seconds and tenths.

    >>> clock(62.35), clock(3599.96)
    ('0:01:02.4', '1:00:00.0')
    """
    # Round to tenths first: rounding the seconds alone could print 60.0.
    tenths = int(time * 10 + 0.5)
    minutes, tenths = divmod(tenths, 600)
    return f"{minutes // 60}:{minutes % 60:02}:{tenths // 10:02}.{tenths % 10}"


def lines(transcript: Transcript) -> Iterator[str]:
    """Yield a line per segment: start, speaker if known, and text."""
    transcript = transcript.edited()
    for segment in transcript.segments:
        name = shown_name(transcript, segment.speaker)
        said = one_line(segment.text)
        yield f"[{clock(segment.start)}] {name}: {said}" if name else f"[{clock(segment.start)}] {said}"


def shown_name(transcript: Transcript, label: str | None) -> str:
    """Return the name to show for a speaker's label, on one line; empty if the speaker is unknown."""
    return "" if label is None else one_line(transcript.name_of(label)) or one_line(label)


def html_table(transcript: Transcript) -> str:
    """Return the first segments as an HTML table, escaped, each speaker in a colour."""
    transcript = transcript.edited()
    places = {label: place for place, label in enumerate(transcript.speakers)}
    shown = transcript.segments[:TABLE_ROWS]
    rows = [_row(transcript, segment, places) for segment in shown]
    hidden = len(transcript.segments) - len(shown)
    if hidden > 0:
        rows.append(f'<tr><td colspan="3">… and {hidden} more</td></tr>')
    facts = f"{clock(transcript.duration)}, {transcript.language}, {len(transcript.words)} words"
    head = "<thead><tr><th>time</th><th>speaker</th><th>text</th></tr></thead>"
    return f"<table><caption>{facts}</caption>{head}<tbody>{''.join(rows)}</tbody></table>"


def _row(transcript: Transcript, segment: Segment, places: Mapping[str, int]) -> str:
    """Return a segment's row, with the speaker's colour beside the name, which stays readable on any background."""
    label = segment.speaker
    color = "transparent" if label is None else speaker_color(places[label], 0.6)
    bar = f"border-left: 4px solid {color}; padding-left: 0.5em; text-align: left"
    return (
        f"<tr><td>{clock(segment.start)}</td>"
        f'<td style="{bar}">{escape(shown_name(transcript, label))}</td>'
        f'<td style="text-align: left" dir="auto">{escape(one_line(segment.text))}</td></tr>'
    )
