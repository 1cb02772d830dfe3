from __future__ import annotations

from html import unescape
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.markup.escaping import escape_markdown, escape_markup, unescape_markdown, xml_text
from meetscribe.text.whitespace import one_line


@given(st.text())
def test_any_text_survives_markup(text: str) -> None:
    """Escaped text reads back from an element and from an attribute as the text that XML can hold."""
    escaped = escape_markup(text)
    root = ElementTree.fromstring(f'<p title="{escaped}">{escaped}</p>'.encode())
    assert (root.text or "") == root.get("title") == unescape(escaped) == xml_text(text)


@given(st.text())
def test_escaped_markdown_is_restored(text: str) -> None:
    assert unescape_markdown(escape_markdown(text)) == one_line(text)


def test_direction_marks_are_removed() -> None:
    """Marks that turn the direction of the text around them are removed; marks within a script are kept."""
    assert xml_text("a\u202eb\u2066c\u200fd") == "abc\u200fd"
