"""Parts of Word documents that several writers share (needs python-docx)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from meetscribe.errors import SettingsError
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.markup.colors import ON_LIGHT, speaker_color
from meetscribe.markup.escaping import escape_markup, xml_text
from meetscribe.text.languages import UNKNOWN
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_REGIONS_OF_SAME_CODE = frozenset("bg de es fi fr hr hu id it lt lv nl pl pt ro ru sk th tr".split())
"""Languages that Word names with a region of the same letters, such as es-ES."""

_LANGUAGE_ATTRIBUTES = {"w:eastAsia": ("ja", "ko", "zh"), "w:bidi": ("ar", "fa", "he", "ur")}
"""The attributes for languages that Word checks apart from those in other scripts."""


def new_word_document(title: str, language: str) -> WordDocument:
    """Return a document with a heading and without the name of an author; raises SettingsError without python-docx."""
    try:
        from docx import Document as new_document
    except ImportError as error:
        raise SettingsError("Word documents need python-docx", "Install it: pip install python-docx") from error
    document = new_document()
    shown = xml_text(title)
    document.core_properties.title = shown[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = language
    _set_proofing_language(document, language)
    document.add_heading(shown, level=1)
    return document


def _set_proofing_language(document: WordDocument, language: str) -> None:
    """Set the language in which Word checks the spelling; English and an unknown one stay that of the template."""
    from docx.oxml.ns import qn

    if language in ("en", UNKNOWN):
        return
    tag = f"{language}-{language.upper()}" if language in _REGIONS_OF_SAME_CODE else language
    name = next((name for name, languages in _LANGUAGE_ATTRIBUTES.items() if language in languages), "w:val")
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn(name), tag)


def word_bytes(document: WordDocument) -> bytes:
    """Return the file, without the times of creation, so that equal documents are equal files."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with ZipFile(written) as dated, ZipFile(out, "w", ZIP_DEFLATED) as undated:
        for name in dated.namelist():
            undated.writestr(ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), dated.read(name), ZIP_DEFLATED)
    return out.getvalue()


def add_transcript(document: WordDocument, transcript: Transcript, names: Mapping[str, int], times: bool) -> None:
    """Add the paragraphs of a transcript; `names` maps each speaker's name to the index of a colour.

    They are added as XML, since python-docx takes most of a second for the runs of an hour.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    section = document.element.body.sectPr  # the last element of the body
    namespace = nsdecls("w")
    for paragraph in paragraphs(transcript):
        runs = _run(f"[{clock(paragraph.start)}] ", '<w:color w:val="666666"/>') if times else ""
        if name := speaker_name(transcript, paragraph):
            runs += _run(f"{name}: ", f'<w:b/><w:color w:val="{speaker_color(names[name], ON_LIGHT)[1:].upper()}"/>')
        section.addprevious(parse_xml(f"<w:p {namespace}>{runs}{_run(paragraph.text, '')}</w:p>"))


def _run(text: str, marks: str) -> str:
    """Return a run of text with its properties."""
    end = " " if text.endswith(" ") else ""
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape_markup(text)}{end}</w:t></w:r>'
