"""The tools for assistants; they change nothing but the library's cache of the items in minutes.

Restricted meetings and meetings with missing files are excluded: their ids count as unknown. No tool returns a file
path, audio or a voiceprint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from meetscribe.errors import JSON, InputError, nearest
from meetscribe.library import Library, Meeting, Query, parse_query
from meetscribe.library.documents import hit_values, meeting_values, passage_values
from meetscribe.library.query.parsing import parse_day
from meetscribe.meetings.follow_up.collecting import items
from meetscribe.meetings.follow_up.documents import item_values
from meetscribe.meetings.follow_up.values import STATUSES

PAGE_PASSAGES = 25
"""The number of passages on a page of a transcript."""

PAGE_MEETINGS = 50
"""The number of meetings on a page of the list."""

MAX_HITS = 50
MAX_ITEMS = 100
MAX_MARGIN = 600.0  # seconds before and after a time
"""The limits of one call."""

Arguments: TypeAlias = Mapping[str, Any]
Values: TypeAlias = dict[str, JSON]

_PRIVATE = ("path", "recording", "access", "available")
"""The values of a meeting that an assistant does not get."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a tool: its JSON type, its description, and whether it is required."""

    kind: str
    help: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name, its description, its parameters, and the function that it calls."""

    name: str
    help: str
    parameters: Mapping[str, Parameter]
    call: Callable[[Library, Arguments], Values]

    def description(self) -> Values:
        """Return the description of the tool in the format of the protocol."""
        return {
            "name": self.name,
            "description": self.help,
            "inputSchema": {
                "type": "object",
                "properties": {
                    name: {"type": parameter.kind, "description": parameter.help}
                    for name, parameter in self.parameters.items()
                },
                "required": [name for name, parameter in self.parameters.items() if parameter.required],
                "additionalProperties": False,
            },
            "annotations": {
                "readOnlyHint": True,
                "destructiveHint": False,
                "idempotentHint": True,
                "openWorldHint": False,
            },
        }

    def check(self, arguments: Arguments) -> None:
        """Raise InputError for unknown or missing arguments, and for arguments of another type."""
        for name, value in arguments.items():
            if name not in self.parameters:
                raise InputError(f"{self.name} has no argument {name!r}: {nearest(name, self.parameters)}")
            if not _has_type(value, self.parameters[name].kind):
                raise InputError(f"{name} must be of the type {self.parameters[name].kind}")
        for name, parameter in self.parameters.items():
            if parameter.required and name not in arguments:
                raise InputError(f"{self.name} needs the argument {name!r}: {parameter.help}")


def search(library: Library, given: Arguments) -> Values:
    """Return the passages that match a query, the best first."""
    limit = _between("limit", given.get("limit", 10), 1, MAX_HITS)
    results = library.search(_query(given), int(limit))
    hits: list[JSON] = []
    for hit in results.hits:
        # "meeting" has the path of the file, and "open" is a shell command.
        values = {name: value for name, value in hit_values(hit).items() if name not in ("meeting", "open", "word")}
        hits.append(
            {**values, "meeting": _meeting_values(hit.meeting), "page": _page_id(hit.meeting, hit.passage.position)}
        )
    return {"hits": hits, "reason": results.reason}


def fetch(library: Library, given: Arguments) -> Values:
    """Return a page of a transcript; the id is that of a meeting, for its first page, or MEETING:PAGE."""
    id, _, number = str(given["id"]).partition(":")
    meeting = _meeting(library, id)
    pages = max(1, math.ceil(meeting.passages / PAGE_PASSAGES))
    page = _page_number(number, pages)
    passages = library.passages(meeting, (page - 1) * PAGE_PASSAGES, PAGE_PASSAGES)
    return {
        "id": f"{meeting.id}:{page}",
        "meeting": _meeting_values(meeting),
        "page": page,
        "pages": pages,
        "next": f"{meeting.id}:{page + 1}" if page < pages else None,
        "text": [passage_values(passage) for passage in passages],
    }


def context(library: Library, given: Arguments) -> Values:
    """Return the passages around a time of a meeting."""
    meeting = _meeting(library, given["meeting"])
    margin = _between("margin", given.get("margin", 60.0), 0.0, MAX_MARGIN)
    passages = library.context(meeting, given["time"], margin)
    reason = "" if passages else f"nothing is said there; the meeting lasts {meeting.duration:g} seconds"
    return {
        "meeting": _meeting_values(meeting),
        "text": [passage_values(passage) for passage in passages],
        "reason": reason,
    }


def list_meetings(library: Library, given: Arguments) -> Values:
    """Return meetings, the latest first."""
    meetings = library.meetings(_query(given))
    offset = int(_between("offset", given.get("offset", 0), 0, 10**9))
    shown = meetings[offset : offset + PAGE_MEETINGS]
    after = offset + PAGE_MEETINGS
    reason = ""
    if not shown:
        none = "no meeting matches, or the library is empty"
        reason = f"there are only {len(meetings)} meetings" if meetings else none
    return {
        "meetings": [_meeting_values(meeting, people=True) for meeting in shown],
        "total": len(meetings),
        "next_offset": after if after < len(meetings) else None,
        "reason": reason,
    }


def list_items(library: Library, given: Arguments) -> Values:
    """Return actions and decisions with their status."""
    fields = {name: given[name] for name in ("after", "before", "meeting") if given.get(name)}
    status = given.get("status")
    if status is not None and status not in STATUSES:
        raise InputError(f"there is no status {status!r}", f"It is one of {', '.join(STATUSES)}.")
    try:
        found = items(library, given.get("person"), status, query=_query(fields))
    except InputError as error:  # its message names a file
        raise InputError("the minutes or the transcript of a meeting cannot be read") from error
    reason = "" if found else "no item matches, or no meeting of the library has minutes"
    return {"items": [item_values(item) for item in found[:MAX_ITEMS]], "total": len(found), "reason": reason}


def _query(given: Arguments) -> Query:
    """Return the query for the arguments: the text of `query`, and the fields given as arguments."""
    query = parse_query(given.get("query", ""))
    lists = {"speakers": "person", "meetings": "meeting", "languages": "language"}
    fields: dict[str, Any] = {
        name: (*getattr(query, name), given[argument]) for name, argument in lists.items() if given.get(argument)
    }
    days: dict[str, Any] = {name: parse_day(given[name]) for name in ("after", "before") if given.get(name)}
    return replace(query, **fields, **days)


def _meeting(library: Library, id: str) -> Meeting:
    """Return the meeting with an id or title; raises InputError, also for a restricted meeting."""
    try:
        return library.meeting(id, hidden=False)
    except InputError as error:
        raise InputError(error.message, "list_meetings returns the ids.") from error


def _meeting_values(meeting: Meeting, *, people: bool = False) -> Values:
    """Return the description of a meeting for an assistant."""
    left_out = _PRIVATE if people else (*_PRIVATE, "speakers", "participants", "passages")
    return {name: value for name, value in meeting_values(meeting).items() if name not in left_out}


def _page_id(meeting: Meeting, position: int) -> str:
    """Return the id of the page with a passage."""
    return f"{meeting.id}:{position // PAGE_PASSAGES + 1}"


def _page_number(text: str, pages: int) -> int:
    """Return the number of a page, 1 for an empty text; raises InputError if the page does not exist."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= pages):  # int() rejects very long numbers
        raise InputError(f"there is no page {text!r}", f"The pages are 1 to {pages}.")
    return int(text)


