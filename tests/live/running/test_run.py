"""A run records, writes its files, can be stopped, continued and refined."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from meetscribe import formats
from meetscribe.errors import InputError, OutputError
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recording import finishing
from meetscribe.live.recording.finishing import Outputs
from meetscribe.live.running import LiveModels, LiveRun, RunOptions, session_folder
from meetscribe.live.settings import LiveSettings
from meetscribe.live.sources import BlockSource
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser

MEETING = synthetic_meeting(speakers=2, turns=4, seed=6)
AUDIO = MEETING.audio().samples[:]
TEXTS = [word.text for word in MEETING.transcript.words]
MODELS = LiveModels(fake_live_recogniser(MEETING), None)


def options(place: Path, **changes: object) -> RunOptions:
    files = {"json": place / "talk.json", "srt": place / "talk.srt"}
    made = RunOptions(Settings(), LiveSettings(), Outputs(files), place / "session", refine=False, parts=FAKE_PARTS)
    return replace(made, **changes)  # type: ignore[arg-type]


def blocks(start: int = 0, end: int | None = None) -> Iterator[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    for position in range(start, end or len(AUDIO), 1600):
        yield AUDIO[position : min(position + 1600, end or len(AUDIO))]


def words(path: Path) -> list[str]:
    return [word.text for word in formats.load(path).words]


def test_a_source_becomes_files_and_a_recording(tmp_path: Path) -> None:
    run = LiveRun(options(tmp_path), MODELS, BlockSource(blocks()))
    run.record()
    transcript = run.finish()
    run.close()
    assert [word.text for word in transcript.words] == TEXTS == words(tmp_path / "talk.json")
    assert (tmp_path / "talk.srt").exists()
    assert transcript.language == "en"
    assert not run.refines
    assert run.session.transcript.state == "live-final"


def test_without_a_recording_only_files_remain(tmp_path: Path) -> None:
    run = LiveRun(options(tmp_path, folder=None, refine=True), MODELS, BlockSource(blocks()))
    run.record()
    run.finish()
    run.close()
    assert words(tmp_path / "talk.json") == TEXTS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["talk.json", "talk.srt"]
    assert not run.refines
    with pytest.raises(ValueError, match="recorded"):
        run.refine()


def test_a_stopped_run_keeps_what_was_said_and_continues(tmp_path: Path) -> None:
    """`stop` ends a source that never ends; --resume goes on at the frame where it stopped."""
    half = round(MEETING.transcript.segments[1].end * 16_000) + 1600
    endless = threading.Event()

    def waiting() -> Iterator[np.ndarray[tuple[int], np.dtype[np.float32]]]:
        yield from blocks(0, half)
        run.stop()
        endless.wait(5)

    run = LiveRun(options(tmp_path), MODELS, BlockSource(waiting()))
    run.record()
    run.finish()
    run.close()
    endless.set()
    resumed = LiveRun(options(tmp_path, resume=True), MODELS, BlockSource(blocks(half)))
    resumed.record()
    resumed.finish()
    resumed.close()
    assert words(tmp_path / "talk.json") == TEXTS


class SlowSource:
    """A source with audio that has arrived, but is read only after a fifth of a second."""

    name, channels, patient, pausable = "slow", 1, False, False

    def chunks(self) -> Iterator[AudioChunk]:
        time.sleep(0.2)
        yield AudioChunk(0, AUDIO[:, None])

    def close(self) -> None:
        """Keep the audio."""


def test_audio_that_has_arrived_is_transcribed_after_a_stop(tmp_path: Path) -> None:
    run = LiveRun(options(tmp_path), MODELS, SlowSource())
    run.stop()
    run.record()
    run.finish()
    run.close()
    assert words(tmp_path / "talk.json") == TEXTS


def test_a_run_is_refined_although_its_files_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"json": tmp_path / "missing" / "talk.json"}
    run = LiveRun(options(tmp_path, outputs=Outputs(files), refine=True), MODELS, BlockSource(blocks()))
    run.record()
    with pytest.raises(OutputError, match="talk.json"):
        run.finish()
    assert run.refines
    (tmp_path / "missing").mkdir()
    transcript = formats.load(tmp_path / "session" / "live.json")
    monkeypatch.setattr(finishing, "run_session", lambda *arguments: transcript)
    run.refine()
    run.close()
    assert words(files["json"]) == TEXTS


def test_an_error_of_the_source_keeps_what_came(tmp_path: Path) -> None:
    def broken() -> Iterator[np.ndarray[tuple[int], np.dtype[np.float32]]]:
        yield from blocks()
        raise InputError("the microphone was disconnected")

    run = LiveRun(options(tmp_path), MODELS, BlockSource(broken()))
    with pytest.raises(InputError, match="disconnected"):
        run.record()
    run.finish()
    run.close()
    assert words(tmp_path / "talk.json") == TEXTS


def test_folders_have_new_names(tmp_path: Path) -> None:
    now = datetime(2026, 11, 27, 8, 5)
    first = session_folder(tmp_path, "my talk?.wav", now)
    first.mkdir()
    assert first.name == "my-talk--2026-11-27-0805"
    assert session_folder(tmp_path, "my talk?.wav", now).name == f"{first.name}-2"
