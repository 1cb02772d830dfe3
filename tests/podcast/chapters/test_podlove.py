"""Podlove Simple Chapters, read by another program."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from meetscribe.errors import JSON
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.chapters.podlove import NAMESPACE, podlove_chapters

CHAPTERS = [Chapter(0.0, 'A "B" <c> & d'), Chapter(3723.4567, "Zwei\x00\n")]


def test_the_file_is_well_formed() -> None:
    """Titles are escaped; characters that XML cannot hold are left out."""
    root = ElementTree.fromstring(podlove_chapters(CHAPTERS))
    assert (root.tag, root.get("version")) == (f"{{{NAMESPACE}}}chapters", "1.2")
    assert [row.attrib for row in root] == [
        {"start": "00:00:00.000", "title": 'A "B" <c> & d'},
        {"start": "01:02:03.457", "title": "Zwei"},
    ]


def test_links_and_images() -> None:
    details: dict[str, JSON] = {
        "url": "https://example.org/?a=1&b=2",
        "img": "https://example.org/a.png",
        "location": {"name": "x"},
    }
    (row,) = ElementTree.fromstring(podlove_chapters([Chapter(0.0, "One", details=details)]))
    assert (row.get("href"), row.get("image"), len(row.attrib)) == (details["url"], details["img"], 4)


def test_another_program_reads_it() -> None:
    tools = pytest.importorskip("podcast_chapter_tools")
    found = tools.extract_psc_chapters(ElementTree.fromstring(podlove_chapters(CHAPTERS)))
    assert [(int(one.start), one.title) for one in found] == [(0, 'A "B" <c> & d'), (3723, "Zwei")]
