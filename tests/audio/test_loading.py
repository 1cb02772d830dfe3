"""Recordings of every common kind are decoded to 16 kHz mono; see test_hostile_files for damaged ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.timeline import Span
from tests.support.notices import texts_of
from tests.support.recordings import KINDS, SECONDS, tone, write


def pitch(samples: npt.NDArray[np.float32]) -> float:
    """Return the strongest frequency in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(samples))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one recording of each kind."""
    folder = tmp_path_factory.mktemp("recordings")
    for suffix, (codec, rate) in KINDS.items():
        write(folder / f"tone.{suffix}", tone(rate, 2), codec, rate)
    return folder


@pytest.mark.parametrize("suffix", KINDS)
def test_every_kind_is_decoded(recordings: Path, suffix: str) -> None:
    """Length, pitch and level are preserved, in 16 kHz mono float32."""
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
    assert audio.notices == ()


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_loud_channels_do_not_clip(tmp_path: Path, channels: int) -> None:
    """Identical channels at full level are mixed to full level without clipping."""
    audio = load_audio(write(tmp_path / "loud.wav", tone(16_000, channels, level=0.99)))
    assert np.abs(audio.samples[:]).max() == pytest.approx(0.99, abs=0.01)
    assert np.abs(np.diff(audio.samples[:])).max() < 0.2  # a clipped tone has corners


def test_no_channel_is_lost(tmp_path: Path) -> None:
    """Sound on a single channel of a call is kept."""
    signal = tone(16_000, 2)
    signal[0] = 0
    audio = load_audio(write(tmp_path / "call.wav", signal))
    assert np.abs(audio.samples[:]).max() == pytest.approx(0.25, abs=0.01)


def test_the_sound_of_a_video(tmp_path: Path) -> None:
    """The sound of a video is decoded."""
    audio = load_audio(write(tmp_path / "talk.mp4", tone(48_000, 2), "aac", 48_000, video=True))
    assert audio.duration == pytest.approx(SECONDS, abs=0.06)
    assert audio.notices == ()


def test_a_pause_in_the_timestamps_is_silence(tmp_path: Path) -> None:
    """Sound after a gap keeps its time, and the gap is reported."""
    audio = load_audio(write(tmp_path / "gap.mkv", tone(16_000, 1), "pcm_s16le", skip=(1.0, 2.0)))
    assert audio.duration == pytest.approx(SECONDS, abs=0.1)
    assert np.abs(audio.slice(Span(1.1, 1.9))).max() == 0
    assert np.abs(audio.slice(Span(2.1, 2.9))).max() == pytest.approx(0.5, abs=0.01)
    assert any("1.0 s" in warning and "silence" in warning for warning in texts_of(audio.notices))


def test_pauses_of_a_phone_are_silence(tmp_path: Path) -> None:
    """AMR frames without speech are silence, not damage."""
    speech, pause = b"\x3c" + bytes(31), b"\x7c"
    path = tmp_path / "memo.amr"
    path.write_bytes(b"#!AMR\n" + 50 * speech + 50 * pause + 50 * speech)
    audio = load_audio(path)
    assert audio.duration == pytest.approx(SECONDS, abs=0.06)
    assert audio.notices == ()


def test_sound_that_starts_late_keeps_its_time(tmp_path: Path) -> None:
    """The time before the first sound of a video becomes silence."""
    path = write(tmp_path / "late.mkv", tone(16_000, 1), "pcm_s16le", video=True, skip=(0.0, 1.0))
    audio = load_audio(path)
    assert audio.duration == pytest.approx(SECONDS, abs=0.1)
    assert np.abs(audio.slice(Span(0, 0.9))).max() == 0
    assert audio.notices == ()


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "mp3", "aac", "ogg", "opus", "webm", "mkv"])
def test_truncated_recordings_are_read_with_a_warning(recordings: Path, tmp_path: Path, suffix: str) -> None:
    """The first part of a truncated recording is decoded, with a warning."""
    data = (recordings / f"tone.{suffix}").read_bytes()
    path = tmp_path / f"half.{suffix}"
    path.write_bytes(data[: len(data) // 2 + 7])
    audio = load_audio(path)
    assert 0.3 < audio.duration < SECONDS * 0.8
    assert pitch(audio.samples[:]) == pytest.approx(440, abs=3)
    assert len(audio.notices) == 1


def test_damaged_parts_are_left_out_with_a_warning(recordings: Path, tmp_path: Path) -> None:
    """Sound after a damaged part keeps its time."""
    data = bytearray((recordings / "tone.mp4").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = np.random.default_rng(0).bytes(1500)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    audio = load_audio(path)
    assert audio.duration == pytest.approx(SECONDS, abs=0.1)
    assert audio.notices


def test_progress_rises_to_one(recordings: Path) -> None:
    """Progress never falls and ends at 1."""
    seen: list[float] = []
    load_audio(recordings / "tone.flac", seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 3


def test_a_slice_is_clipped_to_the_recording() -> None:
    """A slice holds the samples of its span within the recording."""
    audio = Audio(np.arange(32_000, dtype=np.float32), "x", "sha256:0")
    assert audio.duration == 2.0
    assert audio.slice(Span(0.5, 1.0)).tolist() == list(range(8_000, 16_000))
    assert len(audio.slice(Span(1.5, 9.0))) == 8_000
    assert len(audio.slice(Span(5.0, 9.0))) == 0
