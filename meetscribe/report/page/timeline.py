"""The timeline: a lane per speaker, the topics, and the talk time per window, on a common axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.analytics.activity import time_per_window
from meetscribe.markup.escaping import escape_markup
from meetscribe.markup.svg import axis_times
from meetscribe.report.contents import Report
from meetscribe.report.wording import HOUR, short_clock
from meetscribe.timeline import Seconds, Span

WIDTH = 4000
"""The width of a lane in SVG units, which limits its detail and size."""

_MIN_WIDTH = 3  # SVG units
_WINDOWS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)  # seconds
_MAX_WINDOWS = 60


def timeline(report: Report) -> str:
    """Return the section of the timeline; empty without times or speakers."""
    if not report.timed or not any(report.speech.values()):
        return ""
    rows = "".join([*_lanes(report), *_topics(report), *_talk(report), _axis(report.duration)])
    return (
        '<section id="timeline">\n<h2>Who speaks when</h2>\n'
        f'<div class="lanes" data-length="{report.duration:.2f}">\n{rows}'
        '<div class="scrub js" tabindex="0" role="slider" aria-label="Position in the recording" aria-valuemin="0" '
        f'aria-valuemax="{report.duration:.0f}" aria-valuenow="0"><i class="hover"></i><i class="head"></i>'
        '<p class="tip" hidden></p></div>\n</div>\n</section>\n'
    )


def _lanes(report: Report) -> Iterator[str]:
    for index, (name, spans) in enumerate(report.speech.items()):
        if not spans:  # a silent participant
            continue
        path = _bars(spans, WIDTH / report.duration)
        yield _row(f'<bdi title="{escape_markup(name)}">{escape_markup(name)}</bdi>', f"lane s{index}", path, 1)


def _topics(report: Report) -> Iterator[str]:
    """Yield the row of topics, if there are several."""
    if len(report.topics) > 1:
        scale = WIDTH / report.duration
        shapes = "".join(
            f'<rect x="{topic.start * scale:.0f}" width="{max(_MIN_WIDTH, topic.span.duration * scale - 6):.0f}" '
            f'height="1"><title>{escape_markup(topic.heading)}</title></rect>'
            for topic in report.topics
        )
        yield _row("Topics", "band", shapes, 1)


def _talk(report: Report) -> Iterator[str]:
    """Yield a row of stacked bars: the talk time of each speaker in each window, relative to the window's length."""
    length = window_length(report.duration)
    count = max(1, -int(-report.duration // length))
    width = WIDTH * length / report.duration
    heights = [0.0] * count  # in percent of the window; more than 100 with overlap
    shapes = []
    for index, spans in enumerate(report.speech.values()):
        path = []
        for window, talk in enumerate(time_per_window(spans, length, count)):
            height = 100 * talk / length
            if height >= 0.5:
                y = 100 - heights[window] - height
                bar = max(1, round(min(width, WIDTH - window * width) - 8))
                path.append(f"M{window * width:.0f} {y:.0f}h{bar}v{height:.0f}h-{bar}z")
            heights[window] += height
        shapes.append(f'<path class="s{index}" d="{"".join(path)}"/>')
    highest = max(100.0, *heights)
    yield _row(
        f"Talk per {_interval(length)}",
        "talk",
        f'<g transform="translate(0 {highest - 100:.0f})">{"".join(shapes)}</g>',
        round(highest),
    )


def _interval(length: int) -> str:
    """Return the length of a window in words."""
    if length < 60:
        return f"{length} s"
    return "minute" if length == 60 else f"{length // 60} min"


def window_length(duration: Seconds) -> int:
    """Return a round window length in seconds, with which there are at most 60 windows.

    >>> window_length(108), window_length(3 * 3600)
    (5, 300)
    """
    return next((length for length in _WINDOWS if duration / length <= _MAX_WINDOWS), int(duration / 60) + 1)


def _axis(duration: Seconds) -> str:
    marks = []
    for time in axis_times(duration):
        x = 100 * time / duration
        anchor = "end" if x > 97 else "middle" if time else "start"
        shown = short_clock(time, duration >= HOUR)
        marks.append(f'<text x="{x:.2f}%" y="12" text-anchor="{anchor}">{shown}</text>')
    return f'<span></span><svg class="axis" aria-hidden="true">{"".join(marks)}</svg>\n'


def _row(label: str, classes: str, shapes: str, height: int) -> str:
    """Return a row of a label and an image."""
    frame = f'viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" aria-hidden="true"'
    return f'<span class="label">{label}</span><svg class="{classes}" {frame}>{shapes}</svg>\n'


def _bars(spans: Sequence[Span], scale: float) -> str:
    """Return the path of the bars of spans; bars that touch at this scale are joined."""
    bars: list[tuple[int, int]] = []
    for span in spans:
        left = round(span.start * scale)
        right = max(left + _MIN_WIDTH, round(span.end * scale))
        if bars and left <= bars[-1][1]:
            bars[-1] = (bars[-1][0], max(right, bars[-1][1]))
        else:
            bars.append((left, right))
    path = "".join(f"M{left} 0h{right - left}v1h{left - right}z" for left, right in bars)
    return f'<path d="{path}"/>'
