"""The values of a batch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from meetscribe.corpus import RemoteFile, Task


def test_the_local_file_of_a_task() -> None:
    """That of a recording at an address is its copy; before it has one, a path that no other recording has."""
    task = Task(RemoteFile("s3://bucket/talks/a.mp3"), Path("a"))
    assert replace(task, copy=Path("/tmp/copy.mp3")).path == Path("/tmp/copy.mp3")
    assert task.path.as_posix() == "/s3:/bucket/talks/a.mp3"
    assert Task(Path("a.mp3"), Path("a")).path == Path("a.mp3").absolute()
