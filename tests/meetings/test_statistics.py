"""Statistics over the meetings of a library."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.library import open_library
from meetscribe.meetings.statistics import library_statistics
from tests.support.meetings import meeting


def test_persons_are_counted_over_all_meetings(tmp_path: Path) -> None:
    """A restricted meeting is absent, and a library without speakers is an error."""
    for number, words in enumerate(("Hello all.", "Hello again to all.")):
        meeting([("Anna", words)], title=f"Week {number}", recorded_at=f"2026-09-0{number + 1}").save(
            tmp_path / f"{number}.json"
        )
    with open_library(tmp_path / "library.db") as library:
        with pytest.raises(InputError, match="no meeting"):
            library_statistics(library)
        list(library.add(sorted(tmp_path.glob("*.json"))))
        (anna,) = library_statistics(library, by="speaker").speakers
        assert (anna.speaker, anna.meetings, anna.words) == ("Anna", 2, 6)
        assert [one.words for one in library_statistics(library).speakers] == [4, 2]
        assert len(library_statistics(library, "before:2026-09-02").speakers) == 1
        with pytest.raises(InputError, match="matches 'after:2027'\nChange the query"):
            library_statistics(library, "after:2027")
        library.set_access(library.meeting("Week 0"), "restricted")
        assert [one.words for one in library_statistics(library).speakers] == [4]
