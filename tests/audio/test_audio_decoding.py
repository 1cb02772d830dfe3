"""Recordings of every common kind become 16 kHz mono, and what cannot be read says why."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.errors import InputError
from meetscribe.timeline import Span

KINDS = {
    "wav": ("pcm_s16le", 44_100),
    "w64": ("pcm_s24le", 48_000),
    "aiff": ("pcm_s16be", 44_100),
    "flac": ("flac", 48_000),
    "mp3": ("libmp3lame", 44_100),
    "aac": ("aac", 48_000),
    "m4a": ("aac", 44_100),
    "ogg": ("libopus", 48_000),
    "opus": ("libopus", 48_000),
    "webm": ("libopus", 48_000),
    "mp4": ("aac", 48_000),
    "mov": ("aac", 48_000),
    "mkv": ("flac", 22_050),
}
SECONDS = 3.0


def tone(rate: int, channels: int, seconds: float = SECONDS, level: float = 0.5) -> npt.NDArray[np.float64]:
    """A 440 Hz tone in every channel, (channels, frames)."""
    return np.tile(level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate), (channels, 1))


def write(
    path: Path,
    signal: npt.NDArray[np.float64],
    codec: str = "pcm_s16le",
    rate: int = 16_000,
    video: bool = False,
    skip: tuple[float, float] | None = None,
) -> Path:
    """A file with the signal as sound; `skip` leaves out a stretch, whose time passes all the same."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(signal)]
    with av.open(path, "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, layout=layout)
        if video:
            picture = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p")
            for number in range(10):
                frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 5)
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        for start in range(0, signal.shape[1], 960):
            if skip and skip[0] <= start / rate < skip[1]:
                continue
            block = np.ascontiguousarray(signal[:, start : start + 960].astype(np.float32))
            sound = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            sound.sample_rate, sound.pts, sound.time_base = rate, start, Fraction(1, rate)
            container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path


def pitch(samples: npt.NDArray[np.float32]) -> float:
    """The strongest frequency, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(samples))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one recording of each kind."""
    folder = tmp_path_factory.mktemp("recordings")
    for suffix, (codec, rate) in KINDS.items():
        write(folder / f"tone.{suffix}", tone(rate, 2), codec, rate)
    return folder


@pytest.mark.parametrize("suffix", KINDS)
def test_every_kind_is_decoded(recordings: Path, suffix: str) -> None:
    """Length, pitch and level survive, in 16 kHz mono float32."""
    path = recordings / f"tone.{suffix}"
    audio = load_audio(path)
    samples = audio.samples[:]
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert audio.duration == pytest.approx(SECONDS, abs=0.06)  # a codec may add a block
    assert pitch(samples) == pytest.approx(440, abs=1)
    assert 0.45 < np.abs(samples).max() < 0.55
    assert audio.name == path.name
    assert audio.hash == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    assert audio.warnings == ()


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_loud_channels_do_not_clip(tmp_path: Path, channels: int) -> None:
    """Full channels in step are mixed to full level, not beyond it."""
    audio = load_audio(write(tmp_path / "loud.wav", tone(16_000, channels, level=0.99)))
    assert np.abs(audio.samples[:]).max() == pytest.approx(0.99, abs=0.01)
    assert np.abs(np.diff(audio.samples[:])).max() < 0.2  # a clipped tone has corners


def test_no_channel_is_lost(tmp_path: Path) -> None:
    """Who speaks on one channel of a call only is heard."""
    signal = tone(16_000, 2)
    signal[0] = 0
    audio = load_audio(write(tmp_path / "call.wav", signal))
    assert np.abs(audio.samples[:]).max() == pytest.approx(0.25, abs=0.01)


def test_the_sound_of_a_video(tmp_path: Path) -> None:
    """A video's sound is decoded like any other."""
    audio = load_audio(write(tmp_path / "talk.mp4", tone(48_000, 2), "aac", 48_000, video=True))
    assert audio.duration == pytest.approx(SECONDS, abs=0.06)
    assert audio.warnings == ()


def test_a_pause_in_the_timestamps_is_silence(tmp_path: Path) -> None:
    """What follows a gap keeps its time, and the gap is said."""
    audio = load_audio(write(tmp_path / "gap.mkv", tone(16_000, 1), "pcm_s16le", skip=(1.0, 2.0)))
    assert audio.duration == pytest.approx(SECONDS, abs=0.1)
    assert np.abs(audio.slice(Span(1.1, 1.9))).max() == 0
    assert np.abs(audio.slice(Span(2.1, 2.9))).max() == pytest.approx(0.5, abs=0.01)
    assert any("1.0 s" in warning and "silence" in warning for warning in audio.warnings)


