"""Addresses as they are written and as they are spelled out."""

from __future__ import annotations

import pytest

from meetscribe.podcast.links import links_in
from meetscribe.transcript import Meta, Transcript
from tests.podcast.episodes import said


def urls(text: str) -> list[str]:
    return [link.url for link in links_in(Transcript((said("Anna", 0.0, *text.split()),), Meta("en", 100.0)))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Go to Example.com/Shop?a=1, now.", ["https://example.com/Shop?a=1"]),
        ("see http://news.example.org. Thanks", ["http://news.example.org"]),
        ("at example dot com slash offer dash two.", ["https://example.com/offer-two"]),
        ("auf Beispiel Punkt de, Schrägstrich", ["https://beispiel.de"]),
        ("(bbc.co.uk)", ["https://bbc.co.uk"]),
        ("example.com and Example.com again", ["https://example.com"]),
        ("write to me@example.com", []),
        ("e.g. node.js version 3.5 ends.It starts", []),
        ("it is a polka dot is it not", []),
        ("connect the dot com", []),
        ("dot", []),
        ("slash dot", []),
        ("javascript:alert(1) file:///etc/passwd https://evil.example/x", []),
        ("https://a.b.example.org:8080/x/y", ["https://a.b.example.org:8080/x/y"]),
    ],
)
def test_addresses(text: str, found: list[str]) -> None:
    assert urls(text) == found


def test_the_time_is_that_of_the_first_mention() -> None:
    transcript = Transcript((said("A", 5.0, "See", "example.org"), said("B", 9.0, "example.org")), Meta("en", 20.0))
    assert [(link.url, link.start) for link in links_in(transcript)] == [("https://example.org", 5.4)]
