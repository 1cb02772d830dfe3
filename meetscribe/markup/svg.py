"""An SVG timeline: spans of time in lanes below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetscribe.markup.escaping import escape_markup
from meetscribe.timeline import Seconds, Span

WIDTH = 800  # pixels, as all lengths here
_LANE, _BAR, _MARK = 22, 14, 4  # heights of a lane, of its bars, and of the marks above them
_LEFT = 200  # width of the labels
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)  # seconds
_MAX_TICKS = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """A row: its label, the colour of its spans as #rrggbb, the spans in order of time, and their marked parts."""

    label: str
    color: str
    spans: Sequence[Span]
    marked: Sequence[Span] = ()


def timeline_svg(lanes: Sequence[Lane], duration: Seconds, title: str, mark: str = "") -> str:
    """Return an SVG image with a bar per span, labels on the left and a time axis below; texts are escaped.

    Marked parts have a bar in the text colour above the lane; `mark` is its legend.
    Bars less than half a pixel apart are joined, so that the size of the image is limited by its width.
    """
    scale = (WIDTH - _LEFT) / duration if duration > 0 else 0.0
    height = _LANE * (len(lanes) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'font-family="sans-serif" font-size="12" fill="currentColor" style="max-width: {WIDTH}px">'
        f"<title>{escape_markup(title)}</title>"
    ]
    for row, lane in enumerate(lanes):
        top = row * _LANE + (_LANE - _BAR) / 2
        label = escape_markup(lane.label)
        parts.append(f'<text x="{_LEFT - 8}" y="{top + _BAR - 3:g}" text-anchor="end">{label}</text>')
        parts.append(f'<path fill="{escape_markup(lane.color)}" d="{_path(lane.spans, scale, top, _BAR)}"/>')
        if lane.marked:
            parts.append(f'<path fill="currentColor" d="{_path(lane.marked, scale, top - _MARK, _MARK)}"/>')
    if mark and any(lane.marked for lane in lanes):
        parts += _legend(mark, _LANE * len(lanes))
    return "".join([*parts, *_axis(duration, scale, _LANE * len(lanes)), "</svg>"])


def _path(spans: Sequence[Span], scale: float, top: float, height: float) -> str:
    """Return the path of the bars of spans."""
    return "".join(
        f"M{_LEFT + left:.1f} {top:g}h{right - left:.1f}v{height}h{left - right:.1f}z"
        for left, right in _bars(spans, scale)
    )


def _legend(mark: str, top: float) -> list[str]:
    """Return a bar and the text that explains it, to the left of the axis."""
    return [
        f'<path fill="currentColor" d="M{_LEFT - 22} {top + 9}h14v{_MARK}h-14z"/>',
        f'<text x="{_LEFT - 28}" y="{top + 16}" text-anchor="end" fill-opacity="0.7">{escape_markup(mark)}</text>',
    ]


def _bars(spans: Sequence[Span], scale: float) -> list[tuple[float, float]]:
    """Return the left and right edges of the bars in pixels, none narrower than half a pixel."""
    bars: list[tuple[float, float]] = []
    for span in spans:
        left, right = span.start * scale, max(span.end * scale, span.start * scale + 0.5)
        if bars and left - bars[-1][1] < 0.5:
            bars[-1] = (bars[-1][0], max(right, bars[-1][1]))
        else:
            bars.append((left, right))
    return bars


def axis_times(duration: Seconds, most: int = _MAX_TICKS) -> range:
    """Return round times in seconds for the ticks of an axis: 0 and up to `most` more.

    >>> list(axis_times(95))
    [0, 15, 30, 45, 60, 75, 90]
    """
    step = next((step for step in _STEPS if duration / step <= most), int(duration // most) + 1)
    return range(0, int(duration) + 1, step)


def _axis(duration: Seconds, scale: float, top: float) -> list[str]:
    """Return the labels of the time axis."""
    ticks = [f'<path stroke="currentColor" stroke-opacity="0.4" d="M{_LEFT} {top + 2}H{WIDTH}"/>']
    for time in axis_times(duration):
        x = _LEFT + time * scale
        anchor = "end" if x > WIDTH - 20 else "middle" if time else "start"
        text = f"{time // 3600}:{time // 60 % 60:02}:{time % 60:02}"
        ticks.append(f'<text x="{x:.1f}" y="{top + 16}" text-anchor="{anchor}" fill-opacity="0.7">{text}</text>')
    return ticks
