"""The library as people use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.library import Library, LibrarySettings, open_library


def test_meetings_fit_the_fields_of_a_query(library: Library) -> None:
    """People, dates, languages and titles choose meetings; words do not."""

    def titles(query: str) -> list[str]:
        return [meeting.title for meeting in library.meetings(query)]

    assert titles("") == ["Planning", "Review", "Bauausschuss", "会議"]
    assert titles("speaker:ben") == ["Planning", "Review"]
    assert titles("speaker:carla after:2026-10") == ["Review"]
    assert titles("lang:ja budget") == ["会議"]
    assert titles("meeting:plan") == ["Planning"]
    assert titles("meeting:rocket") == []


def test_restricted_meetings_are_listed_only_on_request(library: Library) -> None:
    """They are absent from lists and searches, also when they are named."""
    library.set_access(library.meeting("Review"), "restricted")
    assert "Review" not in [meeting.title for meeting in library.meetings()]
    assert "Review" in [meeting.title for meeting in library.meetings(hidden=True)]
    assert library.search("travel meeting:Review").hits == ()


@pytest.mark.parametrize("text", ["Planning", "planning", "111111111111", "1111", "plann"])
def test_a_meeting_is_named_by_id_title_or_a_part(library: Library, text: str) -> None:
    """The id, its beginning, the title and a part of it lead to the meeting."""
    assert library.meeting(text).title == "Planning"


def test_a_meeting_is_named_by_its_file(library: Library, folder: Path) -> None:
    """The path of the transcript is a name, too."""
    assert library.meeting(str(folder / "review.json")).title == "Review"


@pytest.mark.parametrize(("text", "message"), [("i", "several meetings"), ("Plannig", "no meeting"), ("", "several")])
def test_an_unclear_name_is_an_error(library: Library, text: str, message: str) -> None:
    """The error lists the meetings that are meant, or the nearest name."""
    with pytest.raises(InputError, match=message) as raised:
        library.meeting(text)
    assert raised.value.remedy in ("Give the id.", "did you mean 'Planning'?")


def test_a_hit_leads_back_to_its_place(library: Library) -> None:
    """The id of a hit names meeting and time, and the context is around it."""
    (hit,) = library.search("late").hits
    meeting, time = library.locate(hit.id)
    assert (meeting, time) == (hit.meeting, hit.passage.start)
    assert [passage.position for passage in library.context(meeting, time, margin=1.0)] == [2]
    assert [passage.position for passage in library.context(meeting, time, margin=60.0)] == [0, 1, 2]
    assert library.locate("Planning")[1] == 0.0
    with pytest.raises(InputError, match="not a hit"):
        library.locate("Planning@x")


def test_the_number_of_hits_is_limited(library: Library) -> None:
    """The best are returned; a limit below 1 is an error."""
    assert len(library.search("budget", limit=2).hits) == 2
    with pytest.raises(SettingsError, match="at least 1"):
        library.search("budget", limit=0)


def test_the_library_is_kept_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a location, the library is a file in the user's data folder."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    assert LibrarySettings().resolved_location == str(tmp_path / "data" / "library.db")
    with open_library() as library:
        assert library.meetings() == []
        assert library.notices == ()
    assert (tmp_path / "data" / "library.db").is_file()
