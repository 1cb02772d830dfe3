"""The podcast namespace's chapters (JSON chapters 1.2, `application/json+chapters`), cut at the longest pauses."""

from __future__ import annotations

import json
from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.formats.parts.building import read_time
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript

TITLE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a recording with a title; `end` is None where the next one's start says it."""

    start: Seconds
    title: str
    end: Seconds | None = None


def read_chapters(data: bytes, name: str = "-") -> tuple[Chapter, ...]:
    """The chapters in a file, in order of time; raises InputError naming the place that is wrong.

    >>> read_chapters(b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}')
    (Chapter(start=0.0, title='Hello', end=None),)
    """
    chapters = [
        Chapter(
            read_time(node["startTime"]) or 0.0, node.get("title").optional_text() or "", read_time(node.get("endTime"))
        )
        for node in Document(data, name).root["chapters"].items()
    ]
    return tuple(sorted(chapters, key=lambda chapter: chapter.start))


def write(transcript: Transcript, *, minutes: float = 5.0) -> str:
    """A chapter about every so many minutes, each starting after the longest pause near there.

    Its title is who speaks first in it and the first words. Raises SettingsError if `minutes` is not above 0.
    """
    if minutes <= 0:
        raise SettingsError(f"a chapter must last longer than {minutes} minutes", "Give a number above 0.")
    chapters = [
        {"startTime": 0.0 if index == 0 else one.start, "title": _title(transcript, one)}
        for index, one in enumerate(_openings(transcript, minutes * 60))
    ]
    rows = ",\n".join(json.dumps(chapter, ensure_ascii=False) for chapter in chapters)
    return '{"version": "1.2.0",\n"chapters": [' + (f"\n{rows}\n" if rows else "") + "]}\n"


def _openings(transcript: Transcript, length: Seconds) -> list[Segment]:
    """What each chapter starts with: of the paragraphs half to one and a half lengths on, that after most silence."""
    spoken = sorted(paragraphs(transcript), key=lambda one: one.start)
    silence: list[Seconds] = []
    last = 0.0
    for one in spoken:
        silence.append(one.start - last)
        last = max(last, one.end)
    openings = [0] if spoken else []
    place = 1
    best: int | None = None
    while place < len(spoken):
        since = spoken[place].start - spoken[openings[-1]].start
        if best is not None and since > 1.5 * length:
            openings.append(best)
            place, best = best + 1, None
            continue
        if since >= 0.5 * length and (best is None or silence[place] > silence[best]):
            best = place
        place += 1
    if best is not None and last - spoken[best].start >= 0.5 * length:
        openings.append(best)
    return [spoken[index] for index in openings]


def _title(transcript: Transcript, one: Segment) -> str:
    """Who speaks, and the first words."""
    words = one_line(one.text).split()
    said = " ".join(words[:TITLE_WORDS])[:80] + ("…" if len(words) > TITLE_WORDS else "")
    name = speaker_name(transcript, one)
    return f"{name}: {said}" if name else said
