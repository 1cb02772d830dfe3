"""`meetscribe watch` with the sample weights: a recording that is copied slowly, kills, restarts, Ctrl-C."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from tests.support.processes import QUICK, RunningCommand, clip, running_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way on Windows")

INTERVAL = 0.5


def copy_slowly(content: bytes, target: Path) -> float:
    """Write a file in two parts with a pause; return the time of the last byte."""
    with target.open("wb", buffering=0) as file:
        file.write(content[: len(content) // 2])
        time.sleep(INTERVAL * 0.6)
        file.write(content[len(content) // 2 :])
    return time.monotonic()


def processed(watch: RunningCommand) -> set[str]:
    """Return the names of the recordings with an event."""
    return {Path(event["input"]).name for event in watch.events if "input" in event}


def test_a_folder_is_watched(tmp_path: Path, live_cache: Path) -> None:
    """A complete recording is processed once: again after a kill while it ran, but not after a kill at its end."""
    inbox, out = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    content = clip(tmp_path / "talk.wav", 40, 4).read_bytes()
    command = ("watch", str(inbox), "-o", str(out), "-f", "json,txt", "--interval", str(INTERVAL), *QUICK)

    with running_command(live_cache, *command) as watch:
        complete = copy_slowly(content, inbox / "talk.wav")
        watch.until("begin", input=str(inbox / "talk.wav"))
        assert time.monotonic() - complete >= INTERVAL  # two snapshots were equal
        watch.until("stage", stage="transcription")
        watch.process.kill()
    assert not list(out.glob("talk.*"))

    with running_command(live_cache, *command) as watch:
        end = watch.until("end")
        watch.process.kill()
    assert end["status"] == "done"
    assert [Path(name).name for name in end["outputs"]] == ["talk.json", "talk.txt"]
    assert json.loads((out / "talk.json").read_text())["duration"] == pytest.approx(4, abs=0.01)

    with running_command(live_cache, *command) as watch:
        (inbox / "more.wav").write_bytes(clip(tmp_path / "more.wav", 50, 4).read_bytes())
        watch.until("begin")
        watch.interrupt()
        assert watch.end() == 130
    assert processed(watch) == {"more.wav"}
    assert watch.messages[-1] == "interrupted: run the same command again to process the remaining recordings"
