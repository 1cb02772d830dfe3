"""YouTube's captions as XML (`srv1`, `srv2`, `srv3`), as yt-dlp downloads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.xml_documents import parse_xml
from meetscribe.formats.parts.youtube import Event, transcript_of
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript

_REMEDY = "Download the captions again, or as .vtt."


def matches(document: Document) -> bool:
    """Return whether the file is XML with the root element of YouTube's captions."""
    return re.match(r"(?:<\?[^>]*>\s*)?<(?:timedtext|transcript)[\s>]", document.head) is not None


def read(document: Document) -> Transcript:
    """Read a segment per caption; automatic captions give words their starts. Raises InputError for invalid XML."""
    root = parse_xml(document, _REMEDY)
    try:
        return transcript_of(list(_events(root)), document)
    except ValueError as error:
        raise InputError(f"{document.name}: {error}", _REMEDY) from error


def _events(root: Element) -> Iterator[Event]:
    """Yield the captions: elements `text` in versions 1 and 2, elements `p` in version 3."""
    for element in root.iter():
        if element.tag == "text":
            in_seconds = "start" in element.attrib
            keys = ("start", "dur") if in_seconds else ("t", "d")
            start, duration = (_seconds(element, key, in_seconds) for key in keys)
            yield Event(start, duration, [(None, unescape(element.text or ""))])
        elif element.tag == "p":
            texts = [(0.0 if len(element) else None, element.text or "")]  # text before spans starts with the caption
            for part in element:
                texts += [(_seconds(part, "t"), part.text or ""), (None, part.tail or "")]
            yield Event(_seconds(element, "t"), _seconds(element, "d"), [row for row in texts if row[1]])


def _seconds(element: Element, key: str, in_seconds: bool = False) -> Seconds:
    """Return an attribute as seconds; it is in milliseconds unless `in_seconds`. Raises ValueError for invalid text."""
    text = element.get(key, "0")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text):
        raise ValueError(f"{element.tag}: {key} must be a time, not {text[:20]!r}")
    return float(text) * (1.0 if in_seconds else 0.001)
