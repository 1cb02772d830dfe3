"""Chapters of the podcast namespace (JSON chapters 1.2, `application/json+chapters`), divided at long pauses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from meetscribe.errors import JSON, SettingsError
from meetscribe.formats.parts.building import read_time
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.text.json_values import as_json
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript

_TITLE_WORDS = 8
_TITLE_CHARACTERS = 80
"""Maximum length of the text in a title, after the speaker's name; both chosen by hand."""

_OWN = ("startTime", "title", "endTime")
"""The members of a chapter's JSON object with a field in `Chapter`."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled part of a recording; `end` is None if it ends at the start of the next one.

    `details` are the other members of the JSON object, such as `img` and `url`.
    """

    start: Seconds
    title: str
    end: Seconds | None = None
    details: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def is_listed(self) -> bool:
        """Whether the chapter is shown in lists of chapters: not with `"toc": false`."""
        return self.details.get("toc") is not False


def read_chapters(data: bytes, name: str = "-") -> tuple[Chapter, ...]:
    """Return the chapters of a file in order of time; raises InputError naming the path of the invalid value.

    >>> read_chapters(b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}')
    (Chapter(start=0.0, title='Hello', end=None, details={}),)
    """
    chapters = [
        Chapter(
            read_time(node["startTime"]) or 0.0,
            node.get("title").optional_text() or "",
            read_time(node.get("endTime")),
            {key: as_json(value.value) for key, value in node.entries() if key not in _OWN},
        )
        for node in Document(data, name).root["chapters"].items()
    ]
    return tuple(sorted(chapters, key=lambda chapter: chapter.start))


def write(transcript: Transcript, *, minutes: float = 5.0) -> str:
    """Write chapters about `minutes` long, each starting after the longest pause near that length.

    The title is the chapter's first speaker and first words. Raises SettingsError if `minutes` is not above 0.
    """
    if minutes <= 0:
        raise SettingsError(f"chapters cannot be {minutes:g} minutes long", "Give a number of minutes above 0.")
    return write_chapters(
        [
            Chapter(0.0 if index == 0 else paragraph.start, opening_title(transcript, paragraph))
            for index, paragraph in enumerate(_openings(transcript, minutes * 60))
        ]
    )


def write_chapters(chapters: Sequence[Chapter]) -> str:
    """Return the JSON of chapters, which must be in order of time.

    >>> print(write_chapters([Chapter(0.0, "Hello", 9.5)]), end="")
    {"version": "1.2.0",
    "chapters": [
    {"startTime": 0.0, "title": "Hello", "endTime": 9.5}
    ]}
    """
    rows = ",\n".join(json.dumps(_members(chapter), ensure_ascii=False) for chapter in chapters)
    return '{"version": "1.2.0",\n"chapters": [' + (f"\n{rows}\n" if rows else "") + "]}\n"


def _members(chapter: Chapter) -> dict[str, object]:
    """Return a chapter as a JSON object."""
    members: dict[str, object] = {"startTime": chapter.start, "title": chapter.title}
    return members | ({} if chapter.end is None else {"endTime": chapter.end}) | dict(chapter.details)


def opening_title(transcript: Transcript, paragraph: Segment) -> str:
    """Return the speaker's name and the first words of a paragraph."""
    words = one_line(paragraph.text).split()
    opening = " ".join(words[:_TITLE_WORDS])[:_TITLE_CHARACTERS] + ("…" if len(words) > _TITLE_WORDS else "")
    name = speaker_name(transcript, paragraph)
    return f"{name}: {opening}" if name else opening


def _openings(transcript: Transcript, length: Seconds) -> list[Segment]:
    """Return the first paragraph of each chapter: after the longest silence within half to one and a half lengths.

    Lengths are counted from the start of the previous chapter. If the recording ends within this window, a chapter is
    opened only if at least half a length remains.
    """
    found = sorted(paragraphs(transcript), key=lambda paragraph: paragraph.start)
    silence: list[Seconds] = []
    last = 0.0
    for paragraph in found:
        silence.append(paragraph.start - last)
        last = max(last, paragraph.end)
    openings = [0] if found else []
    position = 1
    best: int | None = None  # the position after the longest silence in the window of the next chapter
    while position < len(found):
        elapsed = found[position].start - found[openings[-1]].start
        if best is not None and elapsed > 1.5 * length:
            openings.append(best)
            position, best = best + 1, None
            continue
        if elapsed >= 0.5 * length and (best is None or silence[position] > silence[best]):
            best = position
        position += 1
    if best is not None and last - found[best].start >= 0.5 * length:
        openings.append(best)
    return [found[index] for index in openings]
