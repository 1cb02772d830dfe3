"""Minutes as Markdown: each line with its time, which links to the recording, and its quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from meetscribe.markup.escaping import escape_markdown
from meetscribe.minutes.output.view import CitationView, ItemView, View, coverage_text
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Citation, ItemKind, Minutes, Topic
from meetscribe.transcript.values import Transcript

SECTIONS: tuple[tuple[ItemKind, str], ...] = (
    ("decision", "Decisions"),
    ("action", "Actions"),
    ("question", "Open questions"),
    ("key_point", "Key points"),
    ("next_meeting", "Next meeting"),
)
_SAFE_IN_PATHS = "/:%"
_SAFE_IN_URLS = f"{_SAFE_IN_PATHS}?&=+,;@~$!*'"  # without brackets, which would end a link


def to_markdown(minutes: Minutes, transcript: Transcript, audio: str | None = None, *, all_items: bool = False) -> str:
    """Return minutes as Markdown, with names and times as the transcript has them now.

    `audio` is the URL or path of the recording, to which the times link (`#t=SECONDS`); by default, it is the file
    name of the transcript's recording; without one, there are no links. `all_items` adds the omitted candidates, with
    the reasons.
    """
    recording = transcript.recording
    link = audio or (quote(recording.name) if recording else None)
    view = View(minutes, transcript)
    lines = [*_header(view)]
    if minutes.summary:
        lines += ["", "## Summary", "", *passage_lines(view, minutes.summary, link)]
    lines += item_sections(view, link)
    if minutes.topics:
        lines += ["", "## Topics", "", *topic_lines(minutes.topics, link)]
    if all_items and minutes.candidates:
        lines += ["", "## Left out", "", *(_candidate(view.item(item), link) for item in minutes.candidates)]
    return "\n".join([*lines, "", f"*{escape_markdown(coverage_text(minutes.coverage))}*"]) + "\n"


def item_sections(view: View, link: str | None) -> Iterator[str]:
    """Yield the lines of the sections of items; times link to the recording at `link`."""
    for kind, title in SECTIONS:
        if items := view.minutes.of_kind(kind):
            yield from ("", f"## {title}", "", *(_line(view.item(item), link) for item in items))


def passage_lines(view: View, passages: Iterable[Citation], link: str | None) -> Iterator[str]:
    """Yield a list entry with time, speaker and quote for each passage."""
    for one in map(view.citation, passages):
        yield _with_state(f"- {time_link(one.start, link)} {_speaker(one)}“{escape_markdown(one.quote)}”", one)


def topic_lines(topics: Iterable[Topic], link: str | None) -> Iterator[str]:
    """Yield a list entry with time and heading for each topic."""
    yield from (f"- {time_link(topic.start, link)} {escape_markdown(topic.heading)}" for topic in topics)


def _header(view: View) -> Iterator[str]:
    minutes = view.minutes
    yield f"# {escape_markdown(minutes.title or 'Minutes')}"
    yield ""
    if minutes.recorded_at:
        yield f"- Date: {minutes.recorded_at[:10]}"
    yield f"- Participants: {escape_markdown(', '.join(view.participants())) or 'unknown'}"


def _line(view: ItemView, link: str | None) -> str:
    """Return an item as a list entry, with its citations below it."""
    item = view.item
    parts = [time_link(view.start, link), escape_markdown(item.text[:1].upper() + item.text[1:])]
    if item.kind == "action":
        parts.insert(1, f"**{escape_markdown(', '.join(view.owners) or 'nobody yet')}**:")
    if view.due_text:
        parts.append(f"— {escape_markdown(view.due_text)}")
    if item.kind == "action" and item.status == "proposed":
        parts.append("*(proposed; nobody agreed)*")
    if item.said and not item.said.passed:
        parts.append(f"*(unverified: {escape_markdown('; '.join(item.said.problems))})*")
    supported = item.supported
    if supported and not supported.passed and supported.by != "rules":
        parts.append(f"*(doubted by {escape_markdown(supported.by)}, score {supported.score or 0:.2f})*")
    quotes = (
        f"  - {time_link(one.start, link)} {_speaker(one)}“{escape_markdown(one.quote)}”" for one in view.citations
    )
    return "\n".join(["- " + " ".join(parts), *map(_with_state, quotes, view.citations)])


def _with_state(line: str, citation: CitationView) -> str:
    return line if citation.state == "valid" else f"{line} *({citation.state} since)*"


def _candidate(view: ItemView, link: str | None) -> str:
    """Return a candidate with the problems for which it was left out, or with its score if it has none."""
    problems = view.item.said.problems if view.item.said else ()
    reasons = "; ".join(problems) or f"score {view.item.score:.2f}"
    kind = view.item.kind.replace("_", " ")
    return f"- {time_link(view.start, link)} {kind}: {escape_markdown(view.item.text)} *({escape_markdown(reasons)})*"


def _speaker(citation: CitationView) -> str:
    return f"{escape_markdown(citation.speaker)}: " if citation.speaker else ""


def time_link(start: Seconds | None, link: str | None) -> str:
    """Return a time in brackets, as a link to the recording at a URL or path if there is one.

    Escape sequences in `link` are kept.
    """
    if start is None:
        return "[gone]"
    seconds = int(start)
    label = f"[{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}]"
    if not link:
        return label
    safe = _SAFE_IN_URLS if "://" in link else _SAFE_IN_PATHS
    return f"{label}({quote(link, safe=safe)}#t={start:g})"
