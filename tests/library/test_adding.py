"""Adding files to a library, and following them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.library import Library
from meetscribe.library.values import FileResult
from meetscribe.transcript import Transcript
from tests.support.meetings import meeting, recording


def outcomes(results: list[FileResult]) -> list[tuple[str, str]]:
    """Return the outcome and the name of each file."""
    return [(result.outcome, Path(result.path).name) for result in results]


def found(library: Library, query: str) -> list[str]:
    """Return the titles of the meetings that a query finds."""
    return [hit.meeting.title for hit in library.search(query).hits]


def test_a_file_as_it_was_is_not_read_again(library: Library, folder: Path) -> None:
    """Unchanged content is recognised by its hash, also if the file was touched."""
    file = folder / "planning.json"
    os.utime(file, ns=(1, 1))

    def refuse(path: Path) -> Transcript:
        raise InputError(f"{path} was read")

    again = Library(library.store, refuse)
    assert outcomes(list(again.add([file]))) == [("unchanged", "planning.json")]
    assert again.refresh() == []


def test_corrections_and_names_show_after_a_refresh(library: Library, folder: Path) -> None:
    """A saved correction is found, and the words it replaced are not."""
    file = folder / "planning.json"
    Transcript.load(file).rename({"Anna": "Antonia"}).replace(0.4, 0.7, "yearly").save(file)
    assert outcomes(library.refresh()) == [("updated", "planning.json")]
    assert found(library, "yearly speaker:antonia") == ["Planning"]
    assert found(library, "annual") == found(library, "speaker:anna") == []
    assert library.refresh() == []


def test_a_missing_file_hides_its_meeting_until_it_is_back(library: Library, folder: Path) -> None:
    """The meeting keeps its place in the library."""
    file, away = folder / "planning.json", folder / "away"
    file.rename(away)
    assert outcomes(library.refresh()) == [("missing", "planning.json")]
    assert library.refresh() == []
    assert found(library, "annual") == []
    assert not library.meeting("Planning").available
    away.rename(file)
    assert library.refresh() == []
    assert found(library, "annual") == ["Planning"]


def test_a_moved_file_is_found_by_its_hash(library: Library, folder: Path) -> None:
    """Reindexing looks beside the known files and in the folders that are given; the meeting keeps its id."""
    before = library.meeting("Planning").id
    (folder / "planning.json").rename(folder / "renamed.json")
    assert outcomes(list(library.reindex())) == [("missing", "planning.json"), ("moved", "renamed.json")]
    (folder / "sub").mkdir()
    (folder / "renamed.json").rename(folder / "sub" / "x.json")
    assert outcomes(list(library.reindex())) == [("missing", "renamed.json")]
    assert outcomes(list(library.reindex([folder / "sub"]))) == [("moved", "x.json")]
    assert library.meeting("Planning").id == before
    assert found(library, "annual") == ["Planning"]


def test_adding_a_moved_file_moves_the_meeting(library: Library, folder: Path) -> None:
    """A file with the content of a missing one is the same meeting."""
    (folder / "planning.json").rename(folder / "renamed.json")
    assert outcomes(list(library.add([folder / "renamed.json"]))) == [("moved", "renamed.json")]
    assert len(library.meetings(hidden=True)) == 4


def test_a_second_transcript_of_a_recording_is_a_duplicate(library: Library, folder: Path) -> None:
    """It replaces the first only if asked to, or if the file of the first is gone."""
    other = folder / "other.json"
    meeting([("Anna", "The yearly sum")], recording=recording("p", "1")).save(other)
    (result,) = library.add([other])
    assert (result.outcome, str(folder / "planning.json") in result.reason) == ("duplicate", True)
    assert found(library, "yearly") == []
    assert outcomes(list(library.add([other], replace=True))) == [("updated", "other.json")]
    assert found(library, "yearly") == ["other"]
    other.unlink()
    assert outcomes(list(library.add([folder / "planning.json"]))) == [("updated", "planning.json")]
    assert len(library.meetings(hidden=True)) == 4


def test_a_copy_is_a_duplicate(library: Library, folder: Path) -> None:
    """The same content at two places is one meeting, with or without a recording."""
    for name in ("planning", "kaigi"):
        shutil.copy(folder / f"{name}.json", folder / f"{name}-copy.json")
        assert outcomes(list(library.add([folder / f"{name}-copy.json"]))) == [("duplicate", f"{name}-copy.json")]


def test_a_file_of_another_recording_takes_the_place_of_the_meeting(library: Library, folder: Path) -> None:
    """When a file is overwritten by the transcript of another recording, the earlier meeting is gone."""
    file = folder / "planning.json"
    meeting([("Dora", "A rocket")], title="Launch", recording=recording("l", "9")).save(file, force=True)
    assert outcomes(library.refresh()) == [("updated", "planning.json")]
    assert found(library, "rocket") == ["Launch"]
    assert found(library, "annual") == []
    assert len(library.meetings(hidden=True)) == 4


def test_unreadable_files_are_reported_and_the_others_added(library: Library, folder: Path) -> None:
    """A named file that is no transcript fails; one of a folder is skipped."""
    texts = {"broken.json": "{", "empty.json": '{"a": 1}', "notes.txt": "Milk, bread."}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    new = folder / "new.json"
    meeting([("Dora", "A rocket")]).save(new)
    files = [*(folder / name for name in texts), folder / "missing.json", new]
    lenient = list(library.add(files, lenient=True))
    assert [result.outcome for result in lenient] == ["skipped"] * 4 + ["added"]
    strict = list(library.add(files))
    assert [result.outcome for result in strict] == ["failed"] * 4 + ["unchanged"]
    assert all(result.reason for result in strict if result.outcome == "failed")


def test_a_file_that_breaks_keeps_its_meeting(library: Library, folder: Path) -> None:
    """While a file cannot be read, the last state is found; the refresh says what is wrong."""
    (folder / "planning.json").write_text("{", encoding="utf-8")
    (result,) = library.refresh()
    assert (result.outcome, bool(result.reason)) == ("failed", True)
    assert found(library, "annual") == ["Planning"]


def test_stopping_keeps_what_was_added(library: Library, folder: Path) -> None:
    """Each file is stored as it is read, so that an interruption loses none."""
    files = []
    for name in ("one", "two"):
        files.append(folder / f"{name}.json")
        meeting([("Dora", f"A rocket {name}")], title=name).save(files[-1])
    results = library.add(files)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert found(library, "rocket") == ["one"]


def test_rebuilding_reads_every_file_again(library: Library, folder: Path) -> None:
    """The result is the same library; restrictions stay, and a file that is missing keeps its meeting."""
    before = library.meetings(hidden=True)
    library.set_access(library.meeting("Review"), "restricted")
    (folder / "bau.json").unlink()
    done: list[float] = []
    results = outcomes(list(library.reindex(rebuild=True, progress=done.append)))
    assert sorted(results) == [
        ("failed", "bau.json"), ("missing", "bau.json"), ("updated", "kaigi.json"), ("updated", "planning.json"),
        ("updated", "review.json"),
    ]  # fmt: skip
    assert {one.id for one in library.meetings(hidden=True)} == {one.id for one in before}
    assert found(library, "travel") == []
    assert found(library, "annual") == ["Planning"]
    assert done[-1] == pytest.approx(1.0)
