"""The text of a Word document (ECMA-376, WordprocessingML): its paragraphs, and its table rows as lines with a time."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from meetscribe.errors import InputError
from meetscribe.text.whitespace import one_line

PART = "word/document.xml"
"""The part of the archive that holds the text."""

MAX_BYTES = 200_000_000
"""Maximum size of the text as XML; 20 hours of speech take about 10 MB."""

_REMEDY = "Save the document again in Word."
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HIDDEN = {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
"""Elements whose text was deleted or moved away, or is an alternative form of other content."""

_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_CLOCK = r"(?:\d{1,5}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIME_CELL = re.compile(rf"[\[(]?({_CLOCK})(?:\s*(?:-->|-|–)\s*({_CLOCK}))?[\])]?")


def is_word_document(data: bytes) -> bool:
    """Return whether the bytes are a Word document."""
    if not data.startswith(b"PK"):
        return False
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return PART in archive.namelist()
    except (BadZipFile, OSError, ValueError):
        return False


def read_part(data: bytes, name: str) -> bytes:
    """Return the XML of the text of a Word document; raises InputError if the file is damaged or malicious."""
    try:
        with ZipFile(io.BytesIO(data)) as archive, archive.open(PART) as part:
            text = part.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise ValueError("the text is larger than 200 MB")
    except (BadZipFile, KeyError, OSError, ValueError, NotImplementedError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: {error}", _REMEDY) from error
    return text


def lines_of(data: bytes, name: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a Word document, and whether each is a heading.

    Tracked changes are read as accepted. A row of a table with a time is a line such as
    `[0:01:02] [Anna]: Good morning.`, in brackets because the name may not look like one. Raises InputError if the file
    is damaged or malicious.
    """
    text = read_part(data, name)
    try:
        if b"<!DOCTYPE" in text[:1000]:  # its entities could expand without limit or include other files
            raise ValueError("the file declares a document type, which Word's files do not have")
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"{name}: {error}", _REMEDY) from error
    yield from _lines(root)


def _lines(parent: Element) -> Iterator[tuple[str, bool]]:
    """Yield the lines of the paragraphs and tables in an element."""
    for child in parent:
        if child.tag == f"{_W}p":
            heading = _is_heading(child)
            yield from ((line, heading) for line in _text(child).split("\n"))
        elif child.tag == f"{_W}tbl":
            yield from ((line, False) for line in _rows(child))
        elif child.tag not in _HIDDEN:
            yield from _lines(child)


def _is_heading(paragraph: Element) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and style.get(f"{_W}val", "").startswith(("Heading", "Title", "Subtitle"))


def _text(element: Element) -> str:
    """Return the text of a paragraph with all tracked changes accepted."""
    if element.tag == f"{_W}t":
        return element.text or ""
    return _CHARACTERS.get(element.tag) or "".join(_text(child) for child in element if child.tag not in _HIDDEN)


def _rows(table: Element) -> Iterator[str]:
    """Yield a line per row with a time; others continue the row above, or are skipped before the first."""
    started = False
    for row in table.iter(f"{_W}tr"):
        cells = [
            " ".join(one_line(_text(each)) for each in cell.iter(f"{_W}p")).strip() for cell in row.iter(f"{_W}tc")
        ]
        line = _line(cells)
        if line is not None or started:
            yield " ".join(filter(None, cells)) if line is None else line
        started = started or line is not None


def _line(cells: list[str]) -> str | None:
    """Return a table row as a line with time, name and text; None without a time.

    The time may be in any column. If several other cells have text, the first one is the name, or the one
    after a row number.
    """
    times = [(index, match) for index, cell in enumerate(cells) if (match := _TIME_CELL.fullmatch(cell))]
    if not times:
        return None
    start = times[0][1][1]
    end = times[0][1][2] or (times[1][1][1] if len(times) > 1 else None)
    others = [cell for index, cell in enumerate(cells) if cell and index not in {index for index, _ in times}]
    others = others[1:] if len(others) > 1 and others[0].isdigit() else others  # the number of the row
    name = f"[{others[0].rstrip(':').strip('[]')}]: " if len(others) > 1 else ""
    return f"[{start}{f' --> {end}' if end else ''}] {name}{' '.join(others[1:] if name else others)}"
