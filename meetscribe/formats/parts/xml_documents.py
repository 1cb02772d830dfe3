"""Parse the XML of untrusted files."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document

_DEEPEST = 100
"""Maximum nesting depth of elements; formats of transcripts need fewer than ten levels."""


def parse_xml(document: Document, remedy: str) -> Element:
    """Return the root element of a file.

    Raises InputError for invalid XML, for elements nested too deeply, and for a document type, whose entities could
    expand without limit or include other files.
    """
    try:
        if "<!DOCTYPE" in document.text:
            raise ValueError("the file declares a document type, which such files do not have")
        root = ElementTree.fromstring(document.text)
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"{document.name}: {error}", remedy) from error
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    if level:
        raise InputError(f"{document.name}: more than {_DEEPEST} nested elements", remedy)
    return root


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its namespace.

    >>> local_name("{http://www.w3.org/ns/ttml}p"), local_name("p")
    ('p', 'p')
    """
    return name.rpartition("}")[2]


def attribute_of(element: Element, name: str) -> str | None:
    """Return an attribute by its name without a namespace; None if it is missing."""
    return next((value for key, value in element.attrib.items() if local_name(key) == name), None)


def elements_named(root: Element, *names: str) -> Iterator[Element]:
    """Yield the elements with one of the names without a namespace, in the order of the file."""
    return (element for element in root.iter() if local_name(element.tag) in names)
