"""Ctrl-C, once and twice, sent to the running command with the sample weights: what it keeps, and what it prints."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.support.processes import QUICK, clip, running_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way on Windows")


def done(manifest: Path) -> list[str]:
    """Return the names of the recordings that are done according to a manifest."""
    lines = [json.loads(line) for line in manifest.read_text().splitlines() if line]
    return [Path(line["input"]).name for line in lines if line["status"] == "done"]


@pytest.mark.parametrize(
    ("stage", "before", "settings"),
    [
        ("transcription", ("speech",), QUICK),
        pytest.param("segmentation", ("speech",), (), marks=pytest.mark.long),
        pytest.param("transcription", ("speech", "segmentation"), (), marks=pytest.mark.long),
        pytest.param("alignment", ("speech", "segmentation", "transcription"), (), marks=pytest.mark.long),
        pytest.param(
            "diarization", ("speech", "segmentation", "transcription", "alignment"), (), marks=pytest.mark.long
        ),
    ],
)
def test_an_interrupted_run_continues(
    tmp_path: Path, live_cache: Path, stage: str, before: tuple[str, ...], settings: tuple[str, ...]
) -> None:
    """Ctrl-C exits with 130 and no output; the same command again finds the completed stages and succeeds."""
    start = 20.0 + len(before)  # another recording each time
    command = ("run", str(clip(tmp_path / "talk.wav", start, 6)), "-o", str(tmp_path / "out"), "-f", "json", *settings)
    with running_command(live_cache, *command) as run:
        run.until("stage", stage=stage)
        run.interrupt()
        assert run.end() == 130
    assert run.messages[-1] == "interrupted: run the same command again to continue from here"
    assert run.events[-1]["status"] == "interrupted"
    assert not list((tmp_path / "out").iterdir())
    with running_command(live_cache, *command) as again:
        assert again.end() == 0
    for name in before:  # one event, which reports it as cached
        assert [event["done"] for event in again.events if event.get("stage") == name] == [1.0]
    assert again.events[-1]["outputs"] == [str(tmp_path / "out" / "talk.json")]


@pytest.mark.long
def test_nothing_is_kept_without_a_cache(tmp_path: Path, live_cache: Path) -> None:
    """Two Ctrl-C end the command at once with 130; nothing is stored, and the message says so."""
    command = ("run", str(clip(tmp_path / "talk.wav", 10, 6)), "-o", str(tmp_path / "out"), "--no-cache")
    before = list(live_cache.glob("stages/*"))
    with running_command(live_cache, *command) as run:
        run.until("stage", stage="speech")
        run.interrupt(times=2)
        assert run.end() == 130
    assert run.messages == ["interrupted: nothing was stored; the same command starts from the beginning"]
    assert list(live_cache.glob("stages/*")) == before


@pytest.mark.parametrize(
    ("number", "presses"),
    [
        (signal.SIGINT, (1,)),
        pytest.param(signal.SIGINT, (1, 2), marks=pytest.mark.long),
        pytest.param(signal.SIGTERM, (1,), marks=pytest.mark.long),
    ],
)
def test_an_interrupted_batch_continues(
    tmp_path: Path, live_cache: Path, number: signal.Signals, presses: tuple[int, ...]
) -> None:
    """A batch that is interrupted, by one or two Ctrl-C or SIGTERM, keeps what is done; the next one skips it."""
    for name, start in (("a.wav", 2), ("b.wav", 16.5)):
        clip(tmp_path / "in" / name, start, 4)
    manifest = tmp_path / "out" / "meetscribe.manifest.jsonl"
    command = ("run", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "-f", "json", *QUICK)
    for times in presses:
        with running_command(live_cache, *command) as run:
            run.until("stage", input=str(tmp_path / "in" / "b.wav"))
            run.interrupt(times, number)
            assert run.end() == 128 + number
        assert "stopping" in {event["event"] for event in run.events}
        assert run.messages[-1] == "interrupted: run the same command again to process the remaining recordings"
        assert not any("Traceback" in line for line in run.messages)
        assert done(manifest) == ["a.wav"]
        assert (tmp_path / "out" / "a.json").exists() and not (tmp_path / "out" / "b.json").exists()
    assert ("skip" in {event["event"] for event in run.events}) == (len(presses) > 1)


@pytest.mark.long
def test_ctrl_c_as_a_worker_starts(tmp_path: Path, live_cache: Path) -> None:
    """A batch that is interrupted at its start reports no failure and records nothing."""
    command = ("run", str(clip(tmp_path / "in" / "a.wav", 2, 4)), "--force", "-o", str(tmp_path / "out"), *QUICK)
    with running_command(live_cache, *command) as run:
        run.until("begin")
        run.interrupt()
        assert run.end() == 130
    assert not any(line.startswith("error") or "Traceback" in line for line in run.messages)
    assert {event["status"] for event in run.events if event["event"] == "end"} == {"interrupted"}
    assert not (tmp_path / "out" / "meetscribe.manifest.jsonl").exists()
