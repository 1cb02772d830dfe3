"""The report as Markdown: front matter, minutes, passages, topics, keywords, speakers and the transcript."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.formats import md
from meetscribe.markup.escaping import escape_markdown
from meetscribe.minutes.output.markdown import item_sections, passage_lines, time_link, topic_lines
from meetscribe.minutes.output.view import View
from meetscribe.report.contents import Report
from meetscribe.report.documents.speakers import COLUMNS, speaker_rows
from meetscribe.report.wording import FINDINGS
from meetscribe.transcript.notes import Minutes

_FRONT = "---\n"


def to_markdown(report: Report, audio: str | None = None) -> str:
    """Return the report as Markdown; times link to the recording at the URL `audio`, if given.

    The front matter and the paragraphs of the transcript are in the format `md`, which can read them back.
    """
    front, _, paragraphs = md.write(report.edited).removeprefix(_FRONT).partition(_FRONT)
    head = [f"{_FRONT}{front}{_FRONT}", f"# {escape_markdown(report.title)}"]
    parts = [*head, *_minutes(report, audio), *_overview(report, audio), *_speakers(report), *_checks(report, audio)]
    return "\n".join([*parts, "", "## Transcript", paragraphs]) if paragraphs.strip() else "\n".join([*parts, ""])


def _minutes(report: Report, audio: str | None) -> Iterator[str]:
    view = report.view
    if view is not None:
        yield from item_sections(view, audio)


def _overview(report: Report, audio: str | None) -> Iterator[str]:
    """Yield key passages, topics and keywords."""
    if report.passages:
        # As in `Report.cited_passages`, empty minutes serve for a report without minutes.
        view = report.view or View(Minutes(report.edited.language, ""), report.transcript)
        yield from ("", "## Key passages", "", *passage_lines(view, report.passages, audio))
    if len(report.topics) > 1:
        yield from ("", "## Topics", "", *topic_lines(report.topics, audio))
    if report.keywords:
        yield from ("", "## Keywords", "")
        for name, rows in report.keywords.items():
            yield f"- {escape_markdown(name)}: {escape_markdown(', '.join(row.term for row in rows))}"


def _checks(report: Report, audio: str | None) -> Iterator[str]:
    """Yield the doubtful passages."""
    if report.findings:
        yield from ("", "## Passages to check", "")
    for one in report.findings:
        text = f" “{escape_markdown(one.text)}”" if one.text else ""
        yield f"- {time_link(one.start, audio)} {FINDINGS[one.kind]}: {escape_markdown(one.reason)}{text}"


def _speakers(report: Report) -> Iterator[str]:
    """Yield the table of speakers."""
    rows = speaker_rows(report)
    if rows:
        yield from ("", "## Speakers", "", f"| {' | '.join(COLUMNS)} |")
        yield f"|{'|'.join(['---', *['---:'] * (len(COLUMNS) - 1)])}|"
        yield from (f"| {' | '.join(map(escape_markdown, row))} |" for row in rows)
