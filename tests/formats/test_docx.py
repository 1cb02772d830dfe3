"""Word documents are read as people edit them."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from meetscribe.errors import InputError
from meetscribe.formats import read, write
from meetscribe.formats.parts.word_document import PART
from meetscribe.testing import synthetic_meeting

docx = pytest.importorskip("docx")


def document(*paragraphs: str, body: str = "") -> bytes:
    """Return a document with paragraphs, and with XML after them."""
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    out = io.BytesIO()
    made.save(out)
    if not body:
        return out.getvalue()
    changed = io.BytesIO()
    with ZipFile(out) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1) if name == PART else data)
    return changed.getvalue()


def spoken(data: bytes) -> list[tuple[float, str | None, str]]:
    """Return start, speaker and text of the segments."""
    return [(one.start, one.speaker, one.text) for one in read(data, "copy.docx").segments]


def test_our_own_document_reads_back() -> None:
    """The title and the description of the recording are left out, names and times are read."""
    meeting = synthetic_meeting(speakers=2, turns=4).transcript.rename({"SPEAKER_00": "Anna"})
    again = read(write(meeting, "docx"), "copy.docx")
    assert again.text.split() == meeting.text.split()
    assert [word.speaker for word in again.words] == [word.speaker for word in meeting.edited().words]


@pytest.mark.parametrize(
    ("language", "attribute", "tag"), [("es", "val", "es-ES"), ("en", "val", "en-US"), ("ja", "eastAsia", "ja")]
)
def test_words_are_checked_in_the_language_of_the_transcript(language: str, attribute: str, tag: str) -> None:
    """Otherwise Word would underline a Spanish transcript as wrong English."""
    data = write(synthetic_meeting(turns=2).transcript.with_meta(language=language), "docx")
    styles = docx.Document(io.BytesIO(data)).styles.element
    (element,) = styles.iter(docx.oxml.ns.qn("w:lang"))
    assert element.get(docx.oxml.ns.qn(f"w:{attribute}")) == tag


def test_paragraphs_without_a_time() -> None:
    """They continue the text, or are those of another speaker whose name is known."""
    data = document("Notes", "[0:00:01.0] Anna: Good morning.", "And welcome.", "Ben: Hello.", "[0:00:09.0] Ben: So.")
    assert [(speaker, text) for _, speaker, text in spoken(data)] == [
        ("Anna", "Good morning. And welcome."),
        ("Ben", "Hello."),
        ("Ben", "So."),
    ]


def test_problems_are_reported() -> None:
    """As in plain text, times of day are counted from the first."""
    transcript = read(document("[Anna] 14:03:07", "Good morning.", "[Ben] 14:03:12", "Hello."), "copy.docx")
    assert [segment.start for segment in transcript.segments] == [0.0, 5.0]
    assert [notice.code for notice in transcript.meta.notices] == ["formats.clock-times"]


def test_layouts_of_other_programs() -> None:
    """Names and times may stand above the text."""
    data = document("Weekly meeting", "Anna Berg  0:05", "Good morning.", "Ben  0:08", "Hello.")
    assert spoken(data) == [(5.0, "Anna Berg", "Good morning."), (8.0, "Ben", "Hello.")]


@pytest.mark.parametrize(
    "rows",
    [
        [("Time", "Speaker", "Text"), ("0:00:01.0", "Anna", "Good morning."), ("0:00:03.0", "Ben", "Hello.")],
        [
            ("#", "Start", "End", "Who", "What"),
            ("1", "0:01", "0:02", "Anna", "Good morning."),
            ("2", "0:03", "0:04", "Ben:", "Hello."),
        ],
        [("Anna", "[00:00:01]", "Good morning."), ("Ben", "[00:00:03]", "Hello.")],
        [("00:00:01 - 00:00:02", "Anna", "Good morning."), ("00:00:03 - 00:00:04", "Ben", "Hello.")],
    ],
    ids=["time-speaker-text", "numbered", "name-first", "spans"],
)
def test_tables(rows: list[tuple[str, ...]]) -> None:
    """Each row of a table with a time is a segment, whatever the order of the columns."""
    made = docx.Document()
    table = made.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    made.save(out)
    assert spoken(out.getvalue()) == [(1.0, "Anna", "Good morning."), (3.0, "Ben", "Hello.")]


def test_tracked_changes_are_read_as_accepted() -> None:
    """Deleted text is left out, inserted text is read, and so is text in content controls."""
    body = (
        "<w:p><w:r><w:t>[0:00:01.0] Anna: Good </w:t></w:r><w:del><w:r><w:delText>evening</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>morning</w:t></w:r></w:ins><w:moveFrom><w:r><w:t> moved</w:t></w:r></w:moveFrom>"
        "<w:r><w:t>.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>And</w:t><w:br/><w:t>welcome.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert [text for *_, text in spoken(document(body=body))] == ["Good morning. And welcome."]


def test_documents_without_times_are_refused() -> None:
    """The error states how to write the paragraphs."""
    with pytest.raises(InputError, match=r"copy\.docx: no paragraph starts with a time\nWrite paragraphs as: \["):
        read(document("Shopping list", "Milk"), "copy.docx")


@pytest.mark.parametrize("part", [b"<!DOCTYPE a><a/>", b"<a", b""])
def test_damaged_and_malicious_documents(part: bytes) -> None:
    """An archive whose text is not XML, or declares entities, is an error."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(PART, part)
    with pytest.raises(InputError, match="Save the document again in Word"):
        read(out.getvalue(), "copy.docx")
