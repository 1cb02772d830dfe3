"""Links from times and citations to the transcript in the page, or to the recording."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from meetscribe.markup.escaping import escape_markup
from meetscribe.report.paragraphs import Paragraph, utf16_length
from meetscribe.report.wording import HOUR, short_clock
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Citation


class Links(Protocol):
    """Markup for the times of a page."""

    def at(self, time: Seconds | None, citation: Citation | None = None) -> str:
        """Return a time as a link if it has a target; the citation identifies the words."""

    def color(self, speaker: str | None) -> str:
        """Return the HTML attribute for the colour of a speaker, empty if the speaker has no colour."""


class TranscriptLinks:
    """Links to the paragraphs of the page; the script of the page makes them play the audio."""

    def __init__(self, paragraphs: Sequence[Paragraph], duration: Seconds, speakers: Sequence[str]) -> None:
        """Index the words of the paragraphs, and the speakers in the order of their colours."""
        self._color_indices = {speaker: index for index, speaker in enumerate(speakers)}
        self._hours = duration >= HOUR
        self._words = {word.id: (one, index) for one in paragraphs for index, word in enumerate(one.words)}
        self._in_time = sorted(paragraphs, key=lambda one: one.start)

    def at(self, time: Seconds | None, citation: Citation | None = None) -> str:
        """Return the time as a link to its paragraph, "gone" for deleted words."""
        if time is None:
            return '<span class="at">gone</span>'
        anchor, words = self._target(time, citation)
        target = f' href="#{anchor}"' if anchor else ""
        return f'<a class="at"{target} data-t="{time:.2f}"{words}>{short_clock(time, self._hours)}</a>'

    def color(self, speaker: str | None) -> str:
        """Return the class of a speaker as an attribute."""
        return f' class="s{self._color_indices[speaker]}"' if speaker in self._color_indices else ""

    def _target(self, time: Seconds, citation: Citation | None) -> tuple[str, str]:
        """Return the id of the paragraph, and an attribute with the span of the cited words in it."""
        found = self._words.get(citation.first_word) if citation else None
        if citation is None or found is None:
            index = bisect_right(self._in_time, time, key=lambda one: one.start) - 1
            return (self._in_time[max(0, index)].anchor if self._in_time else ""), ""
        paragraph, first = found
        other, last = self._words.get(citation.last_word, found)
        last = last if other is paragraph else len(paragraph.words) - 1
        end = paragraph.offsets[last] + utf16_length(paragraph.texts[last])
        return paragraph.anchor, f' data-q="{paragraph.offsets[first]} {end}"'


class RecordingLinks:
    """Links to the recording by media fragments (`#t=SECONDS`); without a URL, times without links."""

    def __init__(self, url: str | None, duration: Seconds) -> None:
        """Use the URL of the recording, which is not HTML-escaped."""
        self._url = url
        self._hours = duration >= HOUR

    def at(self, time: Seconds | None, citation: Citation | None = None) -> str:
        """Return the time as a link to the recording."""
        if time is None:
            return '<span class="at">gone</span>'
        shown = short_clock(time, self._hours)
        if self._url is None:
            return f'<span class="at">{shown}</span>'
        return f'<a class="at" href="{escape_markup(self._url)}#t={time:g}">{shown}</a>'

    def color(self, speaker: str | None) -> str:
        """Return "", because the page has no colours."""
        return ""
