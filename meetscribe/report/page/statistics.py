"""Statistics: a table of the speakers, a line chart of talk time, and the matrix of transitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from meetscribe.analytics.metrics import trust_of
from meetscribe.analytics.rows import TransitionRow
from meetscribe.markup.escaping import escape_markup
from meetscribe.plots.cumulative import cumulated
from meetscribe.report.contents import Report
from meetscribe.report.wording import format_duration
from meetscribe.timeline import Seconds

# The title, the field of `SpeakerStatistics` and the format of each column.
_COLUMNS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("Talk time", "talk_time_s", lambda value: format_duration(value)),
    ("Share", "talk_share", lambda value: f"{value:.0%}"),
    ("Turns", "turns", lambda value: f"{value:,}"),
    ("Longest", "longest_turn_s", lambda value: format_duration(value)),
    ("Words", "words", lambda value: f"{value:,}"),
    ("Words/min", "speaking_rate_per_min", lambda value: f"{value:.0f}"),
    ("Questions", "questions", lambda value: f"{value:,}"),
    ("Interrupts", "interruptions_made", lambda value: f"{value:,}"),
)
_WIDTH, _HEIGHT = 1000, 300  # SVG units
_POINTS = 250
"""The maximum number of points of a line."""

_MAX_SPEAKERS = 10
"""The maximum number of speakers in the matrix; with more, it is omitted."""


def statistics(report: Report) -> str:
    """Return the section of statistics; empty without speakers."""
    if not report.speakers:
        return ""
    charts = _cumulative(report) + _transitions(report)
    charts = f'<div class="charts">\n{charts}</div>\n' if charts else ""
    return f'<section id="statistics">\n<h2>Statistics</h2>\n{_table(report)}{charts}</section>\n'


def _table(report: Report) -> str:
    """Return the table of speakers, without columns of unknown values."""
    columns = [one for one in _COLUMNS if any(getattr(row, one[1]) is not None for row in report.speakers)]
    characters = any(row.counted == "characters" for row in report.speakers)
    head = "".join(f'<th scope="col">{_title(title, metric, characters)}</th>' for title, metric, _ in columns)
    rows = "".join(
        f'<tr><th scope="row" class="s{index}"><i></i><bdi>{escape_markup(row.speaker)}</bdi></th>'
        + "".join(f"<td>{_cell(getattr(row, metric), show)}</td>" for _, metric, show in columns)
        + "</tr>\n"
        for index, row in enumerate(report.speakers)
    )
    note = (
        '<p class="quiet">~ is often wrong if the speaker turns come from a diarizer. '
        "Talk time counts overlapping speech for each speaker. – is unknown.</p>\n"
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Statistics of the speakers"><table class="numbers">'
        f'<thead><tr><th scope="col">Speaker</th>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n{note}'
    )


def _title(title: str, metric: str, characters: bool) -> str:
    shown = title.replace("Words", "Characters") if characters else title
    return f"~{shown}" if trust_of(metric) == "low" else shown


def _cell(value: Any, show: Callable[[Any], str]) -> str:
    return "–" if value is None else show(value)


def _cumulative(report: Report) -> str:
    """Return the line chart of the cumulative talk time of each speaker."""
    max_talk = max((row.talk_time_s for row in report.speakers), default=0.0)
    if not report.timed or not max_talk:
        return ""
    lines = "".join(
        f'<path class="line s{index}" d="{_line(report, spans, max_talk)}"/>'
        for index, spans in enumerate(report.speech.values())
        if spans
    )
    return (
        f"<figure><figcaption>Talk time so far, up to {format_duration(max_talk)}</figcaption>"
        f'<svg class="cumulative" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="grid" d="M0 0.5H{_WIDTH}M0 {_HEIGHT / 2}H{_WIDTH}M0 {_HEIGHT - 0.5}H{_WIDTH}"/>{lines}</svg>'
        "</figure>\n"
    )


def _line(report: Report, spans: Any, max_talk: Seconds) -> str:
    """Return the path of one line with about `_POINTS` points at most, 2 units above the bottom to 4 below the top."""
    times, sums = cumulated(spans, report.duration)
    step = max(1, -(-len(times) // _POINTS))
    kept = [*range(0, len(times) - 1, step), len(times) - 1]
    points = (
        f"{_WIDTH * times[point] / report.duration:.0f} {_HEIGHT - (_HEIGHT - 6) * sums[point] / max_talk - 2:.0f}"
        for point in kept
    )
    return f"M{'L'.join(points)}"


def _transitions(report: Report) -> str:
    """Return the matrix of transitions between speakers, shaded by the share of all changes from a speaker."""
    rows: tuple[TransitionRow, ...] = report.statistics.rows("transitions")
    names = [row.speaker for row in report.speakers]
    names = [name for name in names if any(name in (row.speaker, row.next_speaker) for row in rows)]
    if not 2 <= len(names) <= _MAX_SPEAKERS:
        return ""
    indices = {row.speaker: index for index, row in enumerate(report.speakers)}
    cells = {(row.speaker, row.next_speaker): row for row in rows}
    head = "".join(f'<th scope="col" class="s{indices[name]}">{_name_markup(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row" class="s{indices[name]}">{_name_markup(name)}</th>'
        f"{''.join(_cells(name, names, cells))}</tr>\n"
        for name in names
    )
    mark = "~" if trust_of("count", "transitions") == "low" else ""
    return (
        f"<figure><figcaption>{mark}Who follows whom: rows are followed by columns</figcaption>"
        f'<div class="wide" tabindex="0" role="region" aria-label="Who follows whom"><table class="matrix">'
        f"<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div></figure>\n"
    )


def _name_markup(name: str) -> str:
    return f'<i></i><bdi title="{escape_markup(name)}">{escape_markup(name)}</bdi>'


def _cells(name: str, names: list[str], cells: dict[tuple[str, str], TransitionRow]) -> Iterator[str]:
    """Yield the cells of a row, shaded by classes "h0" to "h10"."""
    for other in names:
        row = cells.get((name, other))
        yield f'<td class="h{round(10 * row.share)}">{row.count}</td>' if row else "<td></td>"
