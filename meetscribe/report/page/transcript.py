"""The transcript by turns, with the offsets and times of all words for the script, and the passages to check."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from meetscribe.markup.escaping import escape_markup
from meetscribe.report.contents import Report
from meetscribe.report.page.links import Links
from meetscribe.report.paragraphs import Paragraph
from meetscribe.report.wording import FINDINGS
from meetscribe.transcript import Finding
from meetscribe.transcript.doubt import is_doubtful
from meetscribe.transcript.notes import Topic

UNKNOWN_SPEAKER = "Unknown speaker"

MAX_GROUP = 100
"""The maximum number of paragraphs in a group, which a browser lays out together."""


def transcript(report: Report, links: Links) -> str:
    """Return the section of the transcript; empty without words."""
    if not report.paragraphs:
        return ""
    indices = {row.speaker: index for index, row in enumerate(report.speakers)}
    language = escape_markup(report.edited.language)
    parts = "".join(
        _heading(topic) + f'<ol class="turns" lang="{language}">\n{"".join(_turns(group, indices, links))}</ol>\n'
        for topic, group in _groups(report)
    )
    return f'<section id="transcript">\n<h2>Transcript</h2>\n{_toolbar(report)}{parts}</section>\n'


def passages_to_check(findings: Sequence[Finding], links: Links) -> str:
    """Return the section of doubtful passages; empty if there are none."""
    if not findings:
        return ""
    rows = "".join(
        f"<li>{links.at(one.start)} <span>{FINDINGS[one.kind]}: {escape_markup(one.reason)}"
        f"{f' <q>{escape_markup(one.text)}</q>' if one.text else ''}</span></li>\n"
        for one in findings
    )
    return f'<section id="check">\n<h2>Passages to check</h2>\n<ol class="topics">\n{rows}</ol>\n</section>\n'


def _toolbar(report: Report) -> str:
    """Return the controls of the transcript, shown by the script."""
    chips = "".join(
        f'<button type="button" class="chip s{index}" data-speaker="{index}" aria-pressed="false"><i></i>'
        f"<bdi>{escape_markup(row.speaker)}</bdi></button>"
        for index, row in enumerate(report.speakers)
        if row.talk_time_s
    )
    doubts = any(one.findings or any(map(is_doubtful, one.words)) for one in report.paragraphs)
    filter = (
        '<button type="button" class="chip" id="doubts" aria-pressed="false"><u>doubtful</u></button>' if doubts else ""
    )
    return (
        '<div class="toolbar js" role="search">\n'
        '<input type="search" id="query" placeholder="Search" aria-label="Search the transcript" maxlength="200">'
        '<span id="hits" aria-live="polite"></span>\n'
        f'<div class="chips" role="group" aria-label="Show only these speakers">{chips}{filter}</div>\n</div>\n'
    )


def _groups(report: Report) -> Iterator[tuple[Topic | None, Sequence[Paragraph]]]:
    """Yield groups of at most `MAX_GROUP` paragraphs, each with the topic that begins there, if any."""
    for topic, paragraphs in _by_topic(report):
        for start in range(0, len(paragraphs), MAX_GROUP):
            yield (None if start else topic), paragraphs[start : start + MAX_GROUP]


def _by_topic(report: Report) -> Iterator[tuple[Topic | None, Sequence[Paragraph]]]:
    """Yield the paragraphs of each topic, or all paragraphs without a topic if there are fewer than two."""
    paragraphs = report.paragraphs
    if len(report.topics) < 2:
        yield None, paragraphs
        return
    starts = [one.start for one in paragraphs]
    cuts = [0, *(bisect_left(starts, topic.start) for topic in report.topics[1:]), len(paragraphs)]
    for topic, first, last in zip(report.topics, cuts, cuts[1:], strict=False):
        if first < last:
            yield topic, paragraphs[first:last]


def _heading(topic: Topic | None) -> str:
    if topic is None:
        return ""
    heading = topic.heading[:1].upper() + topic.heading[1:]
    return f'<h3 class="topic" dir="auto">{escape_markup(heading)}</h3>\n'


def _turns(paragraphs: Sequence[Paragraph], indices: dict[str, int], links: Links) -> Iterator[str]:
    """Yield the paragraphs, with the name before the first paragraph of each run of a speaker.

    The classes are "t" for that first paragraph, "sN" for the colour of the speaker, and "q" for doubtful passages.
    """
    before: object = paragraphs  # equals no speaker, not even None
    for one in paragraphs:
        index = indices.get(one.speaker or "")
        first = one.speaker != before
        marks = ("t" if first else "", "" if index is None else f"s{index}", "q" if one.findings else "")
        classes = " ".join(filter(None, marks))
        name = f"<b><bdi>{escape_markup(one.speaker or UNKNOWN_SPEAKER)}</bdi></b>" if first else ""
        yield (
            f'<li id="{one.anchor}"{f" class={classes!r}" if classes else ""}><div>{name}{links.at(one.start)}</div>'
            f'<p dir="auto" data-w="{_times(one)}"{_offsets(one)}>{_text(one)}</p>{_reasons(one)}</li>\n'
        )
        before = one.speaker


def _times(one: Paragraph) -> str:
    """Return the starts of the words in hundredths of a second: the first start, then the differences."""
    starts = [round(100 * word.start) for word in one.words]
    return " ".join(map(str, [starts[0], *(after - now for now, after in zip(starts, starts[1:], strict=False))]))


def _offsets(one: Paragraph) -> str:
    """Return an attribute with the offsets of the words, or "" if spaces separate all words."""
    if len(one.text.split(" ")) == len(one.words) and all(one.texts):
        return ""
    return f' data-o="{" ".join(map(str, one.offsets))}"'


def _text(one: Paragraph) -> str:
    """Return the text with its doubtful words marked."""
    if not any(map(is_doubtful, one.words)):
        return escape_markup(one.text)
    parts, position = [], 0
    for word, text in zip(one.words, one.texts, strict=True):
        start = one.text.index(text, position)
        shown = escape_markup(text)
        parts.append(one.text[position:start] + (f"<u>{shown}</u>" if is_doubtful(word) and text else shown))
        position = start + len(text)
    return "".join(parts)


def _reasons(one: Paragraph) -> str:
    """Return the reasons why a paragraph is doubtful."""
    reasons = dict.fromkeys(f"{FINDINGS[finding.kind]}: {finding.reason}" for finding in one.findings)
    return "".join(f'<p class="why">{escape_markup(reason)}</p>' for reason in reasons)
