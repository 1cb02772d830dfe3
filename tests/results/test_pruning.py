"""How much is kept, and making it less."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from meetscribe.cli.application import application
from meetscribe.results import SPANS, Store, key_of
from meetscribe.results.pruning import Holdings, holdings, prune
from meetscribe.timeline import Span

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three results of two recordings, used 0, 10 and 20 days ago, and half a file of a crash."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    store = Store(tmp_path / "stages")
    for number, (recording, stage) in enumerate((("aa", "speech"), ("aa", "segmentation"), ("bb", "speech"))):
        key = key_of(recording * 32, stage, {})
        store.save(key, SPANS, (Span(0, 1),) * 100)
        (file,) = (tmp_path / "stages").rglob(f"{recording * 32}/{stage}-*")
        os.utime(file, (time.time() - number * 10 * DAY,) * 2)
    part = file.with_name(".speech.x.part")
    part.write_bytes(b"half")
    os.utime(part, (time.time() - DAY,) * 2)
    return tmp_path / "stages"


def test_what_is_there_is_counted(folder: Path) -> None:
    found = holdings(folder)
    assert (found.recordings, found.files, dict(found.stages)) == (2, 4, {"speech": 2, "segmentation": 1})
    assert found.bytes == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert holdings(folder / "none") == Holdings()


def test_what_is_old_goes(folder: Path) -> None:
    """What was not used for so long, and what a crash has left; empty folders go too."""
    assert prune(folder, unused=15 * DAY).files == 2
    assert holdings(folder).recordings == 1
    assert not list(folder.glob("bb/*"))


def test_the_longest_unused_goes_first(folder: Path) -> None:
    size = holdings(folder).bytes
    prune(folder, most_bytes=size // 2)
    assert holdings(folder).bytes <= size // 2
    assert [path.name.partition("-")[0] for path in folder.rglob("*.json")] == ["speech"]


def test_the_commands(folder: Path) -> None:
    """info, prune and clear say what they found and did; what is no amount is told."""

    def call(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(application, ["cache", *arguments])
        return done.exit_code, done.output

    code, said = call("info")
    assert code == 0 and f"folder      {folder}" in said and "recordings  2" in said
    assert call("prune", "--unused", "15d")[1].startswith("removed 2 files")
    assert [call("prune")[0], call("prune", "--size", "much")[0]] == [2, 2]
    assert call("clear")[1].startswith("removed 2 files")
    assert holdings(folder) == Holdings()
