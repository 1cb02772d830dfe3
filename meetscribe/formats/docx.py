"""A Word document: a paragraph per speaker with its start, to edit, print and read back (needs python-docx)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.meeting import meeting_title, read_date, read_title
from meetscribe.formats.parts.timed_lines import starts_with_time
from meetscribe.formats.parts.word_document import is_word_document, lines_of
from meetscribe.formats.parts.word_writing import add_transcript, new_word_document, word_bytes
from meetscribe.formats.txt import read as read_lines
from meetscribe.markup.escaping import xml_text
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock, shown_name

_TIMED = re.compile(r"\[\d+:\d{2}")


def matches(document: Document) -> bool:
    """Return whether the file is a Word document."""
    return is_word_document(document.data)


def read(document: Document) -> Transcript:
    """Read paragraphs and table rows with times as the lines of plain text.

    Before the first time, the first heading is the title, and a line such as "2026-11-27 · 0:08:21.3 · en" has the
    date; other text there is skipped. A paragraph without a time continues the previous one,
    or starts with the name of a speaker who has a time elsewhere. Tracked changes are read as accepted. Raises
    InputError if the file is damaged, or has text but no paragraph that starts with a time.
    """
    lines = [(line.strip(), heading) for line, heading in lines_of(document.data, document.name) if line.strip()]
    # Times in brackets first, as `write` puts them: the facts above them may look like another layout of times.
    first = next((index for index, (line, _) in enumerate(lines) if _TIMED.match(line)), None)
    if first is None:
        timed = (index for index, (line, heading) in enumerate(lines) if not heading and starts_with_time(line))
        first = next(timed, None)
    # A line with " · " holds the facts that `write` puts under the title of a transcript, even of an empty one.
    if first is None and any(not heading and " · " not in line for line, heading in lines):
        raise InputError(
            f"{document.name}: no paragraph starts with a time", "Write paragraphs as: [0:01:02.3] Anna: Good morning."
        )
    text = "\n".join(line for line, _ in lines[first:]) if first is not None else ""
    plain_text = Document(text.encode("utf-8", "replace"), document.name)
    transcript = read_lines(plain_text)
    document.notices += plain_text.notices
    title = next((line for line, heading in lines[:first] if heading), None)
    facts = next((line for line, heading in lines[:first] if not heading and " · " in line), "")
    return transcript.with_meta(title=read_title(title), recorded_at=_date(facts.partition(" · ")[0]))


def _date(text: str) -> str | None:
    """Return a date as `write` or a report writes it, or as people do in English, in ISO 8601; None for other text.

    >>> _date("2026-11-27"), _date("27 November 2026, 10:05"), _date("November 27, 2026"), _date("soon")
    ('2026-11-27', '2026-11-27T10:05', '2026-11-27', None)
    """
    for layout in ("%d %B %Y", "%B %d, %Y", "%d %B %Y, %H:%M"):
        with suppress(ValueError):
            found = datetime.strptime(text.strip(), layout)
            return found.isoformat(timespec="minutes") if "%H" in layout else found.date().isoformat()
    return read_date(text.strip())


def write(transcript: Transcript, *, times: bool = True) -> bytes:
    """Write a Word document: title, facts about the recording, then paragraphs of start, name and text.

    Without `times`, paragraphs have no start.
    """
    document = new_word_document(xml_text(meeting_title(transcript)) or "Transcript", transcript.language)
    names = dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers)
    facts = [
        transcript.meta.recorded_at,
        clock(transcript.duration),
        transcript.language,
        ", ".join(map(xml_text, names)),
    ]
    document.add_paragraph(" · ".join(filter(None, facts)))
    add_transcript(document, transcript, {name: index for index, name in enumerate(names)}, times)
    return word_bytes(document)
