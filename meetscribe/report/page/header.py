"""The header of the page: title, facts, the speakers' shares of talk time, and links to the sections."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.markup.escaping import escape_markup
from meetscribe.report.contents import Report
from meetscribe.report.wording import HOUR, format_date, format_duration, short_clock

_WIDTH = 1000  # width of the bar of shares in SVG units


def header(report: Report, sections: Sequence[tuple[str, str]]) -> str:
    """Return the header of a report; `sections` are the ids and titles of the link targets."""
    links = "".join(f'<a href="#{anchor}">{title}</a>' for anchor, title in sections)
    facts = "".join(f"<li>{fact}</li>" for fact in _facts(report))
    return (
        f'<header>\n<p class="kicker">{_kicker(report)}</p>\n<h1 dir="auto">{escape_markup(report.title)}</h1>\n'
        f'<ul class="facts">{facts}</ul>\n{_shares(report)}'
        f'<nav aria-label="Sections">{links}<span class="js tools">'
        '<button type="button" id="theme">Dark</button>'
        '<button type="button" id="help" aria-haspopup="dialog">Keyboard</button></span></nav>\n</header>\n'
    )


def _kicker(report: Report) -> str:
    recorded = report.edited.meta.recorded_at
    return f"Meeting report{f' · {format_date(recorded)}' if recorded else ''}"


def _facts(report: Report) -> list[str]:
    """Return the known facts about the meeting as short HTML texts."""
    count, words = sum(map(bool, report.speech.values())), len(report.edited.words)
    facts = [f"<b>{format_duration(report.duration)}</b>"] if report.timed else []
    if count:
        facts.append(f"<b>{count}</b> {'speaker' if count == 1 else 'speakers'}")
    if words:
        facts.append(f"<b>{words:,}</b> words")
    if report.language:
        facts.append(escape_markup(report.language))
    if report.meeting.silence_share is not None and report.timed:
        facts.append(f"<b>{report.meeting.silence_share:.0%}</b> silence")
    return facts


def _shares(report: Report) -> str:
    """Return a bar with the shares of talk time, and the names below it; empty without speech."""
    rows = [(index, row) for index, row in enumerate(report.speakers) if row.talk_share]
    if not rows:
        return ""
    bars, x = [], 0.0
    for index, row in rows:
        width = _WIDTH * (row.talk_share or 0.0)
        bars.append(f'<rect class="s{index}" x="{x:.1f}" width="{max(width - 2, 1):.1f}" height="8"/>')
        x += width
    hours = report.duration >= HOUR
    names = "".join(
        f'<li class="s{index}"><i></i><bdi>{escape_markup(row.speaker)}</bdi> '
        f"<b>{row.talk_share or 0:.0%}</b> <small>{short_clock(round(row.talk_time_s), hours)}</small></li>"
        for index, row in rows
    )
    return (
        f'<svg class="shares" viewBox="0 0 {_WIDTH} 8" preserveAspectRatio="none" aria-hidden="true">'
        f'{"".join(bars)}</svg>\n<ul class="legend" aria-label="Share of talk time">{names}</ul>\n'
    )
