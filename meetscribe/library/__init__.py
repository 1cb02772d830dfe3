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

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.library.library import Library, open_library
    from meetscribe.library.query import Query, parse_query
    from meetscribe.library.settings import LibrarySettings
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

_MODULES = {
    "FileResult": "values",
    "Filter": "values",
    "Hit": "values",
    "Library": "library",
    "LibrarySettings": "settings",
    "Meeting": "values",
    "Passage": "values",
    "Query": "query",
    "Record": "values",
    "Results": "values",
    "SourceFile": "values",
    "SpeakerTime": "values",
    "open_library": "library",
    "parse_query": "query",
}

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

__getattr__ = lazy_names(__name__, _MODULES)
