"""The digests of written files."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.publishing import written_files
from meetscribe.publishing.written_files import (
    record_written,
    record_written_file,
    was_written,
    writer_of,
    written_from,
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_written_files_are_recognised_until_they_are_edited(tmp_path: Path, cache: Path) -> None:
    """Nothing of the content is stored."""
    file = tmp_path / "a.srt"
    file.write_bytes(b"Hello.")
    assert not was_written(file)
    record_written(b"Hello.")
    assert was_written(file)
    assert b"Hello" not in (cache / "written-files").read_bytes()
    file.write_bytes(b"Hello!")
    assert not was_written(file) and not was_written(tmp_path / "missing")


def test_the_last_command_that_wrote_a_file_is_known(tmp_path: Path) -> None:
    """It is empty if it was not given, and None for other files."""
    file = tmp_path / "a.html"
    file.write_bytes(b"Hello.")
    assert writer_of(file) is None
    for command in ("", "export", "report"):
        record_written(b"Hello.", command)
        assert writer_of(file) == command
    record_written(b"Hello.", "minutes", tmp_path / "a.json")
    assert writer_of(file) == "minutes"


def test_files_made_from_a_transcript_are_found_by_any_name(tmp_path: Path, cache: Path) -> None:
    """Neither the path of the transcript nor that of the file is stored; an edited file is not found."""
    source = tmp_path / "a.json"
    assert written_from(source) == {}
    (tmp_path / "out").mkdir()
    for name in ("b.md", "out/c.html", "edited.md"):
        record_written(name.encode(), "report", source, tmp_path / name)
        (tmp_path / name).write_text(name if name != "edited.md" else "my own")
    record_written(b"other", "report", tmp_path / "other.json", tmp_path / "other.md")
    (tmp_path / "other.md").write_bytes(b"other")
    assert written_from(source) == {tmp_path / "b.md": "report", tmp_path / "out/c.html": "report"}
    assert str(tmp_path).encode() not in (cache / "written-files").read_bytes()


def test_equal_files_of_another_transcript_are_not_found(tmp_path: Path) -> None:
    """Of two transcripts that wrote the same content to a path, it belongs to the last; a copy elsewhere to neither."""
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    for name, source in (("a.txt", first), ("b.txt", second), ("both.txt", first), ("both.txt", second)):
        record_written(b"Hello.", "export", source, tmp_path / name)
        (tmp_path / name).write_bytes(b"Hello.")
    record_written(b"Hello.", file=tmp_path / "a.txt")
    record_written(b"Hello.", "export", first, tmp_path / "out" / ".." / "a.txt")
    (tmp_path / "my own.txt").write_bytes(b"Hello.")
    assert written_from(first) == {tmp_path / "a.txt": "export"}
    assert written_from(second) == {tmp_path / name: "export" for name in ("b.txt", "both.txt")}
    record_written(b"Hello.", file=tmp_path / "a.txt")
    assert written_from(first) == {} and writer_of(tmp_path / "a.txt") == ""


def test_the_older_half_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written_files, "_MAX_BYTES", 100)
    for number in range(3):
        record_written(str(number).encode())
        (tmp_path / str(number)).write_text(str(number))
    assert [was_written(tmp_path / str(number)) for number in range(3)] == [False, True, True]


def test_a_cache_that_cannot_be_written_is_ignored(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file in the way")
    record_written(b"Hello.")
    (tmp_path / "a.srt").write_bytes(b"Hello.")
    assert not was_written(tmp_path / "a.srt")


def test_files_of_any_size(tmp_path: Path) -> None:
    """A file is recorded by its path, as by its content."""
    file = tmp_path / "a.mp3"
    file.write_bytes(bytes(3_000_000))
    record_written_file(file)
    assert was_written(file)
    record_written_file(tmp_path / "missing")
