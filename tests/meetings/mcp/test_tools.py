"""The tools of assistants over a library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from meetscribe.errors import MeetscribeError
from meetscribe.library import Library, open_library
from meetscribe.meetings.follow_up.notes import save_minutes
from meetscribe.meetings.mcp.tools import PAGE_PASSAGES, TOOLS
from tests.support.meetings import meeting, recording, save_meetings


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Yield a library with four short meetings, a long one, and a restricted one."""
    files = save_meetings(tmp_path)
    lines = [("Anna" if number % 2 else "Ben", f"line {number}") for number in range(60)]
    for name, digit, text in (("long", "5", lines), ("secret", "6", [("Sue", "the takeover budget")])):
        files.append(tmp_path / f"{name}.json")
        meeting(text, title=name, recording=recording(name, digit)).save(files[-1])
    with open_library(tmp_path / "library.db") as library:
        assert {result.outcome for result in library.add(files)} == {"added"}
        library.set_access(library.meeting("secret"), "restricted")
        yield library


def call(library: Library, name: str, **arguments: Any) -> Any:
    """Return the result of a tool, as JSON reads it back."""
    tool = next(tool for tool in TOOLS if tool.name == name)
    tool.check(arguments)
    return json.loads(json.dumps(tool.call(library, arguments)))


def test_search_returns_hits_with_their_page(library: Library) -> None:
    """A hit has text, time, speaker, meeting and the page that fetch takes."""
    hits = call(library, "search", query="late")["hits"]
    assert [(hit["speaker"], hit["start"], hit["meeting"]["title"], hit["page"]) for hit in hits] == [
        ("Anna", 12.4, "Planning", "111111111111:1")
    ]
    assert call(library, "search", query='"line 59"')["hits"][0]["page"] == "555555555555:3"


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        ({"person": "carla"}, ["Review"]),
        ({"person": "anna", "after": "2026-11"}, ["Planning"]),
        ({"before": "2026-10-06", "language": "en"}, ["Review", "Review"]),
        ({"meeting": "Review"}, ["Review", "Review"]),
        ({"limit": 1}, ["Review"]),
    ],
)
def test_search_is_limited_by_people_dates_and_meetings(
    library: Library, arguments: dict[str, Any], titles: list[str]
) -> None:
    """The arguments are fields of the query."""
    assert [hit["meeting"]["title"] for hit in call(library, "search", query="budget", **arguments)["hits"]] == titles


def test_pages_are_the_whole_transcript(library: Library) -> None:
    """Following `next` from the id of the meeting reads each passage once; each page has its own id."""
    id, texts, ids = "555555555555", [], []
    while id:
        page = call(library, "fetch", id=id)
        assert len(page["text"]) <= PAGE_PASSAGES
        texts += [passage["text"] for passage in page["text"]]
        ids.append(page["id"])
        id = page["next"]
    assert texts == [f"line {number}" for number in range(60)]
    assert ids == [f"555555555555:{number}" for number in (1, 2, 3)]
    assert page["pages"] == 3


def test_context_is_around_a_time(library: Library) -> None:
    """The margin limits it; where nothing is said, the answer says so."""
    found = call(library, "context", meeting="111111111111", time=12.5, margin=1)
    assert [passage["position"] for passage in found["text"]] == [2]
    assert "lasts" in call(library, "context", meeting="111111111111", time=5000)["reason"]


def test_meetings_are_listed_in_pages(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page says where the next begins, and an empty one why."""
    monkeypatch.setattr("meetscribe.meetings.mcp.tools.PAGE_MEETINGS", 2)
    first = call(library, "list_meetings")
    assert ([m["title"] for m in first["meetings"]], first["total"], first["next_offset"]) == (
        ["Planning", "Review"],
        5,
        2,
    )
    assert call(library, "list_meetings", offset=4)["next_offset"] is None
    assert "only 5" in call(library, "list_meetings", offset=9)["reason"]
    assert call(library, "list_meetings", person="Rumpel")["reason"]
    assert [m["title"] for m in call(library, "list_meetings", person="zoë")["meetings"]] == ["Bauausschuss"]


def test_a_restricted_meeting_is_as_unknown_as_any_other(library: Library) -> None:
    """It is in no list, no hit and no reason, and its id gives the same error as one that does not exist."""
    everything = [call(library, "list_meetings"), call(library, "search", query="takeover")]
    everything.append(call(library, "search", query="budget", meeting="secret"))
    assert "666666666666" not in json.dumps(everything)
    assert "Sue" not in json.dumps(everything)
    for tool, arguments in (("fetch", {"id": "{}"}), ("context", {"meeting": "{}", "time": 0})):
        messages = []
        for id in ("666666666666", "999999999999"):
            with pytest.raises(MeetscribeError) as raised:
                call(library, tool, **{k: v.format(id) if k != "time" else v for k, v in arguments.items()})  # type: ignore[attr-defined]
            messages.append(str(raised.value).replace(id, ""))
        assert messages[0] == messages[1]


def test_no_tool_returns_paths(library: Library, tmp_path: Path) -> None:
    """Folders of the user are nobody's business."""
    answers = [
        call(library, "list_meetings"),
        call(library, "search", query="budget"),
        call(library, "fetch", id="111111111111"),
    ]
    assert str(tmp_path) not in json.dumps(answers)
    assert "sha256" not in json.dumps(answers)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("search", {}, "needs the argument 'query'"),
        ("search", {"query": 3}, "must be of the type string"),
        ("search", {"query": "x", "persn": "A"}, "did you mean 'person'"),
        ("search", {"query": "x", "limit": 0}, "between 1 and 50"),
        ("search", {"query": "x", "limit": 1.5}, "type integer"),
        ("search", {"query": "x", "limit": True}, "type integer"),
        ("search", {"query": "x", "after": "yesterday"}, "not a date"),
        ("fetch", {"id": "111111111111:9"}, "no page '9'"),
        ("fetch", {"id": "111111111111:x"}, "no page 'x'"),
        ("context", {"meeting": "111111111111", "time": float("inf")}, "type number"),
        ("list_meetings", {"offset": -1}, "between 0"),
    ],
)
def test_wrong_arguments_are_explained(library: Library, name: str, arguments: dict[str, Any], message: str) -> None:
    """An assistant can correct its call from the message."""
    with pytest.raises(MeetscribeError, match=message):
        call(library, name, **arguments)


def test_every_tool_says_that_it_only_reads() -> None:
    """Clients may call the tools without asking."""
    for tool in TOOLS:
        description: Any = tool.description()
        assert description["annotations"]["readOnlyHint"] is True
        assert description["inputSchema"]["additionalProperties"] is False


def test_items_are_those_of_the_visible_meetings(library: Library, tmp_path: Path) -> None:
    """They have no paths, and a restricted meeting has none."""
    assert call(library, "items")["reason"]
    file = tmp_path / "task.json"
    meeting([("Ann", "I'll send the budget to the board.")], title="Task", recorded_at="2026-09-01").save(file)
    assert [result.outcome for result in library.add([file])] == ["added"]
    save_minutes(file)
    found = call(library, "items", person="Ann", status="open", after="2026-09")
    assert [one["text"] for one in found["items"]] == ["send the budget to the board"]
    assert str(tmp_path) not in json.dumps(found)
    assert call(library, "items", status="done")["items"] == []
    with pytest.raises(MeetscribeError, match="no status"):
        call(library, "items", status="closed")
    library.set_access(library.meeting("Task"), "restricted")
    assert call(library, "items")["items"] == []
