"""The report and the minutes as Word documents (requires python-docx)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meetscribe.formats.parts.word_writing import add_transcript, new_word_document, word_bytes
from meetscribe.markup.escaping import xml_text
from meetscribe.minutes.output.markdown import SECTIONS
from meetscribe.minutes.output.view import CitationView, ItemView, View, coverage_text
from meetscribe.report.contents import Report
from meetscribe.report.documents.speakers import COLUMNS, speaker_rows
from meetscribe.report.wording import FINDINGS, format_date, format_duration, short_clock
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Minutes, Topic

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_GREY = "59616C"


def to_docx(report: Report) -> bytes:
    """Return the report as a Word document: minutes, passages, topics, speakers and the transcript.

    The format `docx` can read the transcript back. Raises SettingsError without python-docx.
    """
    document = new_word_document(report.title, report.edited.language)
    meta, names = report.edited.meta, [row.speaker for row in report.speakers]
    date = meta.recorded_at and format_date(meta.recorded_at)
    facts = [date, format_duration(report.duration), report.language, ", ".join(names)]
    _grey(document.add_paragraph(), " · ".join(filter(None, facts)))
    view = report.view
    if view is not None:
        _add_items(document, view)
    _add_passages(document, "Key passages", report.cited_passages)
    _add_topics(document, report.topics if len(report.topics) > 1 else ())
    if rows := speaker_rows(report):
        document.add_heading("Speakers", level=2)
        _add_table(document, COLUMNS, rows)
    _add_checks(document, report)
    if report.paragraphs:
        document.add_heading("Transcript", level=2)
        add_transcript(document, report.edited, _colors(report), times=True)
    _number_pages(document)
    return word_bytes(document)


def minutes_to_docx(minutes: Minutes, transcript: Transcript) -> bytes:
    """Return minutes as a Word document, with the corrected names and times of the transcript.

    Raises SettingsError without python-docx.
    """
    view = View(minutes, transcript)
    document = new_word_document(minutes.title or "Minutes", minutes.language)
    facts = [minutes.recorded_at and format_date(minutes.recorded_at), ", ".join(view.participants())]
    _grey(document.add_paragraph(), " · ".join(filter(None, facts)))
    _add_passages(document, "Summary", [view.citation(one) for one in minutes.summary])
    _add_items(document, view)
    _add_topics(document, minutes.topics)
    _grey(document.add_paragraph(), xml_text(coverage_text(minutes.coverage)))
    _number_pages(document)
    return word_bytes(document)


def _colors(report: Report) -> dict[str, int]:
    """Return the colour index of each displayed name."""
    return {xml_text(name): index for index, name in enumerate(report.edited.speakers)}


def _add_items(document: WordDocument, view: View) -> None:
    """Add the sections of the minutes; actions are a table."""
    for kind, title in SECTIONS:
        items = [view.item(item) for item in view.minutes.of_kind(kind)]
        if not items:
            continue
        document.add_heading(title, level=2)
        if kind == "action":
            _add_actions(document, items)
            continue
        for one in items:
            paragraph = document.add_paragraph(_text(one) + _when(one), style="List Bullet")
            _add_citations(paragraph, one)


def _add_actions(document: WordDocument, items: Sequence[ItemView]) -> None:
    rows = [(_text(one), xml_text(", ".join(one.owners)) or "nobody yet", _due(one)) for one in items]
    table = _add_table(document, ("Task", "Owner", "Due"), rows)
    for cell, one in zip(table, items, strict=True):
        _add_citations(cell.paragraphs[0], one)


def _add_citations(paragraph: Paragraph, one: ItemView) -> None:
    """Add the citations of an item in grey, each on its own line."""
    for citation in one.citations:
        paragraph.add_run().add_break()
        _grey(paragraph, _quote(citation))


def _quote(citation: CitationView) -> str:
    speaker = f"{xml_text(citation.speaker)}: " if citation.speaker else ""
    state = "" if citation.state == "valid" else f" ({citation.state} since)"
    return f"{_time(citation.start)} {speaker}“{xml_text(citation.quote)}”{state}"


def _text(one: ItemView) -> str:
    """Return the text of an item with its status in parentheses."""
    item = one.item
    marks = ["proposed; nobody agreed"] if item.kind == "action" and item.status == "proposed" else []
    if item.said and not item.said.passed:
        marks.append(f"unverified: {xml_text('; '.join(item.said.problems))}")
    return "".join([xml_text(item.text[:1].upper() + item.text[1:]), *(f" ({mark})" for mark in marks)])


def _due(one: ItemView) -> str:
    due = one.item.due
    state = " (changed since)" if one.due_changed else ""
    return f"{due.day or ''} “{xml_text(due.said)}”{state}".strip() if due else ""


def _when(one: ItemView) -> str:
    """Return the due date to append to the text of an item other than an action, or ""."""
    return f" — {xml_text(one.due_text)}" if one.due_text else ""


def _time(time: Seconds | None) -> str:
    """Return a time in whole seconds, or "gone" for the time of deleted words."""
    return "gone" if time is None else short_clock(time, hours=True)


def _add_passages(document: WordDocument, title: str, passages: Sequence[CitationView]) -> None:
    if passages:
        document.add_heading(title, level=2)
        for one in passages:
            document.add_paragraph(_quote(one), style="List Bullet")


def _add_checks(document: WordDocument, report: Report) -> None:
    """Add the doubtful passages."""
    if report.findings:
        document.add_heading("Passages to check", level=2)
    for one in report.findings:
        text = f" “{xml_text(one.text)}”" if one.text else ""
        paragraph = f"{_time(one.start)} {FINDINGS[one.kind]}: {xml_text(one.reason)}{text}"
        document.add_paragraph(paragraph, style="List Bullet")


def _add_topics(document: WordDocument, topics: Sequence[Topic]) -> None:
    if topics:
        document.add_heading("Topics", level=2)
        for topic in topics:
            document.add_paragraph(f"{_time(topic.start)} {xml_text(topic.heading)}", style="List Bullet")


def _add_table(document: WordDocument, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[_Cell]:
    """Add a table with a repeated header row, and return the first cell of each row."""
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1, cols=len(head), style="Light List Accent 1")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    first = []
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = xml_text(text)
        first.append(cells[0])
    return first


def _grey(paragraph: Paragraph, text: str) -> None:
    """Add a run of grey text."""
    from docx.shared import RGBColor

    paragraph.add_run(text).font.color.rgb = RGBColor.from_string(_GREY)


def _number_pages(document: WordDocument) -> None:
    """Add page numbers in the footer."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
