from __future__ import annotations

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.xml_documents import attribute_of, elements_named, parse_xml


def test_names_without_namespaces() -> None:
    """Elements and attributes are found by their names in any namespace."""
    root = parse_xml(Document(b'<a xmlns="n" xmlns:m="m"><b m:x="1"/><m:b/></a>'), "")
    assert [attribute_of(element, "x") for element in elements_named(root, "b")] == ["1", None]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<a>", "no element found"),
        (b"<!DOCTYPE a><a/>", "document type"),
        (b"<a>" * 200 + b"</a>" * 200, "more than 100 nested elements"),
        (b"\0\1\2\xff", "not text"),
    ],
)
def test_hostile_xml_is_refused(data: bytes, problem: str) -> None:
    """Invalid XML, document types and deep nesting are refused with the file's name."""
    with pytest.raises(InputError, match=rf"^a\.xml: .*{problem}"):
        parse_xml(Document(data, "a.xml"), "Save the file again.")
