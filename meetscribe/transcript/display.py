"""Display of a transcript: lines of text, and an HTML timeline and table for notebooks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape

from meetscribe.markup.colors import chart_color
from meetscribe.markup.svg import Lane, timeline_svg
from meetscribe.text.counting import counted
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span, intersection, overlapping, total, union
from meetscribe.transcript.turns import turns_of
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment

TABLE_ROWS = 20
"""The maximum number of segments in the table."""

_MAX_LANES = 20  # speakers in the timeline
_MAX_NAME_LENGTH = 22  # characters of a name beside a lane


def clock(time: Seconds) -> str:
    """Format a time as hours, minutes, seconds and tenths.

    >>> clock(62.35), clock(3599.96)
    ('0:01:02.4', '1:00:00.0')
    """
    # Round to tenths first: rounding the seconds alone could print 60.0.
    tenths = int(time * 10 + 0.5)
    minutes, tenths = divmod(tenths, 600)
    return f"{minutes // 60}:{minutes % 60:02}:{tenths // 10:02}.{tenths % 10}"


def facts(transcript: Transcript) -> str:
    """Return the duration, the language and the numbers of speakers and words on one line."""
    edited = transcript.edited()
    speakers, words = counted(len(edited.speakers), "speaker"), counted(len(edited.words), "word")
    return f"{clock(edited.duration)}, {edited.language}, {speakers}, {words}"


def lines(transcript: Transcript) -> Iterator[str]:
    """Yield a line per segment: start, speaker if known, and text."""
    transcript = transcript.edited()
    for segment in transcript.segments:
        name = shown_name(transcript, segment.speaker)
        text = one_line(segment.text)
        yield f"[{clock(segment.start)}] {name}: {text}" if name else f"[{clock(segment.start)}] {text}"


def shown_name(transcript: Transcript, label: str | None) -> str:
    """Return the name to display for a speaker's label, on one line; empty if the speaker is unknown."""
    return "" if label is None else one_line(transcript.name_of(label)) or one_line(label)


def html_timeline(transcript: Transcript) -> str:
    """Return an SVG timeline with a lane per speaker and the shares of talk time; empty without speakers.

    Speakers are ordered by talk time; at most twenty are shown, in the colours of the table and of `meetscribe.plots`.
    Overlapping speech is marked.
    """
    transcript = transcript.edited()
    turns = turns_of(transcript)
    labels = dict.fromkeys([*transcript.speakers, *(turn.speaker for turn in turns)])
    speech: dict[str, list[Span]] = {label: [] for label in labels}
    for turn in turns:
        speech[turn.speaker].append(turn.span)
    indices = {label: index for index, label in enumerate(labels)}
    times = {label: total(spans) for label, spans in speech.items()}
    all_speech = math.fsum(times.values())
    if not all_speech:
        return ""
    spans = {label: union(each) for label, each in speech.items()}
    overlap = overlapping(spans.values())
    lanes = [
        Lane(
            f"{_short(shown_name(transcript, label))} {times[label] / all_speech:.0%}",
            chart_color(indices[label]),
            spans[label],
            intersection(spans[label], overlap),
        )
        for label in sorted(times, key=lambda label: -times[label])[:_MAX_LANES]
    ]
    end = max([transcript.duration, *(turn.end for turn in turns)])
    return timeline_svg(lanes, end, "Who speaks when, with the share of talk time", "others speak too")


def html_table(transcript: Transcript) -> str:
    """Return the first segments as an HTML table, escaped, each speaker in a colour."""
    transcript = transcript.edited()
    indices = {label: index for index, label in enumerate(transcript.speakers)}
    shown = transcript.segments[:TABLE_ROWS]
    rows = [_row(transcript, segment, indices) for segment in shown]
    hidden = len(transcript.segments) - len(shown)
    if hidden > 0:
        rows.append(f'<tr><td colspan="3">… and {hidden} more</td></tr>')
    head = "<thead><tr><th>time</th><th>speaker</th><th>text</th></tr></thead>"
    return f"<table><caption>{facts(transcript)}</caption>{head}<tbody>{''.join(rows)}</tbody></table>"


def _short(name: str) -> str:
    """Return the name, shortened to fit beside a lane."""
    return name if len(name) <= _MAX_NAME_LENGTH else f"{name[: _MAX_NAME_LENGTH - 1]}…"


def _row(transcript: Transcript, segment: Segment, indices: Mapping[str, int]) -> str:
    """Return the row of a segment; a bar has the speaker's colour, so the name is readable on any background."""
    label = segment.speaker
    color = "transparent" if label is None else chart_color(indices[label])
    bar = f"border-left: 4px solid {color}; padding-left: 0.5em; text-align: left"
    return (
        f"<tr><td>{clock(segment.start)}</td>"
        f'<td style="{bar}">{escape(shown_name(transcript, label))}</td>'
        f'<td style="text-align: left" dir="auto">{escape(one_line(segment.text))}</td></tr>'
    )
