"""Invalid inputs: a message and an exit code, never a traceback; in a real process unless models would be loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from meetscribe.cli.application import application
from meetscribe.errors import InputError
from meetscribe.formats import files
from meetscribe.transcript import Transcript


@pytest.fixture
def whisper(place: Path) -> Path:
    """A directory that looks like a Whisper model for CTranslate2; it is never loaded."""
    directory = place.parent / "whisper"
    directory.mkdir()
    (directory / "config.json").write_text("{}")
    (directory / "model.bin").write_bytes(b"no model")
    return directory


@dataclass(frozen=True, slots=True)
class Finished:
    """The exit code and the output of a command."""

    returncode: int
    stdout: str
    stderr: str


def meetscribe(*arguments: str) -> Finished:
    """Run `meetscribe` with these arguments in a process."""
    command = [sys.executable, "-m", "meetscribe", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return Finished(done.returncode, done.stdout, done.stderr)


def call(*arguments: str) -> Finished:
    """Run `meetscribe` with these arguments in this process; an unexpected exception fails the test."""
    done = CliRunner().invoke(application, arguments, prog_name="meetscribe")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return Finished(done.exit_code, done.stdout, done.stderr)


def run(recording: str, whisper: Path, *arguments: str, in_process: bool = False) -> Finished:
    """Run `meetscribe run` without alignment and diarization, which these recordings do not reach.

    Detecting speech imports torch, which takes a new process many seconds.
    """
    flags = ["--model", str(whisper), "--no-align", "--no-diarize", "--device", "cpu", "--offline"]
    arguments = ("run", recording, "-o", "out", *flags, *arguments)
    return call(*arguments) if in_process else meetscribe(*arguments)


def wav(path: Path, samples: np.ndarray) -> None:
    """Write samples in [-1, 1] at 16 000 Hz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def video(path: Path, sound: bool) -> None:
    """Write one second of MP4 video, with or without audio."""
    import av

    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=10)
        pictures.width = pictures.height = 64
        pictures.pix_fmt = "yuv420p"
        noise = container.add_stream("aac", rate=16_000) if sound else None
        for _ in range(10):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), format="rgb24")
            container.mux(pictures.encode(picture))
        if noise is not None:
            samples = np.random.default_rng(0).normal(0, 0.1, (1, 16_000)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate = 16_000
            container.mux(noise.encode(frame))
            container.mux(noise.encode(None))
        container.mux(pictures.encode(None))


def truncated_mp4(path: Path) -> None:
    """Write the first half of an MP4 file, without the index at its end."""
    video(path, sound=True)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


BAD: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "missing.wav": (lambda path: None, 3, "no such file: missing.wav"),
    "folder": (Path.mkdir, 3, "there are no recordings in folder"),
    "empty.wav": (Path.touch, 3, "empty.wav is empty"),
    "text.wav": (lambda path: path.write_text("Dear all,\n" * 100), 3, "text.wav is not a recording"),
    "truncated.mp4": (truncated_mp4, 3, "truncated.mp4 is not a recording that can be read"),
    "silent.mp4": (lambda path: video(path, sound=False), 3, "silent.mp4 has no sound"),
    "click.wav": (lambda path: wav(path, np.full(800, 0.5)), 5, "there is no speech in click.wav"),
    "silence.wav": (lambda path: wav(path, np.zeros(48_000)), 5, "there is no speech in silence.wav"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_recordings_are_explained(name: str, place: Path, whisper: Path) -> None:
    """The error names the problem and a remedy; nothing is written or printed on stdout."""
    make, code, message = BAD[name]
    make(place / name)
    done = run(name, whisper, in_process=name not in ("missing.wav", "text.wav"))
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    error = [line for line in done.stderr.splitlines() if " …" not in line and " done in " not in line]
    assert error[0].startswith(f"error: {message}")
    assert len(error) > 1, "what is to be done is missing"
    assert not (place / "out").exists() or not any((place / "out").iterdir())


UNUSUAL = b"--help\n\x1b[2J\x07 caf\xe9.wav"
"""A file name with dashes, a line break, control characters and invalid UTF-8."""


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be there")
def test_an_unusual_file_name_is_processed(place: Path, whisper: Path) -> None:
    wav(place / os.fsdecode(UNUSUAL), np.zeros(16_000))
    arguments = ["-o", "out", "-f", "json,srt", "--allow-empty", "--model", str(whisper)]
    arguments += ["--no-align", "--no-diarize", "--device", "cpu", "--offline", "--", os.fsdecode(UNUSUAL)]
    done = call("run", *arguments)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stderr
    made = {os.fsencode(path.name) for path in (place / "out").iterdir()}
    assert made == {UNUSUAL[:-4] + b".json", UNUSUAL[:-4] + b".srt"}


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be there")
def test_an_unusual_file_name_is_printed_safely(place: Path, whisper: Path) -> None:
    (place / os.fsdecode(UNUSUAL)).write_text("no sound")
    command = [sys.executable, "-m", "meetscribe", "run", "--model", str(whisper), "--no-diarize", "--offline", "--"]
    done = subprocess.run([*map(os.fsencode, command), UNUSUAL], capture_output=True, check=False, timeout=300)
    assert done.returncode == 3, done.stderr
    assert b"is not a recording that can be read" in done.stderr
    assert b"Traceback" not in done.stderr and b"\x1b" not in done.stderr and b"\x07" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("name", ["pipe.wav", "/dev/zero"])
def test_special_files_are_rejected(name: str, place: Path, whisper: Path) -> None:
    """A pipe or a device is rejected before any stage, without waiting for it."""
    os.mkfifo(place / "pipe.wav")
    done = run(name, whisper)
    assert done.returncode == 3, done.stderr
    assert "is not a regular file" in done.stderr and "…" not in done.stderr


def test_an_endless_transcript_is_rejected(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading from an endless device stops at the size limit of transcripts."""
    if not Path("/dev/zero").exists():
        pytest.skip("there is no such device")
    monkeypatch.setattr(files, "TRANSCRIPT_BYTES", 1_000_000)
    with pytest.raises(InputError, match="larger than 1 MB"):
        files.load("/dev/zero")


def test_a_track_is_chosen_by_its_number(place: Path, whisper: Path) -> None:
    """--stream selects a track; the error for an invalid number lists the tracks."""
    wav(place / "a.wav", np.zeros(16_000))
    assert run("a.wav", whisper, "--allow-empty", "--stream", "1", in_process=True).returncode == 0
    done = run("a.wav", whisper, "--allow-empty", "--stream", "2")
    assert done.returncode == 3, done.stderr
    assert "a.wav has no audio track 2\nIt has 1: pcm_s16le mono." in done.stderr


def test_silence_gives_an_empty_transcript_if_allowed(place: Path, whisper: Path) -> None:
    """With --allow-empty all six files are written and valid, and the exit code is 0."""
    wav(place / "silence.wav", np.zeros(48_000))
    done = run("silence.wav", whisper, "--allow-empty", in_process=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "warning: there is no speech in silence.wav" in done.stderr
    transcript = Transcript.load(place / "out" / "silence.json")
    assert (transcript.segments, transcript.duration) == ((), 3.0)
    assert len(list((place / "out").iterdir())) == 6


def test_missing_weights_are_an_error_before_any_stage(place: Path) -> None:
    """The exit code is 4, and the error names every missing model and how to get it."""
    wav(place / "a.wav", np.zeros(16_000))
    done = meetscribe("a.wav", "--offline", "--device", "cpu", "--language", "de")
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("weights …\nerror: 3 models are missing\n")
    for part in ("faster-whisper-small", "german", "wespeaker", "without --offline", "meetscribe weights pull"):
        assert part in done.stderr
    assert [path.name for path in place.iterdir()] == ["a.wav"]


def test_a_broken_model_is_explained(place: Path, whisper: Path) -> None:
    """Weights that cannot be loaded give exit code 4 as well."""
    speech = Path(__file__).parents[2] / "samples" / "standup.flac"
    if not speech.is_file():
        pytest.skip("the samples are not here")
    done = run(str(speech), whisper, "--asr", "faster-whisper", in_process=True)
    assert done.returncode == 4, done.stderr
    assert "is not a Whisper model for CTranslate2: it has no tokenizer.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unwritable_folder_is_an_error_before_any_stage(place: Path, whisper: Path) -> None:
    """The output folder is checked before any stage."""
    wav(place / "a.wav", np.zeros(16_000))
    done = meetscribe("run", "a.wav", "-o", "a.wav/below", "--model", str(whisper))
    assert done.returncode == 3
    assert done.stderr.startswith("error: a.wav/below is not writable")
    assert "…" not in done.stderr


def test_native_json_is_portable(place: Path, whisper: Path) -> None:
    """The native JSON is valid JSON and contains no path of this machine."""
    wav(place / "silence.wav", np.zeros(16_000))
    assert run("silence.wav", whisper, "--allow-empty", "-f", "json", in_process=True).returncode == 0
    text = (place / "out" / "silence.json").read_text(encoding="utf-8")
    assert json.loads(text)["made_by"]["settings"]["asr"] == {"model": "whisper"}
    assert str(place.parent) not in text
