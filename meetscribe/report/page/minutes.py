"""Minutes as HTML: each item with its quotes; each citation is a link."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.markup.escaping import escape_markup
from meetscribe.minutes.citations import tokens_of
from meetscribe.minutes.output.markdown import SECTIONS
from meetscribe.minutes.output.view import CitationView, ItemView, View, coverage_text
from meetscribe.report.page.links import Links
from meetscribe.transcript.notes import Citation, Coverage, Item


def minutes_sections(view: View, links: Links) -> str:
    """Return the sections of the minutes: decisions, actions, open questions, key points, the next meeting."""
    parts = []
    for kind, title in SECTIONS:
        items = [view.item(item) for item in view.minutes.of_kind(kind)]
        if items:
            shown = _actions(items, links) if kind == "action" else _items(items, links)
            parts.append(f"<h3>{title}</h3>\n{shown}")
    parts = parts or ['<p class="quiet">No decisions, actions or open questions were found.</p>\n']
    return "".join([*parts, _coverage(view.minutes.coverage)])


def quotes(citations: Sequence[Citation], views: Sequence[CitationView], links: Links) -> str:
    """Return citations as quotations with speakers and times."""
    return "".join(_quote(citation, view, links) for citation, view in zip(citations, views, strict=True))


def _quote(citation: Citation, view: CitationView, links: Links, *, repeated: bool = False) -> str:
    speaker = f"<cite><bdi>{escape_markup(view.speaker)}</bdi></cite> " if view.speaker else ""
    quote = "" if repeated else f"<q>{escape_markup(view.quote)}</q>"
    state = "" if view.state == "valid" else f' <em class="state">{view.state} since</em>'
    said = f"{links.at(view.start, citation)} {speaker}{quote}{state}"
    return f'<blockquote{links.color(view.speaker)} dir="auto">{said}</blockquote>\n'


def _items(items: Sequence[ItemView], links: Links) -> str:
    """Return items as a list."""
    rows = "".join(
        f'<li><p dir="auto">{_text(one.item)}{_when(one)}{_marks(one.item)}</p>\n{_citations(one, links)}</li>\n'
        for one in items
    )
    return f'<ul class="items">\n{rows}</ul>\n'


def _actions(items: Sequence[ItemView], links: Links) -> str:
    """Return actions as a table of tasks, owners and due dates."""
    rows = "".join(
        f'<tr><td><p dir="auto">{_text(one.item)}{_marks(one.item)}</p>\n{_citations(one, links)}</td>'
        f'<td data-label="Owner"><bdi>{escape_markup(", ".join(one.owners)) or "nobody yet"}</bdi></td>'
        f'<td data-label="Due">{_due(one)}</td></tr>\n'
        for one in items
    )
    head = '<thead><tr><th scope="col">Task</th><th scope="col">Owner</th><th scope="col">Due</th></tr></thead>'
    return f'<table class="actions">\n{head}\n<tbody>\n{rows}</tbody>\n</table>\n'


def _citations(one: ItemView, links: Links) -> str:
    """Return the citations of an item, without quotes that repeat its text."""
    pairs = zip(one.item.citations, one.citations, strict=True)
    return "".join(_quote(citation, view, links, repeated=_same(view.quote, one.item.text)) for citation, view in pairs)


def _same(quote: str, text: str) -> bool:
    return tokens_of(quote.split()) == tokens_of(text.split())


def _text(item: Item) -> str:
    return escape_markup(item.text[:1].upper() + item.text[1:])


def _due(one: ItemView) -> str:
    """Return the due date of an action for the table."""
    due = one.item.due
    if due is None:
        return "–"
    said = f"<q>{escape_markup(due.said)}</q>"
    state = ' <em class="state">changed since</em>' if one.due_changed else ""
    return (f"{due.day} <small>{said}</small>" if due.day else said) + state


def _when(one: ItemView) -> str:
    """Return the due date to append to the text of an item other than an action, or ""."""
    return f" — {escape_markup(one.due_text)}" if one.due_text else ""


def _marks(item: Item) -> str:
    """Return the marks of an item that is only proposed or failed verification."""
    marks = ["proposed; nobody agreed"] if item.kind == "action" and item.status == "proposed" else []
    if item.said and not item.said.passed:
        marks.append(f"unverified: {escape_markup('; '.join(item.said.problems))}")
    return "".join(f' <em class="state">{mark}</em>' for mark in marks)


def _coverage(coverage: Coverage) -> str:
    """Return a paragraph about the method of the minutes and the share of the transcript that they cover."""
    return f'<p class="quiet">{escape_markup(coverage_text(coverage))}</p>\n'
