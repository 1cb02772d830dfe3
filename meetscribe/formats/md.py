"""Markdown for notes: front matter, then a paragraph per speaker with its start."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import pairwise

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.meeting import meeting_title, read_date, read_title
from meetscribe.formats.parts.templates import format_lines
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.markup.escaping import escape_markdown
from meetscribe.text.languages import code_of
from meetscribe.timeline import SECONDS_PER_CHARACTER, Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock, shown_name

_LINE = re.compile(r"`(\d{1,5}):(\d\d):(\d\d(?:\.\d+)?)` (?:\*\*(.*?[^\\]):\*\* )?(.*)")
_FRONT = re.compile(r"---\n(.*?\n)?---\n", re.DOTALL)
_BODY = re.compile(r"^\s*[^#\s]", re.MULTILINE)


def matches(document: Document) -> bool:
    """Return whether the first line after front matter and headings is a paragraph in the layout of `write`."""
    body = _FRONT.sub("", document.head, count=1)
    lines = (line for line in body.split("\n") if line.strip() and not line.startswith("#"))
    return _LINE.match(next(lines, "")) is not None


def read(document: Document) -> Transcript:
    """Read paragraphs in the layout of `write`; each lasts until the next starts.

    Title, language, duration, date and participants come from the front matter; other text is skipped. Raises
    InputError if a file has text but no such paragraph.
    """
    front = _FRONT.match(document.text)
    facts = _facts(front[1] or "") if front else {}
    found = [match.groups() for line in document.text.split("\n") if (match := _LINE.fullmatch(line.strip()))]
    if not found and _BODY.search(_FRONT.sub("", document.text, count=1)):
        raise InputError(
            f"{document.name}: no paragraph starts with a time",
            "Write paragraphs as: `0:01:02.3` **Anna:** Good morning.",
        )
    starts = [int(hours) * 3600 + int(minutes) * 60 + float(seconds) for hours, minutes, seconds, *_ in found]
    ends = [max(start, after) for start, after in pairwise(starts)]
    ends += [start + SECONDS_PER_CHARACTER * len(row[4]) for start, row in zip(starts[-1:], found[-1:], strict=True)]
    segments = [
        segment_from_text(_unescape(row[4]), start, end, row[3] and _unescape(row[3]))
        for row, start, end in zip(found, starts, ends, strict=True)
    ]
    transcript = assemble(segments, code_of(str(facts.get("language", ""))), _duration(facts.get("duration")))
    return transcript.with_meta(
        title=read_title(facts.get("title")),
        recorded_at=read_date(facts.get("date")),
        participants=_names(facts.get("participants")),
    )


def write(transcript: Transcript, *, times: bool = True, template: str = "") -> str:
    """Write YAML front matter and paragraphs; texts and names are escaped.

    Without `times`, paragraphs have no start. A `template`, such as `**{speaker}** {start}: {text}`, lays out the
    paragraphs instead. Files written with either option are not read back.
    """
    meta = transcript.meta
    known = {"date": meta.recorded_at, "participants": list(meta.participants)}
    front = {
        "title": meeting_title(transcript),
        **{key: value for key, value in known.items() if value},
        "language": transcript.language,
        "duration": transcript.duration,
        "speakers": list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers)),
    }
    head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    spoken = paragraphs(transcript)
    shown = (
        format_lines(transcript, spoken, template, escape_markdown)
        if template
        else (_paragraph(transcript, paragraph, times) for paragraph in spoken)
    )
    return f"---\n{head}---\n" + "".join(f"\n{paragraph}\n" for paragraph in shown)


def _paragraph(transcript: Transcript, paragraph: Segment, times: bool) -> str:
    name = speaker_name(transcript, paragraph)
    label = f"**{escape_markdown(name)}:** " if name else ""
    start = f"`{clock(paragraph.start)}` " if times else ""
    return f"{start}{label}{escape_markdown(paragraph.text)}"


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _facts(front: str) -> dict[str, object]:
    """Return the entries of the front matter with JSON values."""
    facts: dict[str, object] = {}
    for key, _, value in (line.partition(": ") for line in front.splitlines()):
        with suppress(ValueError):
            facts[key] = json.loads(value)
    return facts


def _names(value: object) -> tuple[str, ...]:
    """Return the names of the front matter, none if they are not a list of text."""
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()


def _duration(value: object) -> Seconds | None:
    """Return the duration of the front matter if it is a valid number of seconds."""
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e9 else None
