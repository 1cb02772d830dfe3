"""Cumulative talk time: one line per speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.plots.style import (
    axes_or_new,
    legend_outside,
    plain_axes,
    shown,
    speech_of,
    style_of,
    time_axis,
)
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript.sources import SpeechSource

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def cumulative_talk(source: SpeechSource, ax: Axes | None = None) -> Axes:
    """Draw the cumulative talk time of each speaker in minutes; the legend is ordered by total.

    `source` is a transcript (with its edits applied), its file or DataFrame, or turns. Raises SettingsError without
    matplotlib, InputError if a file or a frame cannot be read.
    """
    ax = axes_or_new(ax)
    speech, duration = speech_of(source)
    lines = []
    for index, (speaker, spans) in enumerate(speech.items()):
        times, sums = cumulated(spans, duration)
        style = style_of(index)
        minutes = [total / 60 for total in sums]
        lines.append((minutes[-1], speaker, times, minutes, style))
    for total, speaker, times, minutes, style in sorted(lines, key=lambda line: -line[0]):
        label = f"{shown(speaker)}, {_length(60 * total)}"
        ax.plot(times, minutes, color=style.color, linestyle=style.line, linewidth=2, label=label)
    ax.set_ylabel("talk time (min)")
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color="#dddddd", linewidth=0.8)
    ax.set_axisbelow(True)
    time_axis(ax, duration)
    plain_axes(ax)
    legend_outside(ax)
    return ax


def _length(seconds: Seconds) -> str:
    """Return a length in minutes, below a minute in seconds.

    >>> _length(0.42), _length(31.0), _length(90.0)
    ('0.4 s', '31 s', '1.5 min')
    """
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min"


def cumulated(spans: tuple[Span, ...], duration: Seconds) -> tuple[list[Seconds], list[Seconds]]:
    """Return times from 0 to `duration`, and the seconds of `spans` up to each time."""
    times, sums, so_far = [0.0], [0.0], 0.0
    for span in spans:
        times += [span.start, span.end]
        sums += [so_far, so_far + span.duration]
        so_far += span.duration
    return [*times, duration], [*sums, so_far]
