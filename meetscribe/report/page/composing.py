"""Assembly of the HTML pages of a report and of minutes from their sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote

from meetscribe.markup.colors import palette_rules
from meetscribe.markup.escaping import escape_markup
from meetscribe.markup.page import make_page, source_hash
from meetscribe.minutes.output.view import View
from meetscribe.report.assets import asset
from meetscribe.report.contents import Report
from meetscribe.report.page.header import header
from meetscribe.report.page.links import Links, RecordingLinks, TranscriptLinks
from meetscribe.report.page.minutes import minutes_sections, quotes
from meetscribe.report.page.overview import overview
from meetscribe.report.page.player import keyboard_dialog, player
from meetscribe.report.page.statistics import statistics
from meetscribe.report.page.timeline import timeline
from meetscribe.report.page.transcript import passages_to_check, transcript
from meetscribe.report.sound import Sound
from meetscribe.report.wording import format_date, megabytes
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Minutes

_SCRIPTS = ("player.js", "words.js", "search.js", "report.js")


def to_html(report: Report, sound: Sound | None = None) -> str:
    """Return the report as an HTML page that needs no other file, except linked audio.

    Without JavaScript, all content and links work, and the audio has the browser's controls; search, filter, keyboard
    shortcuts, the choice of theme and the position in the timeline do not. The page's Content Security Policy allows
    its own style and script by hash, and the audio.
    """
    links = TranscriptLinks(report.paragraphs, report.duration, [row.speaker for row in report.speakers])
    sections = [(anchor, title, html) for anchor, title, html in _sections(report, links) if html]
    named = [(anchor, title) for anchor, title, _ in sections if title]
    style, script = _style(len(report.speakers)), asset(*_SCRIPTS)
    body = (
        '<a class="skip" href="#transcript">Skip to the transcript</a>\n'
        f"{header(report, named)}<main>\n{''.join(html for _, _, html in sections)}</main>\n"
        f"{_footer(report, sound)}{player(sound)}{keyboard_dialog(sound)}<script>{script}</script>\n"
    )
    policy = f"{_policy(style)}; script-src {source_hash(script)}{'; ' + _media(sound) if sound else ''}"
    return make_page(escape_markup(report.title), body, style, policy)


def minutes_to_html(minutes: Minutes, transcript: Transcript, url: str | None = None) -> str:
    """Return minutes as an HTML page without scripts.

    The times link to the recording at `url`, by default its file name, if known.
    """
    view = View(minutes, transcript)
    recording = transcript.recording
    links = RecordingLinks(url or (quote(recording.name) if recording else None), transcript.duration)
    title = escape_markup(minutes.title or "Minutes")
    people = escape_markup(", ".join(view.participants()))
    kicker = f"Minutes{f' · {format_date(minutes.recorded_at)}' if minutes.recorded_at else ''}"
    summary = quotes(minutes.summary, [view.citation(one) for one in minutes.summary], links)
    topics = "".join(
        f"<li>{links.at(topic.start)} <span>{escape_markup(topic.heading)}</span></li>\n" for topic in minutes.topics
    )
    style = _style(0)
    body = (
        f'<header>\n<p class="kicker">{kicker}</p>\n<h1 dir="auto">{title}</h1>\n'
        f'<ul class="facts"><li>{people or "Participants unknown"}</li></ul>\n</header>\n<main>\n'
        f"{_section('summary', 'Summary', summary and f'<div class=passages>{summary}</div>')}"
        f"{_section('minutes', '', minutes_sections(view, links))}"
        f"{_section('topics', 'Topics', topics and f'<ol class=topics>{topics}</ol>')}</main>\n"
        "<footer>Made by meetscribe.</footer>\n"
    )
    return make_page(title, body, style, _policy(style))


def _sections(report: Report, links: Links) -> Iterator[tuple[str, str, str]]:
    """Yield the id, the short title for the navigation, and the markup of each section."""
    yield "timeline", "Timeline", timeline(report)
    view = report.view
    yield "minutes", "Minutes", _section("minutes", "Minutes", minutes_sections(view, links)) if view else ""
    yield "overview", "Key passages", overview(report, links)
    yield "statistics", "Statistics", statistics(report)
    yield "transcript", "Transcript", transcript(report, links)
    yield "check", "To check", passages_to_check(report.findings, links)


def _section(anchor: str, title: str, content: str) -> str:
    heading = f"<h2>{title}</h2>\n" if title else ""
    return f'<section id="{anchor}">\n{heading}{content}</section>\n' if content else ""


def _footer(report: Report, sound: Sound | None) -> str:
    """Return the footer: the notices, the name of the tool, and the location of the audio."""
    notices = [notice.text for notice in (*report.notices, *report.edited.meta.notices)]
    listed = "".join(f"<li>{escape_markup(text)}</li>" for text in notices)
    notes = f"<h2>Notes</h2>\n<ul>{listed}</ul>\n" if listed else ""
    made = "Made by meetscribe."
    if sound:
        made += f" The sound of {escape_markup(sound.name)} is {escape_markup(_location(sound))}."
    return f"<footer>\n{notes}<p>{made}</p>\n</footer>\n"


def _location(sound: Sound) -> str:
    """Return the location of the audio relative to the page, and the condition for playing it."""
    if sound.size:
        return f"in this file, {megabytes(sound.size)}"
    path = unquote(sound.url)
    if "/" not in path:
        return "beside this file, and must stay there"
    is_absolute = ":" in sound.url  # "file:///…": in a relative URL, a colon is escaped
    return f"at {path}{'' if is_absolute else ', relative to this file'}, and must stay there"


def _style(speakers: int) -> str:
    rules: Sequence[str] = palette_rules(speakers, ".s", "--own")
    return asset("report.css") + "".join(f"{rule}\n" for rule in rules)


def _policy(style: str) -> str:
    return f"default-src 'none'; style-src {source_hash(style)}; base-uri 'none'; form-action 'none'"


def _media(sound: Sound) -> str:
    return "media-src data:" if sound.size else "media-src 'self' file:"