def _between(name: str, value: float, least: float, most: float) -> float:
    """Return a number; raises InputError outside its limits."""
    if not least <= value <= most:
        raise InputError(f"{name} must be between {least:g} and {most:g}, not {value:g}")
    return value


def _has_type(value: object, kind: str) -> bool:
    """Return whether a value is of a type of JSON Schema."""
    if kind == "string":
        return isinstance(value, str)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return is_number and (kind == "number" or value == int(value))  # type: ignore[call-overload, no-any-return]


_FILTERS = {
    "person": Parameter("string", "name, or a part of it, of a person who speaks (for list_meetings: or takes part)"),
    "after": Parameter("string", "first day, such as 2026-11-27, 2026-11 or 2026"),
    "before": Parameter("string", "first day that is excluded, such as 2026-11-27, 2026-11 or 2026"),
    "language": Parameter("string", "code of the language of the meeting, such as en"),
}

TOOLS: tuple[Tool, ...] = (
    Tool(
        "search",
        "Find passages of meetings by words. Returns hits with id, text, time in seconds, speaker, meeting and page. "
        'All words must occur; "two words" is a phrase, near:"a b" words near each other, -a excludes.',
        {
            "query": Parameter("string", "the words to find, in any language", required=True),
            **_FILTERS,
            "meeting": Parameter("string", "id or title of a meeting to search in"),
            "limit": Parameter("integer", f"maximum number of hits, 10 by default, at most {MAX_HITS}"),
        },
        search,
    ),
    Tool(
        "fetch",
        f"Read a transcript in pages of {PAGE_PASSAGES} passages. Returns the text and the id of the next page.",
        {"id": Parameter("string", "id of a meeting, or of a page as MEETING:NUMBER", required=True)},
        fetch,
    ),
    Tool(
        "context",
        "Read what was said around a time of a meeting.",
        {
            "meeting": Parameter("string", "id of the meeting", required=True),
            "time": Parameter("number", "seconds from the start of the recording", required=True),
            "margin": Parameter("number", f"seconds before and after, 60 by default, at most {MAX_MARGIN:g}"),
        },
        context,
    ),
    Tool(
        "list_meetings",
        f"List meetings with title, date, people and duration, the latest first, {PAGE_MEETINGS} at a time.",
        {**_FILTERS, "offset": Parameter("integer", "number of meetings to skip: the next_offset of the last answer")},
        list_meetings,
    ),
    Tool(
        "items",
        "List actions and decisions of meetings, the latest meeting first, with their status: open, done, "
        "contradicted or stale. A person has to check those with suggested true.",
        {
            "person": Parameter("string", "name, or a part of it, of an owner of the action"),
            "status": Parameter("string", f"one of {', '.join(STATUSES)}"),
            "meeting": Parameter("string", "id or title of a meeting"),
            "after": _FILTERS["after"],
            "before": _FILTERS["before"],
        },
        list_items,
    ),
)
"""The tools, in the order in which clients list them."""
