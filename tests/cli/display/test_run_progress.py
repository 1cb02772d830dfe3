"""Progress of a single recording: lines, JSON Lines, and the note after Ctrl-C."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import click
import pytest

from meetscribe.cli.display import messages
from meetscribe.cli.display import run_progress as module
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.corpus import estimates
from meetscribe.errors import IncompleteRunError, InputError
from meetscribe.testing import synthetic_meeting

HERE = Path("meeting.wav")


class Clock:
    """A clock that advances by a second whenever it is read."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture(autouse=True)
def command(place: Path) -> Any:
    """The context of a running command."""
    with click.Context(click.Command("run")) as context:
        yield context


def test_lines_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal a stage has two lines, whatever its progress, and no colours."""
    with run_progress({"quiet": False}, HERE) as progress:
        for done in (0.0, 0.1, 0.2, 1.0, 1.0):
            progress("audio", done)
        progress("speech", 1.0)
        progress("segmentation", 0.0)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(
        r"audio …\naudio done in \d+\.\d s\nspeech reused from an earlier run\nsegmentation …\n", captured.err
    )


def test_a_long_stage_prints_its_position(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 30 seconds a line shows the position in the recording, the time elapsed and the time left."""
    clock = Clock()
    for patched in (module, estimates):
        monkeypatch.setattr(patched, "time", clock)
    with run_progress({"quiet": False}, HERE) as progress:
        progress.duration = lambda: 3600.0
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
    """Stages that run once per speaker are shown each time, without an estimate of the time left."""
    clock = Clock()
    for patched in (module, estimates):
        monkeypatch.setattr(patched, "time", clock)
    with run_progress({"quiet": False}, HERE, predictable=False) as progress:
        for _ in range(2):
            progress("transcription", 0.0)
            clock.now += 40
            progress("transcription", 0.5)
            progress("transcription", 1.0)
    each = r"transcription …\ntranscription 50%, [\d:]+ elapsed\ntranscription done in 4\d\.\d s\n"
    assert re.fullmatch(rf"({each}){{2}}", capsys.readouterr().err)


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with run_progress({"quiet": True, "progress": "json"}, HERE) as progress:
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
    """There is an object per step with the position, and a last one with the status and the output files."""
    try:
        with run_progress({"quiet": False, "progress": "json"}, HERE) as progress:
            progress.duration = lambda: 60.0
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


@pytest.mark.parametrize(("cached", "note"), [(True, "to continue from here"), (False, "nothing was stored")])
def test_the_note_after_ctrl_c(
    command: click.Context, capsys: pytest.CaptureFixture[str], cached: bool, note: str
) -> None:
    """The note promises to continue only if results are stored."""
    with run_progress({"quiet": True}, HERE, cached=cached):
        pass
    messages.print_interruption(command)
    assert note in capsys.readouterr().err
