"""Ctrl-C, once and twice, sent to the command at work over the samples' weights: what it leaves, and what it says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support.live import QUICK, clip, live

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")


def done(manifest: Path) -> list[str]:
    """The names of the recordings that a manifest says are done."""
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
def test_a_run_goes_on_where_ctrl_c_stopped_it(
    tmp_path: Path, live_cache: Path, stage: str, before: tuple[str, ...], settings: tuple[str, ...]
) -> None:
    """Exit code 130, no output; the same command again finds what was done by then, and ends well."""
    start = 20.0 + len(before)  # another recording each time
    command = ("run", str(clip(tmp_path / "talk.wav", start, 6)), "-o", str(tmp_path / "out"), "-f", "json", *settings)
    with live(live_cache, *command) as run:
        run.until("stage", stage=stage)
        run.interrupt()
        assert run.end() == 130
    assert run.said[-1] == "interrupted: the same command again goes on from here"
    assert run.events[-1]["status"] == "interrupted"
    assert not list((tmp_path / "out").iterdir())
    with live(live_cache, *command) as again:
        assert again.end() == 0
    for name in before:  # told once, as being there
        assert [event["done"] for event in again.events if event.get("stage") == name] == [1.0]
    assert again.events[-1]["outputs"] == [str(tmp_path / "out" / "talk.json")]


def test_without_a_cache_nothing_is_promised(tmp_path: Path, live_cache: Path) -> None:
    """Ctrl-C twice ends at once with 130; nothing is kept, and that is what is said."""
    command = ("run", str(clip(tmp_path / "talk.wav", 10, 6)), "-o", str(tmp_path / "out"), "--no-cache")
    before = list(live_cache.glob("stages/*"))
    with live(live_cache, *command) as run:
        run.until("stage", stage="speech")
        run.interrupt(times=2)
        assert run.end() == 130
    assert run.said == ["interrupted: nothing is kept, as run.cache is off; the same command again begins anew"]
    assert list(live_cache.glob("stages/*")) == before


def test_a_batch_keeps_what_is_done(tmp_path: Path, live_cache: Path) -> None:
    """Of a batch that was interrupted, once or twice, what was done by then is done, and the rest is left."""
    for name, start in (("a.wav", 2), ("b.wav", 16.5)):
        clip(tmp_path / "in" / name, start, 4)
    manifest = tmp_path / "out" / "meetscribe.manifest.jsonl"
    command = ("run", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "-f", "json", *QUICK)
    for times in (1, 2):
        with live(live_cache, *command) as run:
            run.until("stage", input=str(tmp_path / "in" / "b.wav"))
            run.interrupt(times)
            assert run.end() == 130
        assert run.said[0].startswith("stopping where nothing is lost")
        assert run.said[-1] == "interrupted: the same command again does what is left"
        assert not any("Traceback" in line for line in run.said)
        assert done(manifest) == ["a.wav"]
        assert (tmp_path / "out" / "a.json").exists() and not (tmp_path / "out" / "b.json").exists()
    assert "skip" in {event["event"] for event in run.events}


def test_ctrl_c_as_a_worker_starts(tmp_path: Path, live_cache: Path) -> None:
    """A batch that is interrupted as it begins has not failed at anything."""
    command = ("run", str(clip(tmp_path / "in" / "a.wav", 2, 4)), "--force", "-o", str(tmp_path / "out"), *QUICK)
    with live(live_cache, *command) as run:
        run.until("begin")
        run.interrupt()
        assert run.end() == 130
    assert not any(line.startswith("error") or "Traceback" in line for line in run.said)
    assert run.events[-1]["status"] == "interrupted"
    assert not (tmp_path / "out" / "meetscribe.manifest.jsonl").exists()
