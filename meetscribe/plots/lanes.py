"""The speaker timeline: one lane per speaker, with overlapping speech marked."""

from __future__ import annotations

from collections.abc import Iterable
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
from meetscribe.timeline import Span, intersection, overlapping
from meetscribe.transcript.sources import SpeechSource

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT, _MARK = 0.6, 0.16
"""The height of a bar, and of the mark above it, which stays visible without colour; the distance of lanes is 1."""


def speaker_timeline(source: SpeechSource, ax: Axes | None = None) -> Axes:
    """Draw one lane per speaker, the first one on top, and mark overlapping speech.

    `source` is a transcript (with its edits applied), its file or DataFrame, or turns. Raises SettingsError without
    matplotlib, InputError if a file or a frame cannot be read.
    """
    ax = axes_or_new(ax)
    speech, duration = speech_of(source)
    for lane, spans in enumerate(speech.values()):
        ax.broken_barh(_bars(spans), (lane - _HEIGHT / 2, _HEIGHT), facecolors=style_of(lane).color, linewidth=0)
    shared = overlapping(speech.values())
    for lane, spans in enumerate(speech.values()):
        bars = _bars(intersection(spans, shared))
        ax.broken_barh(bars, (lane - _HEIGHT / 2 - _MARK, _MARK), facecolors="black", linewidth=0)
    if shared:
        ax.broken_barh([], (0, 0), facecolors="black", label="others speak too")
    ax.set_yticks(range(len(speech)), [shown(name) for name in speech])
    ax.set_ylim(len(speech) - 0.4, -0.6)
    time_axis(ax, duration)
    plain_axes(ax)
    legend_outside(ax)
    return ax


def _bars(spans: Iterable[Span]) -> list[tuple[float, float]]:
    return [(span.start, span.duration) for span in spans]
