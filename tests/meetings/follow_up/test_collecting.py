"""The items of a library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.library import Meeting
from meetscribe.meetings import items
from meetscribe.meetings.follow_up import notes
from meetscribe.meetings.follow_up.documents import item_values
from meetscribe.meetings.follow_up.values import MeetingItem
from meetscribe.transcript import Transcript
from tests.meetings.follow_up.conftest import Lines, MakeLibrary

FIRST: Lines = [("Anna", "I'll send the budget draft to the board."), ("Ben", "We decided to close the branch in May.")]
SECOND: Lines = [("Anna", "I've sent the budget draft."), ("Ben", "I'll print the posters this week.")]


def test_items_are_limited_by_owner_status_and_meeting(make_library: MakeLibrary) -> None:
    """The latest meeting comes first."""
    library = make_library(FIRST, SECOND)
    found = items(library, make=True)
    assert [(one.kind, one.owners, one.status) for one in found] == [
        ("action", ("Ben",), "open"),
        ("action", ("Anna",), "done"),
        ("decision", (), "open"),
    ]
    assert items(library, "ann") == found[1:2]
    assert items(library, status="open") == (found[0], found[2])
    assert items(library, status=("done", "stale")) == found[1:2]
    assert items(library, query="before:2026-09-14") == found[1:]
    with pytest.raises(SettingsError, match="no status 'close'"):
        items(library, status="close")  # type: ignore[arg-type]


def test_minutes_are_made_only_on_request(make_library: MakeLibrary, tmp_path: Path) -> None:
    """They are saved, so that the next call reads them."""
    library = make_library(FIRST)
    assert items(library) == ()
    assert not list(tmp_path.glob("*.minutes.json"))
    made = items(library, make=True)
    assert (tmp_path / "week1.minutes.json").stat().st_mode & 0o777 == 0o600
    assert items(library) == made


def test_minutes_are_read_again_only_if_they_change(
    make_library: MakeLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The items of an unchanged meeting come from the library; they are the same, with their due dates."""
    library = make_library([("Anna", "I'll send the budget draft to the board by Friday.")], SECOND)
    before = items(library, make=True)
    assert before[-1].due is not None
    read: list[str] = []

    def note(meeting: Meeting, file: Path) -> Iterator[MeetingItem]:
        read.append(meeting.title)
        return iter(())

    monkeypatch.setattr(notes, "meeting_items", note)
    assert (items(library), read) == (before, [])
    file = tmp_path / "week1.minutes.json"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n", encoding="utf-8")
    items(library)
    assert read == ["Week 1"]


def test_restricted_meetings_are_absent_also_as_evidence(make_library: MakeLibrary) -> None:
    """The action is open, since nothing that is visible says more."""
    library = make_library(FIRST, SECOND)
    assert items(library, "Anna", make=True)[0].status == "done"
    library.set_access(library.meeting("Week 2"), "restricted")
    assert [(one.meeting.title, one.status, one.evidence) for one in items(library)] == [("Week 1", "open", ())] * 2


def test_ids_stay_and_names_follow_corrections(make_library: MakeLibrary, tmp_path: Path) -> None:
    """An item is identified by the words that state it."""
    library = make_library(FIRST)
    (before, _) = items(library, make=True)
    file = tmp_path / "week1.json"
    Transcript.load(file).rename({"Anna": "Antonia"}).save(file)
    library.refresh()
    (after, _) = items(library)
    assert (after.id, after.owners) == (before.id, ("Antonia",))


def test_items_are_json_values(make_library: MakeLibrary) -> None:
    """They have the places that `library open` takes."""
    library = make_library(FIRST, SECOND)
    values = json.loads(json.dumps(item_values(items(library, "Anna", make=True)[0])))
    assert values["status"] == "done"
    assert values["evidence"][0]["quote"] == "I've sent the budget draft."
    meeting, time = library.locate(values["evidence"][0]["hit"])
    assert (meeting.title, time) == ("Week 2", values["evidence"][0]["start"])


def test_damaged_minutes_are_an_error_that_names_them(make_library: MakeLibrary, tmp_path: Path) -> None:
    """They are not replaced."""
    library = make_library(FIRST)
    (tmp_path / "week1.minutes.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"week1\.minutes\.json"):
        items(library, make=True)
