"""A library of meetings: search by words, speakers and dates.

    with open_library() as library:
        for result in library.add([Path("meeting.json")]):
            print(result.outcome, result.path)
        for hit in library.search('budget "next year" speaker:Anna').hits:
            print(hit.meeting.title, hit.passage.start, hit.passage.text)

Transcripts remain files; the library is an index that can be rebuilt from them. `stores/` describes how to add a
database.
"""

from __future__ import annotations

from pathlib import Path

from meetscribe.library.library import Library
from meetscribe.library.query import Query, parse_query
from meetscribe.library.settings import LibrarySettings
from meetscribe.library.stores import open_store
from meetscribe.library.values import (
    FileResult,
    Filter,
    Hit,
    Meeting,
    Passage,
    Record,
    Results,
    SourceFile,
    SpeakerTime,
)

__all__ = [
    "FileResult",
    "Filter",
    "Hit",
    "Library",
    "LibrarySettings",
    "Meeting",
    "Passage",
    "Query",
    "Record",
    "Results",
    "SourceFile",
    "SpeakerTime",
    "open_library",
    "parse_query",
]


def open_library(location: str | Path | None = None, *, semantic: bool = False) -> Library:
    """Open the library at a location: a SQLite file, created if needed, or postgresql://USER@HOST/DATABASE.

    The default is that of the settings' default: `library.db` in the user's data folder. With `semantic`, searches
    also find passages of similar meaning. Raises OutputError.
    """
    return Library(open_store(location or LibrarySettings().place), semantic=semantic)
