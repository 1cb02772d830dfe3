"""`meetscribe watch` at work over the samples' weights: a recording that is copied in, kills, restarts, Ctrl-C."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from tests.support.live import QUICK, Live, clip, live

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")

INTERVAL = 0.5


def copy_slowly(content: bytes, target: Path) -> float:
    """Write a file in two parts with a pause, and return when the last byte was there."""
    with target.open("wb", buffering=0) as file:
        file.write(content[: len(content) // 2])
        time.sleep(INTERVAL * 0.6)
        file.write(content[len(content) // 2 :])
    return time.monotonic()


def taken(watch: Live) -> set[str]:
    """The names of the recordings that it told anything of."""
    return {Path(event["input"]).name for event in watch.events}


def test_a_folder_is_watched(tmp_path: Path, live_cache: Path) -> None:
    """What has come to rest is done, once: begun anew after a kill in its midst, left alone after one at its end."""
    inbox, out = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    content = clip(tmp_path / "talk.wav", 40, 4).read_bytes()
    command = ("watch", str(inbox), "-o", str(out), "-f", "json,txt", "--interval", str(INTERVAL), *QUICK)

    with live(live_cache, *command) as watch:
        complete = copy_slowly(content, inbox / "talk.wav")
        watch.until("begin", input=str(inbox / "talk.wav"))
        assert time.monotonic() - complete >= INTERVAL  # two looks found it the same
        watch.until("stage", stage="transcription")
        watch.process.kill()
    assert not list(out.glob("talk.*"))

    with live(live_cache, *command) as watch:
        end = watch.until("end")
        watch.process.kill()
    assert end["status"] == "done"
    assert [Path(name).name for name in end["outputs"]] == ["talk.json", "talk.txt"]
    assert json.loads((out / "talk.json").read_text())["duration"] == pytest.approx(4, abs=0.01)

    with live(live_cache, *command) as watch:
        (inbox / "more.wav").write_bytes(clip(tmp_path / "more.wav", 50, 4).read_bytes())
        watch.until("begin")
        watch.interrupt()
        assert watch.end() == 130
    assert taken(watch) == {"more.wav"}
    assert watch.said[-1] == "interrupted: the same command again does what is left"