def test_sound_that_starts_late_keeps_its_time(tmp_path: Path) -> None:
    """Silence stands for the time before the first sound of a video."""
    path = write(tmp_path / "late.mkv", tone(16_000, 1), "pcm_s16le", video=True, skip=(0.0, 1.0))
    audio = load_audio(path)
    assert audio.duration == pytest.approx(SECONDS, abs=0.1)
    assert np.abs(audio.slice(Span(0, 0.9))).max() == 0
    assert audio.warnings == ()


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "mp3", "aac", "ogg", "opus", "webm", "mkv"])
def test_what_is_cut_off_is_kept_and_said(recordings: Path, tmp_path: Path, suffix: str) -> None:
    """The first part of a recording that breaks off is read, with a warning."""
    data = (recordings / f"tone.{suffix}").read_bytes()
    path = tmp_path / f"half.{suffix}"
    path.write_bytes(data[: len(data) // 2 + 7])
    audio = load_audio(path)
    assert 0.3 < audio.duration < SECONDS * 0.8
    assert pitch(audio.samples[:]) == pytest.approx(440, abs=3)
    assert len(audio.warnings) == 1


def test_damage_in_the_middle_is_left_out_and_said(recordings: Path, tmp_path: Path) -> None:
    """What follows damage keeps its time."""
    data = bytearray((recordings / "tone.mp4").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = np.random.default_rng(0).bytes(1500)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    audio = load_audio(path)
    assert audio.duration == pytest.approx(SECONDS, abs=0.1)
    assert audio.warnings


def test_progress_rises_to_one(recordings: Path) -> None:
    """Progress never falls and ends at 1."""
    seen: list[float] = []
    load_audio(recordings / "tone.flac", seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 3


def empty(folder: Path) -> Path:
    """A file of no bytes."""
    (folder / "empty.wav").touch()
    return folder / "empty.wav"


def text(folder: Path) -> Path:
    """A text that calls itself a recording."""
    (folder / "notes.wav").write_text("Minutes of the meeting\n" * 50)
    return folder / "notes.wav"


def playlist(folder: Path) -> Path:
    """A list of addresses, which FFmpeg would open."""
    write(folder / "real.aac", tone(16_000, 1), "aac")
    (folder / "list.mp3").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\n{folder}/real.aac\n")
    return folder / "list.mp3"


def concatenation(folder: Path) -> Path:
    """A script that names another file, which FFmpeg would open."""
    write(folder / "real.wav", tone(16_000, 1))
    (folder / "list.wav").write_text(f"ffconcat version 1.0\nfile {folder}/real.wav\n")
    return folder / "list.wav"


def silent_film(folder: Path) -> Path:
    """A video without sound."""
    with av.open(folder / "film.mp4", "w") as container:
        picture = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p")
        container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(picture.encode(None))
    return folder / "film.mp4"


def no_samples(folder: Path) -> Path:
    """A recording that was stopped before it began."""
    with wave.open(str(folder / "none.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
    return folder / "none.wav"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "gone.wav", "no such file"),
        (lambda folder: folder, "directory"),
        (empty, "empty"),
        (text, "not a recording"),
        (playlist, "not a recording"),
        (concatenation, "not a recording"),
        (silent_film, "no audio track"),
        (no_samples, "no sound"),
        (lambda folder: "https://example.org/meeting.mp3", "address"),
        (lambda folder: "file:///etc/hostname", "address"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, make: Callable[[Path], Path | str], says: str) -> None:
    """Each kind of failure has its message and a remedy."""
    with pytest.raises(InputError, match=says) as caught:
        load_audio(make(tmp_path))
    assert caught.value.remedy


def test_a_slice_is_cut_to_the_recording() -> None:
    """A slice holds the samples of its span, as far as there are any."""
    audio = Audio(np.arange(32_000, dtype=np.float32), "x", "sha256:0")
    assert audio.duration == 2.0
    assert audio.slice(Span(0.5, 1.0)).tolist() == list(range(8_000, 16_000))
    assert len(audio.slice(Span(1.5, 9.0))) == 8_000
    assert len(audio.slice(Span(5.0, 9.0))) == 0
