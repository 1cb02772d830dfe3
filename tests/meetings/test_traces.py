"""The stored data of a meeting is found and removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.library import open_library
from meetscribe.meetings import items
from meetscribe.meetings.traces import KnownMeeting, find_traces
from meetscribe.results import stages_folder
from tests.support.meetings import meeting, recording


def test_minutes_in_all_formats_are_forgotten(tmp_path: Path) -> None:
    """Minutes beside the transcript are removed, even if they were edited; files of other transcripts stay."""
    file = tmp_path / "week.json"
    meeting([("Anna", "Hello.")]).save(file)
    minutes = [tmp_path / f"week.minutes{suffix}" for suffix in (".md", ".docx", ".json", ".csv")]
    for each in (*minutes, tmp_path / "week2.minutes.md", tmp_path / "week.srt"):
        each.write_text("edited")
    with open_library(tmp_path / "library.db") as library:
        found = find_traces(KnownMeeting.find(str(file), library), library)
    assert [(one.place, one.what) for one in found] == [("minutes", str(each)) for each in minutes]
    for one in found:
        one.remove()
    assert {each.name for each in tmp_path.glob("week*")} == {"week.json", "week2.minutes.md", "week.srt"}


def test_a_meeting_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage results, minutes, index entry and corpus rows go; the transcript goes only on request."""
    pytest.importorskip("pyarrow")
    from meetscribe.corpus import tables

    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "week.json"
    meeting([("Anna", "I'll send the budget to the board by Friday.")], recording=recording("week.wav", "a")).save(file)
    results = stages_folder() / "aa" / ("a" * 64)
    results.mkdir(parents=True)
    (results / "speech-1.json").write_text("{}")
    corpus = tmp_path / "corpus"
    with tables.CorpusWriter(corpus, create=True) as writer:
        for source in tables.find_sources([file]):
            writer.add(source)
    with open_library(tmp_path / "library.db") as library:
        list(library.add([file]))
        assert items(library, make=True)
        known = KnownMeeting.find("week", library)
        found = find_traces(known, library, [corpus])
        assert [one.place for one in found] == ["cache", "minutes", "corpus", "library"]
        for one in found:
            one.remove()
        assert not results.exists() and not (tmp_path / "week.minutes.json").exists()
        assert library.meetings() == [] and items(library) == ()
        again = KnownMeeting.find(str(file), library)
        assert find_traces(again, library, [corpus]) == []
        (transcript,) = find_traces(again, library, files=True)
        transcript.remove()
        assert not file.exists()
        with pytest.raises(InputError, match="no meeting"):
            KnownMeeting.find("week", library)
