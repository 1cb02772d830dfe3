"""The speaker timeline: a lane per speaker, with overlapping speech."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from meetscribe.plots.style import (
    Source,
    axes_or_current,
    legend_outside,
    plain_axes,
    shown,
    speech_of,
    style_of,
    time_axis,
)
from meetscribe.timeline import Span, union

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 0.7


def speaker_timeline(source: Source, ax: Axes | None = None) -> Axes:
    """Draw a lane per speaker, the first one on top, and mark the time in which several speak.

    `source` is a transcript, whose edits are applied, or turns. Raises SettingsError without matplotlib.
    """
    ax = axes_or_current(ax)
    speech, duration = speech_of(source)
    for lane, spans in enumerate(speech.values()):
        ax.broken_barh(_bars(spans), (lane - _HEIGHT / 2, _HEIGHT), facecolors=style_of(lane).color, linewidth=0)
    shared = overlap_of(speech)
    for lane, spans in enumerate(speech.values()):
        bars = _bars(part for one in spans for part in shared_parts(one, shared))
        ax.broken_barh(bars, (lane - _HEIGHT / 2, _HEIGHT / 3), facecolors="black", linewidth=0)
    if shared:
        ax.broken_barh([], (0, 0), facecolors="black", label="others speak too")
    ax.set_yticks(range(len(speech)), [shown(name) for name in speech])
    ax.set_ylim(len(speech) - 0.4, -0.6)
    time_axis(ax, duration)
    plain_axes(ax)
    legend_outside(ax)
    return ax


def overlap_of(speech: Mapping[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    """Return the time in which at least two speakers are heard."""
    return union(
        Span(max(a.start, b.start), min(a.end, b.end))
        for one, other in combinations(speech.values(), 2)
        for a, b in _meeting(one, other)
    )


def shared_parts(span: Span, shared: Iterable[Span]) -> list[Span]:
    """Return the parts of a span in `shared`."""
    return [Span(max(span.start, one.start), min(span.end, one.end)) for one in shared if span.overlap(one) > 0]


def _meeting(one: tuple[Span, ...], other: tuple[Span, ...]) -> Iterable[tuple[Span, Span]]:
    """Yield the pairs of spans that overlap; both are in order without overlap among themselves."""
    first = second = 0
    while first < len(one) and second < len(other):
        a, b = one[first], other[second]
        if a.overlap(b) > 0:
            yield a, b
        if a.end <= b.end:
            first += 1
        else:
            second += 1


def _bars(spans: Iterable[Span]) -> list[tuple[float, float]]:
    return [(span.start, span.duration) for span in spans]
