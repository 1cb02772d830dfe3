from __future__ import annotations

from html.parser import HTMLParser

from meetscribe.markup.page import make_page, source_hash


def test_page_holds_its_parts() -> None:
    """Title, policy, language, style and body stand where a browser looks for them."""
    page = make_page("Weekly {meeting}", "<p>{body}</p>", "p { color: red }", "default-src 'none'", "de")
    assert page.startswith('<!DOCTYPE html>\n<html lang="de">')
    assert "<title>Weekly {meeting}</title>\n<style>p { color: red }</style>" in page
    assert "content=\"default-src 'none'\"" in page
    assert page.endswith("<body>\n<p>{body}</p></body>\n</html>\n")
    HTMLParser().feed(page)


def test_hashes_differ() -> None:
    """Each text has a hash of its own, in the spelling of a Content Security Policy."""
    assert source_hash("a") != source_hash("b")
    assert source_hash("a").startswith("'sha256-")
