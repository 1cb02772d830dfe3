"""A Word document: a paragraph per speaker with its start, to edit, print and read back (needs python-docx)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.meeting import meeting_title
from meetscribe.formats.parts.timed_lines import starts_with_time
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.formats.parts.word_document import is_word_document, lines_of
from meetscribe.formats.txt import read as read_lines
from meetscribe.markup.colors import ON_LIGHT, speaker_color
from meetscribe.markup.escaping import escape_markup, xml_text
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock, shown_name

if TYPE_CHECKING:
    from docx.document import Document as WordDocument


_TIMED = re.compile(r"\[\d+:\d{2}")


def matches(document: Document) -> bool:
    """Return whether the file is a Word document."""
    return is_word_document(document.data)


def read(document: Document) -> Transcript:
    """Read paragraphs and table rows with times as the lines of plain text.

    Everything before the first time is left out: the title and what describes the recording. A paragraph without a
    time continues the one before, or starts with the name of a speaker. Tracked changes are read as accepted. Raises
    InputError if the file is damaged or no paragraph starts with a time.
    """
    lines = [(line.strip(), heading) for line, heading in lines_of(document.data, document.name) if line.strip()]
    first = next((place for place, (line, _) in enumerate(lines) if _TIMED.match(line)), None)
    if first is None:
        timed = (place for place, (line, heading) in enumerate(lines) if not heading and starts_with_time(line))
        first = next(timed, None)
    if first is None and any(not heading and " · " not in line for line, heading in lines):
        raise InputError(
            f"{document.name}: no paragraph starts with a time", "Write paragraphs as: [0:01:02.3] Anna: Good morning."
        )
    text = "\n".join(line for line, _ in lines[first:]) if first is not None else ""
    return read_lines(Document(text.encode("utf-8", "replace"), document.name))


def write(transcript: Transcript, *, times: bool = True) -> bytes:
    """Write a Word document: title, facts about the recording, then paragraphs of start, name and text.

    Without `times`, paragraphs have no start.
    """
    from docx import Document as new_document

    document = new_document()
    title = xml_text(meeting_title(transcript)) or "Transcript"
    document.core_properties.title = title[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = transcript.language
    document.add_heading(title, level=1)
    names = dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers)
    facts = [
        transcript.meta.recorded_at,
        clock(transcript.duration),
        transcript.language,
        ", ".join(map(xml_text, names)),
    ]
    document.add_paragraph(" · ".join(filter(None, facts)))
    _add_paragraphs(document, transcript, {name: place for place, name in enumerate(names)}, times)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    """Remove the times of creation from the archive, so that equal transcripts make equal files."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as dated, ZipFile(out, "w", ZIP_DEFLATED) as undated:
        for name in dated.namelist():
            undated.writestr(ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), dated.read(name), ZIP_DEFLATED)
    return out.getvalue()


def _add_paragraphs(document: WordDocument, transcript: Transcript, names: dict[str, int], times: bool) -> None:
    """Add the paragraphs as XML, since python-docx takes most of a second for the runs of an hour."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    last = document.element.body.sectPr
    space = nsdecls("w")
    for paragraph in paragraphs(transcript):
        runs = _run(f"[{clock(paragraph.start)}] ", '<w:color w:val="666666"/>') if times else ""
        if name := speaker_name(transcript, paragraph):
            runs += _run(f"{name}: ", f'<w:b/><w:color w:val="{speaker_color(names[name], ON_LIGHT)[1:].upper()}"/>')
        last.addprevious(parse_xml(f"<w:p {space}>{runs}{_run(paragraph.text, '')}</w:p>"))


def _run(text: str, marks: str) -> str:
    """Return a run of text with its properties."""
    end = " " if text.endswith(" ") else ""
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape_markup(text)}{end}</w:t></w:r>'
