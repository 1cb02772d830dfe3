from __future__ import annotations

import codecs

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document


@pytest.mark.parametrize(
    "data", [b"a\r\nb\rc\n", codecs.BOM_UTF8 + b"a\nb\nc\n", codecs.BOM_UTF16_BE + "a\nb\r\nc\n".encode("utf-16-be")]
)
def test_text_is_decoded(data: bytes) -> None:
    """Text is UTF-8, or UTF-16 with a byte order mark, and its lines end with line feeds."""
    document = Document(data)
    assert document.text == "a\nb\nc\n"
    assert document.head.startswith("a")


def test_binary_files_are_refused() -> None:
    """Bytes that are not text in any encoding are refused with the file's name, but can be looked at."""
    document = Document(b"a\xff\0\1\2", "a.txt")
    with pytest.raises(InputError, match=r"^a\.txt: not text"):
        _ = document.text
    assert document.head == "a\ufffd\0\1\2"
    assert document.is_binary


def test_notices_come_before_those_of_readers() -> None:
    """A guessed encoding is reported once, before the notices of the reader."""
    document = Document("Zoë".encode("cp1252"), "a.txt")
    document.notice("formats.skipped-text", ", line 1: skipped")
    assert (document.text, document.text) == ("Zoë", "Zoë")
    assert [notice.code for notice in document.notices] == ["formats.encoding", "formats.skipped-text"]


def test_json_members() -> None:
    """The members of an object are its keys; lists, other values and broken JSON have none."""
    document = Document(b' {"segments": [{"start": NaN}, 2], "text": ""}')
    assert document.member_names() == {"segments", "text"}
    assert document.first_object("segments") == {"start": None}
    assert document.first_object("text") == {}
    assert Document(b"[1]").member_names() == set()
    assert Document(b'{"a":').json is None
    with pytest.raises(InputError, match=r"^b\.json: not JSON"):
        _ = Document(b"hello", "b.json").root
