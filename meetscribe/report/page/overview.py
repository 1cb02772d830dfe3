"""Key passages, topics and keywords."""

from __future__ import annotations

from collections.abc import Iterable

from meetscribe.markup.escaping import escape_markup
from meetscribe.report.contents import Report
from meetscribe.report.page.links import Links
from meetscribe.report.page.minutes import quotes

_MAX_TERMS = 5  # of a topic
_MAX_KEYWORDS = 8  # of a speaker


def overview(report: Report, links: Links) -> str:
    """Return the section of key passages, topics and keywords; empty if there are none."""
    parts = [_passages(report, links), _topics(report, links), _keywords(report)]
    return f'<section id="overview">\n{"".join(parts)}</section>\n' if any(parts) else ""


def _passages(report: Report, links: Links) -> str:
    if not report.passages:
        return ""
    return f'<div class="passages all">\n<h2>Key passages</h2>\n{_quotes(report, links)}</div>\n'


def _quotes(report: Report, links: Links) -> str:
    return quotes(report.passages, report.cited_passages, links)


def _topics(report: Report, links: Links) -> str:
    """Return the topics with their terms, if there are several."""
    if len(report.topics) < 2:
        return ""
    rows = "".join(
        f"<li>{links.at(topic.start)} "
        f"<span>{terms(topic.terms[:_MAX_TERMS]) or escape_markup(topic.heading)}</span></li>\n"
        for topic in report.topics
    )
    return f'<div>\n<h2>Topics</h2>\n<ol class="topics">\n{rows}</ol>\n</div>\n'


def _keywords(report: Report) -> str:
    """Return the keywords of each speaker, or the terms of the only topic if there are none."""
    indices = {row.speaker: index for index, row in enumerate(report.speakers)}
    rows = "".join(
        f'<dt class="s{indices[name]}"><i></i><bdi>{escape_markup(name)}</bdi></dt>'
        f"<dd>{terms(row.term for row in rows_of_speaker[:_MAX_KEYWORDS])}</dd>\n"
        for name, rows_of_speaker in report.keywords.items()
    )
    if not rows and len(report.topics) == 1:
        return f'<div>\n<h2>Keywords</h2>\n<p class="keywords">{terms(report.topics[0].terms)}</p>\n</div>\n'
    if not rows:
        return ""
    return f'<div>\n<h2>Keywords by speaker</h2>\n<dl class="keywords">\n{rows}</dl>\n</div>\n'


def terms(found: Iterable[str]) -> str:
    """Return terms as links that start a search by the script of the page."""
    return " ".join(
        f'<a class="term" href="#transcript" data-find="{shown}">{shown}</a>' for shown in map(escape_markup, found)
    )
