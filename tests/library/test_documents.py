"""Values of the library as JSON."""

from __future__ import annotations

import json
from dataclasses import fields

from meetscribe.library import Library, Passage
from meetscribe.library.documents import (
    file_values,
    hit_values,
    meeting_values,
    passage_values,
    results_values,
)
from meetscribe.library.values import FileResult


def test_a_hit_has_everything_that_a_program_needs(library: Library) -> None:
    """Text, time, speaker, matches, meeting and how to open it; the values are JSON."""
    results = library.search("grosse")
    (hit,) = results.hits
    values = hit_values(hit)
    assert json.loads(json.dumps(results_values(results))) == {"hits": [values], "reason": ""}
    meeting = values["meeting"]
    assert isinstance(meeting, dict)
    assert (values["speaker"], values["start"], meeting["title"]) == ("Zoë", 0.0, "Bauausschuss")
    assert values["matches"] == [[4, 9]]
    assert values["open"] == f"meetscribe library open {hit.id}"


def test_a_meeting_has_its_people_and_file(library: Library) -> None:
    """Nothing that the library knows of a meeting or a passage is left out, except the state of the file."""
    meeting = library.meeting("Review")
    values = meeting_values(meeting)
    assert values["speakers"] == [
        {"name": "Ben Berg", "words": 6, "seconds": 2.3},
        {"name": "Carla", "words": 7, "seconds": 2.7},
    ]
    assert values["path"] == meeting.source.path
    assert set(passage_values(library.passages(meeting)[0])) == {field.name for field in fields(Passage)}


def test_a_file_has_its_outcome() -> None:
    """A failure has a reason and no meeting."""
    values = file_values(FileResult("/x", "failed", reason="broken"))
    assert values == {"path": "/x", "outcome": "failed", "id": None, "title": None, "reason": "broken"}
