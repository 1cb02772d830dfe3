"""`meetscribe watch` with workers without models in this process; see tests/test_watching.py for real ones."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from meetscribe.cli.batch import MANIFEST, plan_batch
from meetscribe.cli.commands import watch
from meetscribe.corpus import Manifest, transcription
from meetscribe.library import open_library
from meetscribe.testing.executors import InProcessExecutor
from tests.support.fake_workers import DeliveringFactory

Call = Callable[..., Result]


@pytest.fixture(autouse=True)
def recordings(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recordings, one of them bad, and workers without models."""
    monkeypatch.setattr(transcription, "TranscriptionFactory", DeliveringFactory)
    monkeypatch.setattr(transcription, "ProcessExecutor", InProcessExecutor)
    for name in ("in/a/x.wav", "in/b/x.wav", "in/bad.mp3"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(name.encode())


def test_a_file_is_processed_once(place: Path) -> None:
    """A file is processed once, also after a restart, and a bad one again only when it has changed."""
    arguments = ["in", "-o", "out", "-f", "json"]
    given: dict[str, Any] = watch.command.make_context("watch", list(arguments)).params

    def scan() -> int:
        manifest = Manifest(place / "out" / MANIFEST)
        before = len(manifest.file.read_bytes().splitlines()) if manifest.file.exists() else 0
        options = plan_batch(given, lambda: False)
        watch.process_new(sorted((place / "in").rglob("*.*")), given, options, manifest)
        return len(manifest.file.read_bytes().splitlines()) - before

    assert [scan(), scan()] == [3, 0]
    (place / "in" / "bad.mp3").write_bytes(b"whole by now, but still bad")
    assert [scan(), scan()] == [1, 0]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_file_is_processed_when_two_scans_find_it_unchanged(
    call: Call, place: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    """A recording that grows waits for a later scan; Ctrl-C ends with 130, SIGTERM with 143."""
    growing, found = place / "in" / "growing.wav", []

    def next_scan(interval: float, stop: Callable[[], bool]) -> None:
        found.append(sorted(path.name for path in (place / "out").rglob("*.json")))
        if len(found) < 3:
            growing.write_bytes(b"x" * len(found))
        elif len(found) == 5:
            signal.raise_signal(number)

    monkeypatch.setattr(watch, "_wait", next_scan)
    done = call("watch", "in", "-o", "out", "-f", "json")
    assert done.exit_code == code
    assert found == [[], ["x.json", "x.json"], ["x.json", "x.json"], *2 * [["growing.json", "x.json", "x.json"]]]
    assert "run the same command again to process the remaining recordings" in done.stderr


def test_recordings_are_added_to_the_library(call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --library, transcripts can be searched as soon as they are written.

    The workers give the same hash to all recordings, so that the later transcript replaces the first.
    """
    monkeypatch.setenv("MEETSCRIBE_DATA", str(place / "data"))
    scans = iter(range(3))

    def next_scan(interval: float, stop: Callable[[], bool]) -> None:
        if next(scans) == 2:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(watch, "_wait", next_scan)
    assert call("watch", "in", "-o", "out", "-f", "json", "--library").exit_code == 130
    with open_library(place / "data" / "library.db") as library:
        (meeting,) = library.meetings()
        assert meeting.source.path == str(place / "out" / "b" / "x.json")
        assert library.search(f"speaker:{meeting.people[0]}").hits


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["in", "--dry-run"], 2, "--dry-run is not available for meetscribe watch"),
        (["in", "--shard", "1/2"], 2, "--shard is not available for meetscribe watch"),
        (["in", "--force"], 2, "--force is not available for meetscribe watch"),
        (["in", "-o", "-"], 2, "-o - requires a single recording"),
        (["nowhere"], 3, "nowhere is not a folder"),
        (["in", "--interval", "0"], 2, "--interval"),
        (["in", "-f", "txt", "--library"], 2, "--library requires an output file in the format json"),
    ],
)
def test_invalid_arguments_are_errors(call: Call, arguments: list[str], code: int, message: str) -> None:
    done = call("watch", *arguments)
    assert done.exit_code == code and message in done.stderr
