"""Finding complete files in a watched folder."""

from __future__ import annotations

from pathlib import Path

from meetscribe.corpus import Snapshot, unchanged


def test_a_file_that_grows_is_not_taken(tmp_path: Path) -> None:
    """Only a file that is not empty and the same in both snapshots is complete."""
    still, growing, empty = (tmp_path / name for name in ("still.wav", "growing.wav", "empty.wav"))
    for path in (still, growing):
        path.write_bytes(b"x")
    empty.touch()
    before = Snapshot.of([still, growing, empty, tmp_path / "gone.wav"])
    growing.write_bytes(b"xy")
    assert unchanged(before, Snapshot.of([still, growing, empty])) == (still,)
