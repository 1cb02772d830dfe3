"""The folder of a session holds all audio and events, whatever happens to the process."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import load_audio
from meetscribe.errors import InputError, OutputError, SettingsError
from meetscribe.live import events
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.recording.session_file import read_session_file
from meetscribe.transcript import Word

RATE = 16_000


def chunk(second: float, seconds: float = 1.0, channels: int = 1) -> AudioChunk:
    """Return a chunk whose samples tell their place in the recording."""
    start, frames = round(second * RATE), round(seconds * RATE)
    numbers = np.arange(start, start + frames) % 30_000 + 1
    return AudioChunk(start, np.repeat(numbers[:, None] / np.float32(32_768), channels, axis=1).astype(np.float32))


def record(folder: Path, seconds: int) -> FolderRecorder:
    recorder = FolderRecorder.start(folder, 1, "test")
    for second in range(seconds):
        recorder.write(chunk(second))
    return recorder


def test_a_session_is_recorded_paused_and_stopped(tmp_path: Path) -> None:
    """State, audio and events are on disk at every moment."""
    recorder = record(tmp_path / "s", 2)
    recorder.log(events.state("recording").published(1, 2.0))
    assert (recorder.saved, recorder.next_frame, recorder.unsaved_from) == (2.0, 2 * RATE, None)
    assert read_session_file(tmp_path / "s").state == recorder.state == "recording"
    recorder.change("pause")
    assert read_session_file(tmp_path / "s").state == "paused"
    recorder.change("stop")
    recorder.change("flush")
    recorder.close()
    recorder.close()
    assert read_session_file(tmp_path / "s").state == "live-final"
    assert np.array_equal(recorder.read(RATE, 2 * RATE), chunk(1).samples)
    assert load_audio(tmp_path / "s").duration == 2.0


def test_a_folder_is_recorded_by_one_process_only(tmp_path: Path) -> None:
    """A second recorder, and a folder with other content, are refused."""
    recorder = record(tmp_path / "s", 1)
    with pytest.raises(OutputError, match="another process"):
        FolderRecorder.resume(tmp_path / "s")
    recorder.close()
    with pytest.raises(OutputError, match="not empty") as caught:
        FolderRecorder.start(tmp_path / "s", 1, "test")
    assert "--resume" in caught.value.remedy
    with pytest.raises(InputError, match="not the folder of a live session"):
        FolderRecorder.resume(tmp_path)


def test_labels_must_fit_the_channels(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"2 labels \(me, them\) for 1 channels"):
        FolderRecorder.start(tmp_path / "s", 1, "test", channel_speakers=("me", "them"))
    assert not (tmp_path / "s").exists()


def test_a_resumed_session_continues_after_its_last_audio(tmp_path: Path) -> None:
    """Time goes on where it stopped, events keep their numbers, and the transcript is there."""
    recorder = record(tmp_path / "s", 3)
    words = [Word("hello", 1.0, 1.5)]
    recorder.log(events.commit("a", 0, words).published(1, 2.5))
    recorder.close()

    resumed = FolderRecorder.resume(tmp_path / "s")
    assert (resumed.state, resumed.next_frame, resumed.saved) == ("recording", 3 * RATE, 3.0)
    assert (resumed.transcript.seq, [word.text for word in resumed.transcript.words]) == (1, ["hello"])
    resumed.write(chunk(3))
    resumed.close()
    audio = load_audio(tmp_path / "s")
    assert np.array_equal(audio.samples[:], np.concatenate([chunk(second).samples[:, 0] for second in range(4)]))
    assert not audio.notices


def test_time_does_not_go_back_if_audio_was_lost(tmp_path: Path) -> None:
    """Events that refer to audio after the last saved one keep their times, and the lost audio is silent."""
    recorder = record(tmp_path / "s", 1)
    recorder.log(events.mark(1.0).published(1, 3.0))
    recorder.close()
    resumed = FolderRecorder.resume(tmp_path / "s")
    assert resumed.next_frame == 3 * RATE
    resumed.write(chunk(3))
    resumed.close()
    audio = load_audio(tmp_path / "s")
    assert audio.duration == 4.0 and not audio.samples[RATE : 3 * RATE].any()
    assert [dict(notice.data) for notice in audio.notices] == [{"seconds": 2.0}]


def test_a_full_disk_is_reported_once_and_saving_goes_on_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the second; transcription is not stopped by later chunks; the gap is silent."""
    recorder, real, full = record(tmp_path / "s", 2), os.write, [True]

    def write(handle: int, data: bytes) -> int:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OutputError, match=r"not saved from 2.0 s on: No space"):
        recorder.write(chunk(2))
    with pytest.raises(OutputError, match="not saved from"):
        recorder.log(events.mark(2.0).published(1, 3.0))
    for second in range(3, 9):
        recorder.write(chunk(second))
        recorder.log(events.mark(second).published(second, second))
    assert (recorder.unsaved_from, recorder.saved) == (2.0, 2.0)
    full[0] = False
    for second in range(9, 16):
        recorder.write(chunk(second))
    recorder.close()

    audio = load_audio(tmp_path / "s")
    assert recorder.unsaved_from is None
    assert audio.duration == 16.0 and audio.samples[14 * RATE :].all()
    assert [notice.code for notice in audio.notices] == ["audio.gaps"]


CRASH = """
import sys, numpy as np
from pathlib import Path
from meetscribe.live import events
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recording.recorder import FolderRecorder
folder = Path(sys.argv[1])
recorder = FolderRecorder.resume(folder) if folder.exists() else FolderRecorder.start(folder, 1, "test")
start, seq = recorder.next_frame, recorder.transcript.seq
while True:
    numbers = (np.arange(start, start + 1600) % 30_000 + 1) / np.float32(32_768)
    recorder.write(AudioChunk(start, numbers.astype(np.float32)[:, None]))
    start, seq = start + 1600, seq + 1
    recorder.log(events.mark(start / 16_000).published(seq, start / 16_000))
    print(start, flush=True)
"""


def killed(folder: Path, lines: int) -> int:
    """Record in another process, kill it after some chunks, and return the frames that it had reported as written."""
    with subprocess.Popen([sys.executable, "-c", CRASH, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reported = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        reported += process.stdout.readlines()
    return int([line for line in reported if line.endswith("\n")][-1])


def test_a_killed_process_loses_nothing_it_had_written(tmp_path: Path) -> None:
    """After kill -9 every reported chunk is on disk, in a folder that can be resumed and transcribed."""
    for lines in (3, 40):
        written = killed(tmp_path / "s", lines)
        audio = load_audio(tmp_path / "s")
        numbers = np.arange(len(audio.samples)) % 30_000 + 1
        assert read_session_file(tmp_path / "s").state == "interrupted"
        assert len(audio.samples) >= written
        assert np.array_equal(audio.samples[:], (numbers / np.float32(32_768)).astype(np.float32))


@pytest.mark.long
def test_fifty_kills_lose_nothing_that_was_written(tmp_path: Path) -> None:
    """A session that is killed and resumed fifty times has every chunk that was reported as written, at its place."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        written = killed(tmp_path / "s", int(rng.integers(1, 80)))
        audio = load_audio(tmp_path / "s")
        numbers = np.arange(len(audio.samples)) % 30_000 + 1
        assert len(audio.samples) >= written
        assert np.array_equal(audio.samples[:], (numbers / np.float32(32_768)).astype(np.float32))
    resumed = FolderRecorder.resume(tmp_path / "s")
    assert len(resumed.transcript.marks) == resumed.transcript.seq
    resumed.close()
