"""How far a single recording is: lines, JSON Lines, and what Ctrl-C is said to leave."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import click
import pytest

from meetscribe.cli.display import run_progress as shown
from meetscribe.cli.display.run_progress import gauge
from meetscribe.corpus import estimates
from meetscribe.errors import IncompleteRunError, InputError
from meetscribe.testing import synthetic_meeting

HERE = Path("meeting.wav")


class Clock:
    """A clock that goes on by a second each time that it is looked at."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture(autouse=True)
def command(place: Path) -> Any:
    """A command that is running."""
    with click.Context(click.Command("run")) as context:
        yield context


def test_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal a stage has two lines, whatever it tells in between, and no colours."""
    with gauge({"quiet": False}, HERE) as progress:
        for done in (0.0, 0.1, 0.2, 1.0, 1.0):
            progress("audio", done)
        progress("speech", 1.0)
        progress("segmentation", 0.0)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(
        r"audio …\naudio done in \d+\.\d s\nspeech is there from an earlier run\nsegmentation …\n", captured.err
    )


def test_a_stage_that_takes_long_says_where_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Now and then a line tells the place in the recording, the time that has gone and the time that is left."""
    clock = Clock()
    for module in (shown, estimates):
        monkeypatch.setattr(module, "time", clock)
    with gauge({"quiet": False}, HERE) as progress:
        progress.length = lambda: 3600.0
        progress("transcription", 0.0)
        clock.now += 90
        progress("transcription", 0.25)
        progress("transcription", 0.3)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    found = re.fullmatch(r"transcription 0:15:00 of 1:00:00, 0:01:\d\d elapsed, about 0:(\d+):(\d\d) left", lines[1])
    assert found
    # A quarter of the transcription, which is 0.15 to 0.6 of all, took a minute and a half.
    assert int(found[1]) * 60 + int(found[2]) == pytest.approx((1 - 0.2625) / 0.1125 * 90, rel=0.7)


def test_stages_that_run_for_each_speaker(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told each time, and nothing is said of what is left, as nobody knows how many speakers there are."""
    clock = Clock()
    for module in (shown, estimates):
        monkeypatch.setattr(module, "time", clock)
    with gauge({"quiet": False}, HERE, foreseen=False) as progress:
        for _ in range(2):
            progress("transcription", 0.0)
            clock.now += 40
            progress("transcription", 0.5)
            progress("transcription", 1.0)
    each = r"transcription …\ntranscription 50%, [\d:]+ elapsed\ntranscription done in 4\d\.\d s\n"
    assert re.fullmatch(rf"({each}){{2}}", capsys.readouterr().err)


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with gauge({"quiet": True, "progress": "json"}, HERE) as progress:
        progress("audio", 1.0)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (None, "done", 0),
        (InputError("no sound"), "failed", 3),
        (IncompleteRunError("no speakers", "", synthetic_meeting().transcript), "incomplete", 6),
        (KeyboardInterrupt(), "interrupted", 0),
    ],
)
def test_json_lines_for_programs(
    capsys: pytest.CaptureFixture[str], error: BaseException | None, status: str, code: int
) -> None:
    """A line for each step, with the place in the recording, and at last how it ended and which files there are."""
    try:
        with gauge({"quiet": False, "progress": "json"}, HERE) as progress:
            progress.length = lambda: 60.0
            progress("transcription", 0.5)
            progress.outputs = ("/meeting.json",)
            if error is not None:
                raise error
    except BaseException as raised:
        assert raised is error
    first, last = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["stage"], first["position"], first["duration"]) == (
        "stage",
        "transcription",
        30.0,
        60.0,
    )
    assert (last["event"], last["status"], last["code"], last["outputs"]) == ("end", status, code, ["/meeting.json"])
    assert last["error"] == (str(error) if code else None)


@pytest.mark.parametrize(("kept", "said"), [(True, "goes on from here"), (False, "nothing is kept")])
def test_what_ctrl_c_leaves(command: click.Context, capsys: pytest.CaptureFixture[str], kept: bool, said: str) -> None:
    """What is promised for the next run is what is kept."""
    from meetscribe.cli.display.messages import interruption

    with gauge({"quiet": True}, HERE, kept):
        pass
    interruption(command)
    assert said in capsys.readouterr().err
