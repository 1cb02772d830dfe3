"""The disk usage of the cache, and pruning."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from meetscribe.results import SPANS, Store, cache_key
from meetscribe.results.pruning import Usage, prune, usage
from meetscribe.timeline import Span

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three results of two recordings, used 0, 10 and 20 days ago, and an unfinished file of a crash."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    store = Store(tmp_path / "stages")
    for number, (recording, stage) in enumerate((("aa", "speech"), ("aa", "segmentation"), ("bb", "speech"))):
        key = cache_key(recording * 32, stage, {})
        store.save(key, SPANS, (Span(0, 1),) * 100)
        (file,) = (tmp_path / "stages").rglob(f"{recording * 32}/{stage}-*")
        os.utime(file, (time.time() - number * 10 * DAY,) * 2)
    part = file.with_name(".speech.x.part")
    part.write_bytes(b"half")
    os.utime(part, (time.time() - DAY,) * 2)
    return tmp_path / "stages"


def test_usage_counts_recordings_files_and_stages(folder: Path) -> None:
    found = usage(folder)
    assert (found.recordings, found.files, dict(found.stages)) == (2, 4, {"speech": 2, "segmentation": 1})
    assert found.bytes == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert usage(folder / "none") == Usage()


def test_old_files_are_removed(folder: Path) -> None:
    """Files not used for the given time, unfinished files of a crash and empty folders are removed."""
    assert prune(folder, unused=15 * DAY).files == 2
    assert usage(folder).recordings == 1
    assert not list(folder.glob("bb/*"))


def test_the_least_recently_used_are_removed_first(folder: Path) -> None:
    size = usage(folder).bytes
    prune(folder, max_bytes=size // 2)
    assert usage(folder).bytes <= size // 2
    assert [path.name.partition("-")[0] for path in folder.rglob("*.json")] == ["speech"]
