"""Podlove Simple Chapters 1.2: chapters as XML, as a file and inside feeds."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.formats.chapters import Chapter
from meetscribe.formats.parts.cues import timestamp
from meetscribe.markup.escaping import escape_markup

NAMESPACE = "http://podlove.org/simple-chapters"
"""The XML namespace of Podlove Simple Chapters."""


def podlove_chapters(chapters: Sequence[Chapter]) -> str:
    """Return the XML file of chapters.

    >>> print(podlove_chapters([Chapter(0.0, "Hello & welcome")]), end="")
    <?xml version="1.0" encoding="UTF-8"?>
    <psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">
      <psc:chapter start="00:00:00.000" title="Hello &amp; welcome"/>
    </psc:chapters>
    """
    rows = "".join(f"  <psc:chapter{_attributes(chapter)}/>\n" for chapter in chapters)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<psc:chapters version="1.2" xmlns:psc="{NAMESPACE}">\n{rows}</psc:chapters>\n'


def _attributes(chapter: Chapter) -> str:
    """Return the attributes of a chapter, with its link and its image."""
    values = {"start": timestamp(round(chapter.start * 1000), "."), "title": chapter.title}
    for name, member in (("href", "url"), ("image", "img")):
        value = chapter.details.get(member)
        values |= {name: value} if isinstance(value, str) else {}
    return "".join(f' {name}="{escape_markup(value)}"' for name, value in values.items())
